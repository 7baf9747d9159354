/* The partitioning of a table: the printed form is read again, and printed in the same way. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/partition_by.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xstrndup((const char *)data, size);
	struct strbuf err = STRBUF_INIT, first = STRBUF_INIT, second = STRBUF_INIT;
	struct partition_by by, again;

	int r = partition_by_parse(&by, text, &err);
	if (r < 0 ? !err.len : err.len || !by.count)
		abort();
	if (r == 0) {
		partition_by_print(&by, &first);
		if (!partition_by_is(first.s) || partition_by_parse(&again, first.s, &err) < 0 ||
			again.count != by.count)
			abort();
		partition_by_print(&again, &second);
		if (strcmp(first.s, second.s) != 0)
			abort();
		for (size_t i = 0; i < by.count; i++)
			if (!*by.fields[i].column || strcmp(by.fields[i].column, again.fields[i].column) != 0)
				abort();
		partition_by_release(&again);
	}
	partition_by_release(&by);
	strbuf_release(&err);
	strbuf_release(&first);
	strbuf_release(&second);
	free(text);
	return 0;
}
