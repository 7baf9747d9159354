/* Single values of rows: see text.h. */
#include "common/parquet/text.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "common/data/utf8.h"
#include "common/parquet/text_nested.h"
#include "common/parquet/text_scalar.h"

void pq_text_clear(struct pq_text *t)
{
	arena_release(&t->values);
}

/* The JSON that was written to the scratch buffer, as long as t->values has it. */
static const char *keep(struct pq_text *t, const struct text_out *o, size_t *ret_len)
{
	size_t len = (size_t)(o->p - t->scratch);
	char *own = arena_bytes(&t->values, len + 1);
	memcpy(own, t->scratch, len);
	own[len] = '\0';
	*ret_len = len;
	return own;
}

/* A value that was written as JSON, which is not a text with escapes. */
static void set_json(struct pq_text *t, const struct text_leaf *l, const struct text_out *o, struct value *ret)
{
	size_t len;
	const char *raw = keep(t, o, &len);
	*ret = (struct value){.raw = raw, .raw_len = len, .s = raw, .len = len};
	if (*raw == '"') {
		ret->type = VALUE_STRING;
		ret->s++;
		ret->len -= 2;
	} else if (l->kind == TEXT_BOOL) {
		ret->type = VALUE_BOOL;
		ret->b = *raw == 't';
	} else if (!value_of_text(raw, len, ret)) {
		ret->type = VALUE_NULL; /* never: it is a number */
	}
}

/* Value N of VALUES, when it is the same for an expression without its text: 1; 0: it is not; -1: it is bad. */
static int direct(struct pq_text *t, const struct text_leaf *l, const struct pq_column_values *values, size_t n,
	struct value *ret)
{
	const struct pq_bytes *text;
	int32_t narrow;
	switch (l->kind) {
	case TEXT_INT32:
		memcpy(&narrow, values->data + 4 * n, 4);
		*ret = (struct value){.type = VALUE_INT, .i = narrow};
		return 1;
	case TEXT_INT64:
		ret->type = VALUE_INT;
		memcpy(&ret->i, values->data + 8 * n, 8);
		return 1;
	case TEXT_DOUBLE: /* larger ones are compared by their digits; NaN and infinities are texts */
		memcpy(&ret->d, values->data + 8 * n, 8);
		if (!(fabs(ret->d) < 0x1p53))
			return 0;
		ret->type = VALUE_DOUBLE;
		return 1;
	case TEXT_STRING:
		text = &values->bytes[n];
		*ret = (struct value){.type = VALUE_STRING, .s = (const char *)text->s, .len = text->len};
		if (utf8_valid(ret->s, ret->len))
			return 1;
		(void)text_fail(t, l->leaf->field, TEXT_NOT_UTF8);
		return -1;
	default:
		return 0;
	}
}

/* Value N of VALUES. */
static bool scalar(
	struct pq_text *t, struct text_leaf *l, const struct pq_column_values *values, size_t n, struct value *ret)
{
	struct text_out o;
	int r = direct(t, l, values, n, ret);
	if (r)
		return r > 0;
	text_out_begin(&o, &t->scratch, &t->scratch_room);
	if (!text_put_value(t, l, values, n, PQ_TEXT_JSON, &o))
		return false;
	set_json(t, l, &o, ret);
	return true;
}

/* FIELD in the row at which its leaves stand; it is not null. */
static bool nested(struct pq_text *t, const struct pq_field *field, struct value *ret)
{
	struct text_out o;
	text_out_begin(&o, &t->scratch, &t->scratch_room);
	if (!text_put_nested(t, field, &o))
		return false;
	*ret = (struct value){.type = field->field->type == SCHEMA_LIST ? VALUE_ARRAY : VALUE_OBJECT};
	ret->raw = ret->s = keep(t, &o, &ret->raw_len);
	ret->len = ret->raw_len;
	return true;
}

static bool take(struct pq_text *t, const struct pq_field *field, struct value *ret)
{
	struct text_leaf *l = &t->leaf[field->first];
	const struct pq_batch *b = &l->leaf->batch;
	if (schema_has_children(field->field->type))
		return nested(t, field, ret);
	size_t n = b->at ? b->at[l->pos] : l->pos;
	return b->index ? scalar(t, l, &l->leaf->dictionary, b->index[n], ret) : scalar(t, l, &b->values, n, ret);
}

int pq_text_value(struct pq_text *t, const struct pq_field *field, size_t row, struct value *ret, struct strbuf *err)
{
	*ret = (struct value){.type = VALUE_NULL};
	if (field->missing) {
		if (field->constant)
			*ret = *field->constant;
		return 0;
	}
	text_nested_begin(t, field, row);
	if (text_nested_is_null(t, field) || take(t, field, ret))
		return 0;
	strbuf_addf(err, "row %" PRIu64 ": column '%s' %s", t->scan->first_row + row, t->bad_field->name, t->bad);
	return -EBADMSG;
}
