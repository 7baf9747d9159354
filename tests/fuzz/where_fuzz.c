/* Fuzz target: places in a partition, as in --from (common/data/where_parse.h). */
#include "common/data/where_parse.h"

#include <stdlib.h>

#include "common/base/alloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s = xstrndup((const char *)data, size);
	struct strbuf err = STRBUF_INIT;
	struct where w = {WHERE_START, -1};
	int r = where_parse(s, 1700000000000, &w, &err);
	if (r < 0 ? w.n != -1 || !err.len : err.len)
		abort();
	if (r == 0 && w.kind != WHERE_STORED && w.kind != WHERE_TIME && where_offset(&w, 10, 20) < 0)
		abort();
	strbuf_release(&err);
	free(s);
	return 0;
}
