/* Expressions: regular expressions. */
#include "common/data/expr_impl.h"

#include <errno.h>

int expr_match_compile(struct expr_lex *lex, struct expr_node *n)
{
	struct strbuf reason = STRBUF_INIT;
	size_t pos = 0;
	int r = regex_new(&n->re, lex->text + lex->start + 1, lex->quote_len - 2, &pos, &reason);

	if (r < 0)
		r = expr_lex_fail(lex, lex->start + 1 + pos, "%s", r == -EINVAL ? reason.s : diag_strerror(r));
	strbuf_release(&reason);
	return r;
}

const struct value *expr_match(struct expr *e, const struct expr_node *n, const struct value *a, struct value *tmp)
{
	if (expr_is_null(a))
		return expr_bool(tmp, n->op == EXPR_NO_MATCH);
	if (!expr_is_string(a)) {
		(void)expr_fail(e, n, "a regular expression needs a string", tmp);
		return expr_bool(tmp, n->op == EXPR_NO_MATCH);
	}
	int r = regex_match(n->re, a->s, a->len);
	e->fault.given_up += r < 0;
	if (r == -ENOMEM)
		return expr_fail(e, n, "no memory for a regular expression", tmp);
	if (r < 0)
		return expr_fail(e, n, "a regular expression took too many steps", tmp);
	return expr_bool(tmp, r == (n->op == EXPR_MATCH));
}
