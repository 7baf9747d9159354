/* Rows of Parquet files from any source: columns that do not belong together are reported, and nothing crashes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/schema_text.h"
#include "common/lake/delta_checkpoint_schema.h"
#include "common/parquet/rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char columns[] = DELTA_CHECKPOINT_TABLE DELTA_CHECKPOINT_FILES DELTA_CHECKPOINT_V2;
	struct strbuf err = STRBUF_INIT;
	struct schema want;
	struct pq_file *file = NULL;
	struct pq_rows *rows = NULL;
	json_t *row;
	json_set_alloc_funcs(xmalloc, free);
	schema_init(&want);
	if (schema_parse_text(&want, columns, strlen(columns), &err) < 0)
		abort();
	if (pq_file_open(data, size, &file, &err) == 0 && pq_rows_new(file, &want, &rows, &err) == 0)
		while (pq_rows_next(rows, &row, &err) > 0)
			json_decref(row);
	pq_rows_free(rows);
	pq_file_free(file);
	schema_release(&want);
	strbuf_release(&err);
	return 0;
}
