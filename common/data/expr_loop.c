/* Expressions: any, all, map, select and sum over the elements of an array. */
#include "common/data/expr_impl.h"
#include "common/data/value_out.h"

static bool settle(struct value *tmp, enum value_type type, bool b)
{
	*tmp = (struct value){.type = type, .b = b};
	return false;
}

bool expr_loop_begin(struct expr *e, struct expr_node *n, const struct value *array, struct value *tmp)
{
	struct expr_loop *loop = n->loop;

	if (loop->kind == EXPR_SUM)
		loop->sum = (struct value){.type = VALUE_INT, .i = 0};
	else
		(void)expr_bool(&loop->sum, loop->kind == EXPR_ALL);
	if (expr_is_null(array)) /* as if it had no element; but nothing can be made of it */
		return settle(tmp, loop->kind >= EXPR_MAP ? VALUE_NULL : VALUE_BOOL, loop->kind == EXPR_ALL);
	if (array->type != VALUE_ARRAY) {
		(void)expr_fail(e, n, "a function needs an array", tmp);
		return false;
	}
	json_scan_begin(&loop->scan, array->s, array->len);
	strbuf_addch(expr_text(n), '[');
	return true;
}

bool expr_loop_next(struct expr_node *n)
{
	struct expr_loop *loop = n->loop;

	if (!json_scan_next(&loop->scan, &loop->item))
		return false;
	value_of_json(loop->item.s, loop->item.len, &loop->text, &loop->it);
	return true;
}

static void append(struct expr_node *n, const struct value *v)
{
	if (n->text.len > 1)
		strbuf_addch(&n->text, ',');
	value_add_json(&n->text, v);
}

bool expr_loop_take(struct expr *e, struct expr_node *n, const struct value *v)
{
	struct expr_loop *loop = n->loop;
	struct value sum = loop->sum;

	switch (loop->kind) {
	case EXPR_ANY:
	case EXPR_ALL:
		loop->sum.b = expr_is_true(v);
		return loop->sum.b == (loop->kind == EXPR_ALL);
	case EXPR_SELECT:
		if (expr_is_true(v))
			append(n, &loop->it);
		return true;
	case EXPR_MAP:
		append(n, v);
		return n->text.len < EXPR_MAX_TEXT;
	default:
		if (v->type == VALUE_DURATION && sum.type == VALUE_INT && sum.i == 0)
			loop->sum = *v;
		else if (!expr_is_null(v))
			loop->sum = *expr_arithmetic(e, n, &sum, v, &loop->sum);
		return !expr_is_null(&loop->sum);
	}
}

const struct value *expr_loop_end(struct expr *e, struct expr_node *n, struct value *tmp)
{
	if (n->loop->kind == EXPR_MAP || n->loop->kind == EXPR_SELECT) {
		strbuf_addch(&n->text, ']');
		return expr_give_text(e, n, VALUE_ARRAY, tmp);
	}
	*tmp = n->loop->sum;
	return tmp;
}
