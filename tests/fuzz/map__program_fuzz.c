/* A program of map, with its grok patterns and regular expressions. */
#include <stdint.h>
#include <stdlib.h>

#include "cmd/map/program.h"
#include "common/base/alloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xstrndup((const char *)data, size);
	struct map_program p = {0};
	struct strbuf err = STRBUF_INIT;

	if (program_parse(&p, text, &err) < 0 && !err.len)
		abort();
	program_release(&p);
	strbuf_release(&err);
	free(text);
	return 0;
}
