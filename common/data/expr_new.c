/* Expressions: compiling a text. */
#include <errno.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/expr_parser.h"
#include "common/data/expr_source.h"

static int compile(struct expr **ret, const char *text, struct strbuf *err)
{
	struct expr_parser p = {.e = xcalloc(1, sizeof(*p.e)), .lex = {.err = err}};

	p.e->text = xstrdup(text);
	p.lex.text = p.e->text;
	p.lex.len = strlen(text);
	strbuf_init(&p.lex.name);
	int r = expr_lex_next(&p.lex);
	if (r == 0)
		r = expr_parse(&p, &p.e->root);
	if (r == 0 && p.lex.op != EXPR_END)
		r = expr_unexpected(&p, "an operator");
	if (p.lex.has_field)
		path_release(&p.lex.field.path);
	strbuf_release(&p.lex.name);
	if (r < 0)
		expr_free(p.e);
	else
		*ret = p.e;
	return r;
}

int expr_new(struct expr **ret, const char *text, struct strbuf *err)
{
	struct strbuf whole = STRBUF_INIT;
	int r = expr_source(text, &whole, err);

	if (r == 0)
		r = compile(ret, whole.s, err);
	strbuf_release(&whole);
	return r;
}

void expr_infer(struct expr *e)
{
	e->infer = true;
}
