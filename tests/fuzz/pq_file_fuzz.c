/* Parquet files: whatever the bytes are, neither the reader nor the conversion to a schema crashes or trusts sizes. */
#include <stdint.h>

#include "common/parquet/file_schema.h"
#include "tests/unit/pq_chunk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf err = STRBUF_INIT;
	struct pq_file *file;
	struct pq_values values;
	struct schema schema;
	if (pq_file_open(data, size, &file, &err) == 0) {
		for (size_t g = 0; g < file->groups; g++)
			for (size_t i = 0; i < file->leaves; i++)
				if (chunk_read(file, g, i, &values, &err) == 0)
					chunk_release(&values);
		if (pq_file_schema(file, &schema, &err) == 0)
			schema_release(&schema);
		pq_file_free(file);
	}
	strbuf_release(&err);
	return 0;
}
