/* Expressions: regular expressions. */
#include "common/data/expr_impl.h"

/* A pattern that explodes is given up after this many steps, which take about 0.1 s. */
#define MATCH_LIMIT 1000000

int expr_match_compile(struct expr_lex *lex, struct expr_node *n)
{
	PCRE2_UCHAR reason[256];
	PCRE2_SIZE pos;
	int code;

	n->re = pcre2_compile((PCRE2_SPTR)lex->text + lex->start + 1, lex->quote_len - 2,
		PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_DOLLAR_ENDONLY, &code, &pos, NULL);
	if (!n->re) {
		pcre2_get_error_message(code, reason, sizeof(reason));
		return expr_lex_fail(lex, lex->start + 1 + pos, "regular expression: %s", (const char *)reason);
	}
	/* Without JIT (a refusal is no error) it is slower, no more. */
	(void)pcre2_jit_compile(n->re, PCRE2_JIT_COMPLETE);
	n->match = pcre2_match_data_create(1, NULL);
	return 0;
}

const struct value *expr_match(struct expr *e, struct expr_node *n, struct value *tmp)
{
	struct value ta;
	const struct value *a = expr_eval(e, n->a, &ta);
	int r;

	if (expr_is_null(a))
		return expr_bool(tmp, n->op == EXPR_NO_MATCH);
	if (!expr_is_string(a)) {
		(void)expr_fail(e, n, "a regular expression wants a string", tmp);
		return expr_bool(tmp, n->op == EXPR_NO_MATCH);
	}
	if (!n->match || !e->match_context)
		return expr_fail(e, n, "no memory for a regular expression", tmp);
	pcre2_set_match_limit(e->match_context, MATCH_LIMIT);
	r = pcre2_match(n->re, (PCRE2_SPTR)a->s, a->len, 0, 0, n->match, e->match_context);
	if (r < 0 && r != PCRE2_ERROR_NOMATCH)
		return expr_fail(e, n, "a regular expression took too many steps", tmp);
	return expr_bool(tmp, (r >= 0) == (n->op == EXPR_MATCH));
}
