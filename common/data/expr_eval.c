/* Expressions: their value for a record. */
#include "common/data/expr_impl.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/json_impl.h"

static const struct value *eval(struct expr *e, struct expr_node *n, struct value *tmp);

static bool holds(enum expr_op op, enum expr_order order)
{
	switch (op) {
	case EXPR_EQ:
		return order == EXPR_EQUAL;
	case EXPR_NE:
		return order != EXPR_EQUAL;
	case EXPR_LT:
		return order == EXPR_LESS;
	case EXPR_LE:
		return order == EXPR_LESS || order == EXPR_EQUAL;
	case EXPR_GT:
		return order == EXPR_GREATER;
	default:
		return order == EXPR_GREATER || order == EXPR_EQUAL;
	}
}

static const struct value *compare(struct expr *e, struct expr_node *n, struct value *tmp)
{
	struct value ta, tb;
	const struct value *a = eval(e, n->a, &ta), *b = eval(e, n->b, &tb);
	enum expr_order order;

	/* The most frequent filter: a string compared with a constant. */
	if (a->type == VALUE_STRING && b->type == VALUE_STRING && n->op == EXPR_EQ)
		return expr_bool(tmp, a->len == b->len && memcmp(a->s, b->s, a->len) == 0);
	order = expr_compare(a, b);
	if (order == EXPR_UNLIKE)
		(void)expr_fail(e, n, "values of unlike types are compared", tmp);
	return expr_bool(tmp, holds(n->op, order));
}

static const struct value *is_in(struct expr *e, struct expr_node *n, struct value *tmp)
{
	struct value ta, tb;
	const struct value *a = eval(e, n->a, &ta);
	bool found = false, unlike = false, like = false;

	if (n->set)
		return expr_bool(tmp, expr_set_has(n->set, a) == (n->op == EXPR_IN));
	for (struct expr_node *item = n->b; item && !found; item = item->next) {
		enum expr_order order = expr_compare(a, eval(e, item, &tb));
		found = order == EXPR_EQUAL;
		unlike |= order == EXPR_UNLIKE;
		like |= order < EXPR_UNLIKE;
	}
	if (unlike && !like) /* a user who lists constants of several types expects values of several types */
		(void)expr_fail(e, n, "the list has no value of the same type", tmp);
	return expr_bool(tmp, found == (n->op == EXPR_IN));
}

static const struct value *negate_text(struct expr_node *n, const struct value *number, struct value *tmp)
{
	bool minus = *number->s == '-';
	size_t len = minus ? number->len - 1 : number->len + 1;
	char *text = expr_room(n, len);

	if (!minus)
		*text = '-';
	memcpy(text + !minus, number->s + minus, number->len - minus);
	*tmp = (struct value){.raw = text, .raw_len = len, .s = text, .len = len};
	(void)json_take_number(text, len, tmp); /* it is one */
	return tmp;
}

static const struct value *negate(struct expr *e, struct expr_node *n, struct value *tmp)
{
	static const struct value zero = {.type = VALUE_INT};
	struct value ta, tn;
	const struct value *a = eval(e, n->a, &ta), *number = expr_number(a, &tn);

	if (number && number->type == VALUE_DOUBLE && !(number->s && fabs(number->d) >= 0x1p53)) {
		*tmp = (struct value){.type = VALUE_DOUBLE, .d = -number->d};
		return tmp;
	}
	if (a->type == VALUE_DURATION && a->i != INT64_MIN) {
		*tmp = (struct value){.type = VALUE_DURATION, .i = -a->i};
		return tmp;
	}
	if (number && number->type != VALUE_INT) /* by its text, also -9223372036854775808, which fits */
		return negate_text(n, number, tmp);
	return expr_arithmetic(e, n, &zero, number ? number : a, tmp);
}

static const struct value *either(struct expr *e, struct expr_node *n, struct value *tmp)
{
	bool a = expr_is_true(eval(e, n->a, tmp));

	if (a == (n->op == EXPR_OR))
		return expr_bool(tmp, a);
	return expr_bool(tmp, expr_is_true(eval(e, n->b, tmp)));
}

/* Evaluate the arguments of N; false: one of them is null, and the value of N, too. */
static bool arguments(struct expr *e, struct expr_node *n)
{
	bool null = false;
	size_t i = 0;

	for (struct expr_node *item = n->b; item; item = item->next, i++) {
		n->args[i] = eval(e, item, &n->room[i]);
		null |= expr_is_null(n->args[i]);
	}
	return !null || !n->func->null;
}

static const struct value *call(struct expr *e, struct expr_node *n, struct value *tmp)
{
	if (arguments(e, n))
		return n->func->call(e, n, tmp);
	*tmp = (struct value){.type = VALUE_NULL};
	return tmp;
}

/* if(c, a, b), and a ?? b; only what is needed is evaluated. */
static const struct value *choose(struct expr *e, struct expr_node *n, struct value *tmp)
{
	if (n->op == EXPR_ELSE) {
		const struct value *a = eval(e, n->a, tmp);
		return expr_is_null(a) ? eval(e, n->b, tmp) : a;
	}
	struct expr_node *then = n->b->next;
	if (!expr_is_true(eval(e, n->b, tmp)))
		then = then->next;
	if (then)
		return eval(e, then, tmp);
	*tmp = (struct value){.type = VALUE_NULL};
	return tmp;
}

/* A part of a value: .name, [1], [1:3]. */
static const struct value *part(struct expr *e, struct expr_node *n, struct value *tmp)
{
	struct value ta, tb, tc;
	const struct value *a = eval(e, n->a, &ta);

	if (n->op == EXPR_GET)
		return expr_get(e, n, a, tmp);
	const struct value *from = n->b ? eval(e, n->b, &tb) : NULL;
	if (n->op == EXPR_INDEX)
		return expr_index(e, n, a, from, tmp);
	return expr_slice(e, n, a, from, n->c ? eval(e, n->c, &tc) : NULL, tmp);
}

/* [a, b] and {name: a}. */
static const struct value *make(struct expr *e, struct expr_node *n, struct value *tmp)
{
	struct value ta, tb;

	expr_make_begin(n);
	for (struct expr_node *item = n->b; item; item = item->next) {
		const struct value *name = n->op == EXPR_OBJECT ? eval(e, item, &ta) : NULL;
		if (name)
			item = item->next;
		if (!expr_make_add(e, n, name, eval(e, item, &tb)))
			return expr_fail(e, n, "the name of a member is a string", tmp);
	}
	return expr_make_end(e, n, tmp);
}

/* any, all, map, select, sum. */
static const struct value *loop(struct expr *e, struct expr_node *n, struct value *tmp)
{
	struct expr_node *body = n->b->next;
	struct value ta;

	if (!expr_loop_begin(e, n, eval(e, n->b, &ta), tmp))
		return tmp;
	while (expr_loop_next(n))
		if (!expr_loop_take(e, n, body ? eval(e, body, &ta) : &n->loop->it))
			break;
	return expr_loop_end(e, n, tmp);
}

/* What has more than two operands, or none. */
static const struct value *eval_other(struct expr *e, struct expr_node *n, struct value *tmp)
{
	switch (n->op) {
	case EXPR_IF:
	case EXPR_ELSE:
		return choose(e, n, tmp);
	case EXPR_GET:
	case EXPR_INDEX:
	case EXPR_SLICE:
		return part(e, n, tmp);
	case EXPR_ARRAY:
	case EXPR_OBJECT:
		return make(e, n, tmp);
	case EXPR_LOOP:
		return loop(e, n, tmp);
	default:
		return &n->a->loop->it;
	}
}

/* The value of N: a pointer to it, or written to *tmp.  Only this function recurses. */
static const struct value *eval(struct expr *e, struct expr_node *n, struct value *tmp)
{
	struct value ta, tb;

	switch (n->op) {
	case EXPR_CONST:
		return &n->value;
	case EXPR_FIELD:
		return &e->values[e->slots[n->field]];
	case EXPR_CALL:
		return call(e, n, tmp);
	case EXPR_OR:
	case EXPR_AND:
		return either(e, n, tmp);
	case EXPR_NOT:
		return expr_bool(tmp, !expr_is_true(eval(e, n->a, tmp)));
	case EXPR_EQ:
	case EXPR_NE:
	case EXPR_LT:
	case EXPR_LE:
	case EXPR_GT:
	case EXPR_GE:
		return compare(e, n, tmp);
	case EXPR_MATCH:
	case EXPR_NO_MATCH:
		return expr_match(e, n, eval(e, n->a, &ta), tmp);
	case EXPR_IN:
	case EXPR_NOT_IN:
		return is_in(e, n, tmp);
	case EXPR_NEGATE:
		return negate(e, n, tmp);
	case EXPR_ADD:
	case EXPR_SUB:
	case EXPR_MUL:
	case EXPR_DIV:
	case EXPR_MOD:
		return expr_arithmetic(e, n, eval(e, n->a, &ta), eval(e, n->b, &tb), tmp);
	default:
		return eval_other(e, n, tmp);
	}
}

const struct value *expr_eval_constant(struct expr *e, struct expr_node *n, struct value *tmp)
{
	return eval(e, n, tmp);
}

const struct value *expr_value(struct expr *e, const struct value *values)
{
	e->values = values;
	return eval(e, e->root, &e->result);
}

bool expr_test(struct expr *e, const struct value *values)
{
	return expr_is_true(expr_value(e, values));
}

bool expr_is_field(const struct expr *e)
{
	return e->root->op == EXPR_FIELD;
}

size_t expr_fields(const struct expr *e)
{
	return e->field_count;
}

const struct expr_field *expr_field(const struct expr *e, size_t field)
{
	return &e->fields[field];
}

void expr_bind(struct expr *e, size_t field, int slot)
{
	e->slots[field] = slot;
}

int expr_slot(const struct expr *e, size_t field)
{
	return e->slots[field];
}

const struct expr_fault *expr_fault(const struct expr *e)
{
	return &e->fault;
}
