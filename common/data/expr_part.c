/* Expressions: parts of values, and arrays and objects that are made of values. */
#include "common/data/expr_impl.h"
#include "common/data/value_out.h"

static const struct value *nothing(struct value *tmp)
{
	*tmp = (struct value){.type = VALUE_NULL};
	return tmp;
}

static const struct value *give(struct expr_node *n, const struct json_item *item, struct value *tmp)
{
	value_of_json(item->s, item->len, &n->text, tmp);
	return tmp;
}

const struct value *expr_get(struct expr *e, struct expr_node *n, const struct value *a, struct value *tmp)
{
	struct json_item item = {.s = a->s, .len = a->len};

	if (expr_is_null(a))
		return nothing(tmp);
	if (a->type != VALUE_OBJECT && a->type != VALUE_ARRAY)
		return expr_fail(e, n, "only an object has members, and an array elements", tmp);
	for (size_t i = 0; i < n->path.count; i++) {
		const struct path_step *step = &n->path.steps[i];
		if (*item.s != (step->name ? '{' : '['))
			return nothing(tmp);
		if (step->name ? !json_scan_member(item.s, item.len, step->name, step->len, &item)
			       : !json_scan_element(item.s, item.len, step->index, &item))
			return nothing(tmp);
	}
	return give(n, &item, tmp);
}

/* Where the slice of COUNT things begins or ends that V says; negative counts from the end. */
static bool clamp(const struct value *v, int64_t count, int64_t otherwise, int64_t *ret)
{
	struct value number;

	*ret = otherwise;
	if (!v || expr_is_null(v))
		return true;
	v = expr_number(v, &number);
	if (!v || v->type != VALUE_INT)
		return false;
	int64_t i = v->i < 0 ? (v->i < -count ? 0 : v->i + count) : v->i;
	*ret = i > count ? count : i;
	return true;
}

static const struct value *slice_text(const struct value *a, int64_t from, int64_t to, struct value *tmp)
{
	size_t start = expr_char_at(a->s, a->len, (uint64_t)from);
	size_t len = from < to ? expr_char_at(a->s + start, a->len - start, (uint64_t)(to - from)) : 0;

	*tmp = (struct value){.type = VALUE_STRING, .s = a->s + start, .len = len};
	return tmp;
}

static const struct value *slice_array(
	struct expr *e, struct expr_node *n, const struct value *a, int64_t from, int64_t to, struct value *tmp)
{
	struct json_scan scan;
	struct json_item item;

	json_scan_begin(&scan, a->s, a->len);
	expr_make_begin(n);
	for (int64_t i = 0; i < to && json_scan_next(&scan, &item); i++) {
		if (i < from)
			continue;
		if (n->text.len > 1)
			strbuf_addch(&n->text, ',');
		strbuf_add(&n->text, item.s, item.len);
	}
	strbuf_addch(&n->text, ']');
	return expr_give_text(e, n, VALUE_ARRAY, tmp);
}

const struct value *expr_slice(struct expr *e, struct expr_node *n, const struct value *a, const struct value *from,
	const struct value *to, struct value *tmp)
{
	int64_t count, start, end;

	if (expr_is_null(a))
		return nothing(tmp);
	if (!expr_is_string(a) && a->type != VALUE_ARRAY)
		return expr_fail(e, n, "a slice is of a string or an array", tmp);
	count = (int64_t)(expr_is_string(a) ? expr_char_count(a->s, a->len) : json_scan_count(a->s, a->len));
	if (!clamp(from, count, 0, &start) || !clamp(to, count, count, &end))
		return expr_fail(e, n, "the ends of a slice are whole numbers", tmp);
	return expr_is_string(a) ? slice_text(a, start, end, tmp) : slice_array(e, n, a, start, end, tmp);
}

const struct value *expr_index(
	struct expr *e, struct expr_node *n, const struct value *a, const struct value *b, struct value *tmp)
{
	struct value number;
	const struct value *at = expr_number(b, &number);
	struct json_item item;

	if (expr_is_null(a) || expr_is_null(b))
		return nothing(tmp);
	if (a->type == VALUE_OBJECT && expr_is_string(b))
		return json_scan_member(a->s, a->len, b->s, b->len, &item) ? give(n, &item, tmp) : nothing(tmp);
	if (!at || at->type != VALUE_INT || (a->type != VALUE_ARRAY && !expr_is_string(a)))
		return expr_fail(e, n, "an index is a whole number in an array or string, or a name in an object", tmp);
	if (a->type == VALUE_ARRAY)
		return json_scan_element(a->s, a->len, at->i, &item) ? give(n, &item, tmp) : nothing(tmp);
	int64_t count = (int64_t)expr_char_count(a->s, a->len), i = at->i < 0 ? at->i + count : at->i;
	return i >= 0 && i < count ? slice_text(a, i, i + 1, tmp) : nothing(tmp);
}

void expr_make_begin(struct expr_node *n)
{
	strbuf_addch(expr_text(n), n->op == EXPR_OBJECT ? '{' : '[');
}

bool expr_make_add(const struct expr *e, struct expr_node *n, const struct value *name, const struct value *value)
{
	struct strbuf *out = &n->text;

	if (name && !expr_is_string(name))
		return false;
	if (out->len > 1)
		strbuf_addch(out, ',');
	if (name) {
		value_add_name(out, name->s, name->len);
		strbuf_addch(out, ':');
	}
	if (e->infer && value->type == VALUE_TEXT && value->len && value_is_literal(value->s, value->len))
		strbuf_add(out, value->s, value->len);
	else
		value_add_json(out, value);
	return true;
}

const struct value *expr_make_end(struct expr *e, struct expr_node *n, struct value *tmp)
{
	bool object = n->op == EXPR_OBJECT;

	strbuf_addch(&n->text, object ? '}' : ']');
	return expr_give_text(e, n, object ? VALUE_OBJECT : VALUE_ARRAY, tmp);
}
