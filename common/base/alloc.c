/* Allocation that cannot fail: see alloc.h. */
#include "common/base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/diag.h"

static void *or_die(void *p, size_t size)
{
	if (!p)
		die(EXIT_TEMP, "out of memory (%zu bytes wanted)", size);
	return p;
}

void *xmalloc(size_t size)
{
	return or_die(malloc(size ? size : 1), size);
}

void *xcalloc(size_t count, size_t size)
{
	return or_die(calloc(count ? count : 1, size ? size : 1), count * size);
}

void *xreallocarray(void *p, size_t count, size_t size)
{
	return or_die(reallocarray(p, count ? count : 1, size ? size : 1), count * size);
}

void *xroom(void *p, size_t count, size_t size)
{
	return count & (count - 1) ? p : xreallocarray(p, count ? 2 * count : 1, size);
}

void *xaligned(size_t align, size_t count, size_t size)
{
	void *p = NULL;
	if (size && count > (SIZE_MAX - align) / size)
		return or_die(NULL, SIZE_MAX);
	if (posix_memalign(&p, align, count && size ? count * size : 1))
		p = NULL;
	return or_die(p, count * size);
}

char *xstrndup(const char *s, size_t len)
{
	char *copy = xmalloc(len + 1);
	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

char *xstrdup(const char *s)
{
	return xstrndup(s, strlen(s));
}
