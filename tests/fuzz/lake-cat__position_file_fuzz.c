/* Fuzz target: the file of lake-cat's --position-file: it is read as what it says, or refused with a reason. */
#include "cmd/lake-cat/position_file.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf err = STRBUF_INIT;
	struct position_file at = {.next = -7};
	int r = position_file_parse((const char *)data, size, "t", &at, &err);
	if (!r != !err.len || (r < 0 && at.next != -7))
		abort();
	if (r == 0 && (at.next < 0 || (at.last.known && (at.last.offset < 0 || at.last.ms < -1))))
		abort();
	strbuf_release(&err);
	return 0;
}
