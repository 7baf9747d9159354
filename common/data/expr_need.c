/* What an expression needs of its fields: see expr_need.h. */
#include "common/data/expr_need.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/expr_impl.h"

static struct expr_need simple(enum expr_need_op op)
{
	return (struct expr_need){.op = op};
}

/* The condition OP of A and B, which it takes. */
static struct expr_need both(enum expr_need_op op, struct expr_need a, struct expr_need b)
{
	struct expr_need *child = xcalloc(2, sizeof *child);
	child[0] = a;
	child[1] = b;
	return (struct expr_need){.op = op, .child = child, .children = 2};
}

/* Whether N is a constant, or is computed from constants in one of the simpler ways. */
static bool is_constant(const struct expr_node *n)
{
	bool simple_op = n->op == EXPR_CALL || (n->op >= EXPR_OR && n->op <= EXPR_GE) ||
			 (n->op >= EXPR_ADD && n->op <= EXPR_NEGATE);
	if (n->op == EXPR_CONST)
		return true;
	if (!simple_op || n->c)
		return false;
	for (const struct expr_node *item = n->b; item; item = item->next)
		if (!is_constant(item))
			return false;
	return !n->a || is_constant(n->a);
}

/* The field that N is, or, with TIME set then, that is the only argument of time() there; NULL: it is neither. */
static const struct expr_node *field_of(const struct expr_node *n, bool *time)
{
	*time = n->op == EXPR_CALL && strcmp(n->func->name, "time") == 0 && n->b && !n->b->next;
	if (*time)
		n = n->b;
	return n->op == EXPR_FIELD ? n : NULL;
}

/* FIELD OP null, when null is neither less nor greater than anything. */
static struct expr_need compare_null(size_t field, enum expr_need_op op)
{
	if (op == EXPR_NEED_EQ || op == EXPR_NEED_LE || op == EXPR_NEED_GE)
		return (struct expr_need){.op = EXPR_NEED_NULL, .field = field};
	if (op == EXPR_NEED_NE)
		return (struct expr_need){.op = EXPR_NEED_NOT_NULL, .field = field};
	return simple(EXPR_NEED_ANY);
}

/* The field that N is OP the constant OTHER.  NEGATED: unless that is true, which has this form for == and != only. */
static struct expr_need compare(
	struct expr *e, const struct expr_node *n, enum expr_need_op op, struct expr_node *other, bool negated)
{
	bool time;
	struct value tmp;
	const struct expr_node *field = field_of(n, &time);
	if (!field || !is_constant(other) || (negated && op != EXPR_NEED_EQ && op != EXPR_NEED_NE))
		return simple(EXPR_NEED_ANY);
	if (negated)
		op = op == EXPR_NEED_EQ ? EXPR_NEED_NE : EXPR_NEED_EQ;
	const struct value *value = expr_eval_constant(e, other, &tmp);
	if (value->type <= VALUE_NULL && !time)
		return compare_null(field->field, op);
	/* a time that cannot be read is null, and compared with anything but a time it is unlike */
	if (time ? value->type != VALUE_TIME || op == EXPR_NEED_NE : value->type > VALUE_STRING)
		return simple(EXPR_NEED_ANY);
	return (struct expr_need){.op = op, .field = field->field, .value = *value};
}

/* The operator of a comparison, and the same with its sides exchanged. */
static enum expr_need_op op_of(enum expr_op op, bool exchanged)
{
	switch (op) {
	case EXPR_LT:
		return exchanged ? EXPR_NEED_GT : EXPR_NEED_LT;
	case EXPR_LE:
		return exchanged ? EXPR_NEED_GE : EXPR_NEED_LE;
	case EXPR_GT:
		return exchanged ? EXPR_NEED_LT : EXPR_NEED_GT;
	case EXPR_GE:
		return exchanged ? EXPR_NEED_LE : EXPR_NEED_GE;
	case EXPR_EQ:
		return EXPR_NEED_EQ;
	default:
		return EXPR_NEED_NE;
	}
}

static struct expr_need comparison(struct expr *e, const struct expr_node *n, bool negated)
{
	bool exchanged = is_constant(n->a);
	return exchanged ? compare(e, n->b, op_of(n->op, true), n->a, negated)
			 : compare(e, n->a, op_of(n->op, false), n->b, negated);
}

/* A field in a list: it is equal to one of its values, or, with NEGATED, to none. */
static struct expr_need membership(struct expr *e, const struct expr_node *n, bool negated)
{
	size_t count = 0, i = 0;
	for (const struct expr_node *item = n->b; item; item = item->next)
		count++;
	struct expr_need *child = xcalloc(count ? count : 1, sizeof *child);
	for (struct expr_node *item = n->b; item; item = item->next)
		child[i++] = compare(e, n->a, EXPR_NEED_EQ, item, negated);
	return (struct expr_need){.op = negated ? EXPR_NEED_AND : EXPR_NEED_OR, .child = child, .children = count};
}

/* A field alone: it is neither null nor false; NEGATED: it is. */
static struct expr_need field_alone(size_t field, bool negated)
{
	const struct expr_need null = {.op = EXPR_NEED_NULL, .field = field};
	const struct expr_need no = {.op = EXPR_NEED_EQ, .field = field, .value = {.type = VALUE_BOOL}};
	return negated ? both(EXPR_NEED_OR, null, no) : (struct expr_need){.op = EXPR_NEED_NOT_NULL, .field = field};
}

/* What N needs to be true; NEGATED: to be false.  Only this function recurses, as deep as the expression. */
static struct expr_need need_of(struct expr *e, struct expr_node *n, bool negated)
{
	struct value tmp;
	if (is_constant(n))
		return simple(expr_is_true(expr_eval_constant(e, n, &tmp)) != negated ? EXPR_NEED_ANY : EXPR_NEED_NONE);
	switch (n->op) {
	case EXPR_FIELD:
		return field_alone(n->field, negated);
	case EXPR_NOT:
		return need_of(e, n->a, !negated);
	case EXPR_AND:
	case EXPR_OR:
		return both((n->op == EXPR_AND) != negated ? EXPR_NEED_AND : EXPR_NEED_OR, need_of(e, n->a, negated),
			need_of(e, n->b, negated));
	case EXPR_EQ:
	case EXPR_NE:
	case EXPR_LT:
	case EXPR_LE:
	case EXPR_GT:
	case EXPR_GE:
		return comparison(e, n, negated);
	case EXPR_IN:
	case EXPR_NOT_IN:
		if (n->set) /* in @FILE */
			return simple(EXPR_NEED_ANY);
		return membership(e, n, (n->op == EXPR_NOT_IN) != negated);
	default:
		return simple(EXPR_NEED_ANY);
	}
}

struct expr_need *expr_need_new(struct expr *e)
{
	struct expr_need *need = xcalloc(1, sizeof *need);
	*need = need_of(e, e->root, false);
	return need;
}

static void release(struct expr_need *need)
{
	for (size_t i = 0; i < need->children; i++)
		release(&need->child[i]);
	free(need->child);
}

void expr_need_free(struct expr_need *need)
{
	if (need)
		release(need);
	free(need);
}
