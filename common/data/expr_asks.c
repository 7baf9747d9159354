/* Which fields an expression tests for: see expr.h. */
#include <string.h>

#include "common/data/expr_impl.h"

static bool is_field(const struct expr_node *n, size_t field)
{
	return n && n->op == EXPR_FIELD && n->field == field;
}

static bool is_null(const struct expr_node *n)
{
	return n && n->op == EXPR_CONST && n->value.type == VALUE_NULL;
}

static bool asks(const struct expr_node *n, size_t field)
{
	switch (n->op) {
	case EXPR_EQ:
	case EXPR_NE:
		return (is_field(n->a, field) && is_null(n->b)) || (is_field(n->b, field) && is_null(n->a));
	case EXPR_AND:
	case EXPR_OR:
		return is_field(n->a, field) || is_field(n->b, field);
	case EXPR_IF:
		return is_field(n->b, field);
	case EXPR_ELSE:
	case EXPR_NOT:
		return is_field(n->a, field);
	case EXPR_CALL:
		return strcmp(n->func->name, "exists") == 0 && is_field(n->b, field);
	default:
		return false;
	}
}

bool expr_asks_for(const struct expr *e, size_t field)
{
	if (is_field(e->root, field))
		return true;
	for (const struct expr_node *n = e->made; n; n = n->made)
		if (asks(n, field))
			return true;
	return false;
}
