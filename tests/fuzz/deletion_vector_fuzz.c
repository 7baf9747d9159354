/* Deletion vectors: any bytes are a vector or refused.  What is accepted has as many rows as it says, all in the file.
 */
#include "common/lake/deletion_vector.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf err = STRBUF_INIT;
	struct deletion_vector v;
	uint64_t rows = size ? (uint64_t)data[0] << 12 : 0, counted = 0;
	if (size && deletion_vector_parse(data + 1, size - 1, rows, &v, &err) == 0) {
		for (uint64_t row = 0; row < rows; row++)
			counted += deletion_vector_has(&v, row);
		if (counted != v.rows || deletion_vector_has(&v, rows))
			abort();
		deletion_vector_release(&v);
	} else if (size && !err.len) {
		abort();
	}
	strbuf_release(&err);
	return 0;
}
