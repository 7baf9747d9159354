/* Expressions: what all evaluating functions need: counting faults, and room for texts. */
#include "common/data/expr_impl.h"

#include <stdlib.h>

#include "common/base/alloc.h"

const struct value *expr_fail(struct expr *e, const struct expr_node *n, const char *what, struct value *tmp)
{
	e->fault.count++;
	e->fault.what = what;
	e->fault.pos = n->pos;
	*tmp = (struct value){.type = VALUE_NULL};
	return tmp;
}

char *expr_room(struct expr_node *n, size_t len)
{
	if (!n->text || n->text_cap < len) { /* never NULL, even for an empty text */
		n->text_cap = len + len / 2 + 64;
		free(n->text);
		n->text = xmalloc(n->text_cap);
	}
	return n->text;
}
