/* The value of a field of a record: see row.h. */
#include "cmd/map/nested.h"
#include "cmd/map/row.h"

void row_value(struct row *row, const struct expr_field *field, struct strbuf *text, struct value *ret)
{
	struct row_member *m = row_find(row, field);

	*ret = (struct value){.type = VALUE_MISSING};
	if (expr_field_is_record(field)) { /* the whole record as it is now */
		strbuf_clear(text);
		row_write_json(row, text);
		*ret = (struct value){
			.type = VALUE_OBJECT, .raw = text->s, .raw_len = text->len, .s = text->s, .len = text->len};
		return;
	}
	if (!m)
		return;
	const struct value *v = row_read(row, m);
	if (field->column || field->path.count == 1)
		*ret = *v;
	else
		nested_get(v, &field->path, 1, text, ret);
}
