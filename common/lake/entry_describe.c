/* An entry in words: see entry.h. */
#include <inttypes.h>

#include "common/lake/entry.h"
#include "common/lake/json_in.h"

int64_t add_records(json_t *add)
{
	const char *text = text_in(add, "stats");
	json_t *stats = text ? json_loads(text, 0, NULL) : NULL;
	int64_t count = number_in(stats, "numRecords");
	json_decref(stats);
	return count >= 0 ? count : -1;
}

static void describe_offsets(const struct entry *entry, struct strbuf *out)
{
	const char *topic, *partition;
	json_t *partitions, *read;
	json_object_foreach(json_object_get(entry->info, "read"), topic, partitions)
	{
		json_object_foreach(partitions, partition, read)
		{
			int64_t from = json_integer_value(json_array_get(read, 0));
			int64_t to = json_integer_value(json_array_get(read, 1));
			if (to > from)
				strbuf_addf(out, "; topic '%s', partition %s, offsets %" PRId64 " to %" PRId64, topic,
					partition, from, to - 1);
		}
	}
}

void entry_describe(const struct entry *entry, struct strbuf *out)
{
	size_t files = json_array_size(entry->adds);
	int64_t rows = 0;
	for (size_t i = 0; i < files; i++) {
		int64_t n = add_records(json_array_get(entry->adds, i));
		rows = rows < 0 || n < 0 || rows > INT64_MAX - n ? -1 : rows + n;
	}
	strbuf_addf(out, "%zu file%s", files, files == 1 ? "" : "s");
	if (rows >= 0)
		strbuf_addf(out, ", %" PRId64 " row%s", rows, rows == 1 ? "" : "s");
	describe_offsets(entry, out);
}
