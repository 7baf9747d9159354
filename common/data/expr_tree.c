/* Expressions: nodes of the tree and the fields that they name, for the parser; and freeing them. */
#include "common/data/expr_parser.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/json.h"
#include "common/data/regex.h"
#include "common/data/utf8.h"

struct expr_node *expr_node_new(struct expr_parser *p, enum expr_op op, size_t pos)
{
	struct expr_node *n = xcalloc(1, sizeof(*n));

	strbuf_init(&n->text);
	strbuf_init(&n->key);
	n->op = op;
	n->pos = pos;
	n->made = p->e->made;
	p->e->made = n;
	return n;
}

static const char an_operator[] = "an operator";

/*
 * The text of an operator or a punctuation mark has the length that the lexer has found, so that a message can show it.
 */
int expr_unexpected(struct expr_parser *p, const char *expected)
{
	struct expr_lex *lex = &p->lex;

	if (lex->op == EXPR_END)
		return expr_lex_fail(lex, lex->start, "%s was expected, but the expression ends", expected);
	if (lex->op == EXPR_NAME && expr_hint_name(lex) < 0)
		return -EINVAL;
	if (lex->op == EXPR_OPEN && strcmp(expected, an_operator) == 0)
		return expr_lex_fail(lex, lex->start, "a function comes before its argument, as in length(.a)");
	return expr_lex_fail(lex, lex->start, "%s was expected, not '%.*s'", expected, (int)(lex->pos - lex->start),
		lex->text + lex->start);
}

static bool same_field(const struct expr_field *a, const struct expr_field *b)
{
	if (a->column != b->column || a->path.count != b->path.count)
		return false;
	for (size_t i = 0; i < a->path.count; i++) {
		const struct path_step *x = &a->path.steps[i], *y = &b->path.steps[i];
		if (!x->name != !y->name ||
			(x->name ? x->len != y->len || memcmp(x->name, y->name, x->len) != 0 : x->index != y->index))
			return false;
	}
	return true;
}

/* The number of the field that the lexer holds; ownership passes to the expression. */
size_t expr_take_field(struct expr_parser *p)
{
	struct expr *e = p->e;

	p->lex.has_field = false;
	for (size_t i = 0; i < e->field_count; i++)
		if (same_field(&e->fields[i], &p->lex.field)) {
			path_release(&p->lex.field.path);
			return i;
		}
	e->fields = xreallocarray(e->fields, e->field_count + 1, sizeof(*e->fields));
	e->slots = xreallocarray(e->slots, e->field_count + 1, sizeof(*e->slots));
	e->fields[e->field_count] = p->lex.field;
	e->slots[e->field_count] = (int)e->field_count;
	return e->field_count++;
}

int expr_constant(struct expr_parser *p, struct expr_node **ret)
{
	struct expr_lex *lex = &p->lex;
	struct expr_node *n = expr_node_new(p, EXPR_CONST, lex->start);

	if (lex->quote_len && lex->value.type != VALUE_STRING)
		return expr_lex_fail(lex, lex->start, "this string has an escape that JSON does not know");
	if (lex->quote_len && !utf8_valid(lex->name.s, lex->name.len))
		return expr_lex_fail(lex, lex->start, "this string is not UTF-8");
	n->value = lex->value;
	strbuf_add(&n->text, lex->name.s, lex->name.len);
	n->value.s = n->text.s;
	n->value.len = lex->name.len;
	if (n->value.type != VALUE_STRING) { /* a string is not as it is written */
		n->value.raw = n->value.s;
		n->value.raw_len = n->value.len;
	}
	*ret = n;
	return expr_lex_next(lex);
}

int expr_literal(struct expr_parser *p, struct expr_node **ret)
{
	struct expr_lex *lex = &p->lex;
	struct expr_node *n = *ret = expr_node_new(p, EXPR_CONST, lex->start);

	strbuf_add(&n->text, lex->text + lex->start + 1, lex->quote_len - 2);
	n->value = (struct value){.type = VALUE_STRING, .s = n->text.s, .len = n->text.len};
	return expr_lex_next(lex);
}

int expr_check_call(struct expr_parser *p, struct expr_node *n)
{
	const struct expr_func *func = n->func;
	int count = (int)n->count;

	if (count < func->min_args || count > func->max_args)
		return expr_lex_fail(&p->lex, n->pos, "%s is written %s: %s", func->name, func->form,
			count < func->min_args ? "an argument is missing" : "there are too many arguments");
	if (func->op)
		n->op = func->op;
	if (func->op == EXPR_LOOP) {
		n->loop = xcalloc(1, sizeof *n->loop);
		strbuf_init(&n->loop->text);
		n->loop->kind = func->kind;
	}
	n->room = xcalloc(n->count + 1, sizeof *n->room);
	n->args = xcalloc(n->count + 1, sizeof *n->args);
	return func->prepare ? func->prepare(&p->lex, n) : 0;
}

int expr_pattern(struct expr_parser *p, struct expr_node *n)
{
	if (p->lex.op != EXPR_CONST || !p->lex.quote_len)
		return expr_unexpected(p, "a regular expression in quotes");
	int r = expr_match_compile(&p->lex, n);
	return r < 0 ? r : expr_lex_next(&p->lex);
}

static void free_node(struct expr_node *n)
{
	regex_free(n->re);
	if (n->format)
		time_format_release(n->format);
	free(n->format);
	zone_free(n->zone);
	json_free(n->json);
	path_release(&n->path);
	expr_set_free(n->set);
	if (n->loop)
		strbuf_release(&n->loop->text);
	free(n->loop);
	explicit_bzero(n->key.s, n->key.cap);
	strbuf_release(&n->key);
	free(n->room);
	free(n->args);
	strbuf_release(&n->text);
	free(n);
}

void expr_free(struct expr *e)
{
	if (!e)
		return;
	for (struct expr_node *n = e->made, *before; n; n = before) {
		before = n->made;
		free_node(n);
	}
	for (size_t i = 0; i < e->field_count; i++)
		path_release(&e->fields[i].path);
	free(e->fields);
	free(e->slots);
	free(e->text);
	free(e);
}
