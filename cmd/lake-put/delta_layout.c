/* The layout of a Delta table: see delta_layout.h. */
#include "delta_layout.h"

#include <errno.h>
#include <string.h>

#include "common/data/schema_name.h"
#include "common/lake/delta_meta.h"
#include "common/lake/json_in.h"

/* Append the list of COLUMNS, an array of names. */
static int add_list(json_t *columns, struct strbuf *list, struct strbuf *err)
{
	size_t i;
	json_t *column;

	json_array_foreach(columns, i, column)
	{
		const char *name = json_string_value(column);
		if (!name) {
			strbuf_addstr(err, "the table's partition columns are not a list of names");
			return -EINVAL;
		}
		strbuf_addstr(list, i ? ", " : "");
		schema_name_print(name, strlen(name), list);
	}
	return 0;
}

int delta_layout_of(const struct log *log, struct layout *ret, struct strbuf *err)
{
	struct strbuf list = STRBUF_INIT;
	const char *pattern = text_in(log->state, "pattern");
	json_t *columns = log->version < 0 ? NULL : delta_meta_columns(log);
	int r = 0;

	*ret = (struct layout){0};
	if (!json_array_size(columns) || (pattern && !partition_by_is(pattern)))
		return 0;
	if (pattern)
		strbuf_addstr(&list, pattern);
	else
		r = add_list(columns, &list, err);
	if (r == 0)
		r = layout_init_by(ret, list.s, err);
	strbuf_release(&list);
	return r;
}
