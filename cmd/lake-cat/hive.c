/* Partitions in paths: see hive.h. */
#include "cmd/lake-cat/hive.h"

#include <stdint.h>
#include <string.h>

#include "common/lake/layout.h"
#include "common/lake/percent.h"

json_t *hive_values(const char *path)
{
	json_t *values = json_object();
	for (const char *slash; (slash = strchr(path, '/')); path = slash + 1) {
		struct strbuf part = STRBUF_INIT, name = STRBUF_INIT, value = STRBUF_INIT;
		strbuf_add(&part, path, (size_t)(slash - path));
		char *eq = strchr(part.s, '=');
		if (eq)
			*eq++ = '\0';
		if (eq && percent_decode(&name, part.s) == 0 && percent_decode(&value, eq) == 0) {
			bool null = strcmp(value.s, LAYOUT_NULL) == 0;
			json_object_set_new(values, name.s, null ? json_null() : json_string(value.s));
		}
		strbuf_release(&part);
		strbuf_release(&name);
		strbuf_release(&value);
	}
	return values;
}

size_t hive_column(const json_t *columns, const char *name, size_t len)
{
	size_t i;
	json_t *column;
	json_array_foreach(columns, i, column)
	{
		const char *s = json_string_value(column);
		if (s && strlen(s) == len && memcmp(s, name, len) == 0)
			return i;
	}
	return SIZE_MAX;
}
