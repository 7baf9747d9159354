/* XML: any bytes are read or refused, with a reason; paths are not deeper and texts not longer than promised. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/io/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int element(void *arg, const char *path, const struct strbuf *text)
{
	size_t depth = 1;
	for (const char *p = path; (p = strchr(p, '/')); p++)
		depth++;
	if (depth > 32 || !*path || text->len > 1 << 20 || text->s[text->len])
		abort();
	++*(size_t *)arg;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf err = STRBUF_INIT;
	size_t count = 0;
	int r = xml_read((const char *)data, size, element, &count, &err);
	if (r == 0 ? !count || err.len : r != -EBADMSG || !err.len)
		abort();
	strbuf_release(&err);
	return 0;
}
