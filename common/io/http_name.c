/* Names of hosts that do not exist: see http_parts.h. */
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/alloc.h"
#include "common/io/http_parts.h"

/* A look-up, which runs in a thread of the C library. */
struct name_lookup {
	struct gaicb request;
	struct addrinfo hints;
	char name[];
};

static struct name_lookup *lookup_new(const char *name, size_t len)
{
	struct name_lookup *l = xcalloc(1, sizeof *l + len + 1);
	memcpy(l->name, name, len);
	l->hints.ai_socktype = SOCK_STREAM;
	l->request.ar_name = l->name;
	l->request.ar_request = &l->hints;
	return l;
}

bool http_name_unknown(const char *name, size_t len)
{
	const struct timespec limit = {1, 0};
	struct name_lookup *l = lookup_new(name, len);
	struct gaicb *list[] = {&l->request};
	int r = getaddrinfo_a(GAI_NOWAIT, list, 1, NULL);
	if (r == 0) {
		(void)gai_suspend((const struct gaicb *const *)list, 1, &limit);
		r = gai_error(&l->request);
		if (r == EAI_INPROGRESS && gai_cancel(&l->request) != EAI_CANCELED)
			return false; /* its thread still uses L, and nothing tells when it stops doing so */
	}
	if (l->request.ar_result)
		freeaddrinfo(l->request.ar_result);
	free(l);
	return r == EAI_NONAME || r == EAI_NODATA;
}
