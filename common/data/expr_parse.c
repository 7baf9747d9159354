/* Expressions: building a tree from the words. */
#include "common/data/expr_words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/utf8.h"

struct expr_parser {
	struct expr *e;
	struct expr_lex lex;
	int depth, operators;
};

static int parse_binary(struct expr_parser *p, int level, struct expr_node **ret);

static struct expr_node *new_node(struct expr_parser *p, enum expr_op op, size_t pos)
{
	struct expr_node *n = xcalloc(1, sizeof(*n));

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
static int unexpected(struct expr_parser *p, const char *expected)
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
static size_t take_field(struct expr_parser *p)
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

static int parse_constant(struct expr_parser *p, struct expr_node **ret)
{
	struct expr_lex *lex = &p->lex;
	struct expr_node *n = new_node(p, EXPR_CONST, lex->start);

	if (lex->quote_len && lex->value.type != VALUE_STRING)
		return expr_lex_fail(lex, lex->start, "this string has an escape that JSON does not know");
	if (lex->quote_len && !utf8_valid(lex->name.s, lex->name.len))
		return expr_lex_fail(lex, lex->start, "this string is not UTF-8");
	n->value = lex->value;
	n->text = xstrndup(lex->name.s, lex->name.len);
	n->value.raw = n->value.s = n->text;
	n->value.raw_len = n->value.len = lex->name.len;
	*ret = n;
	return expr_lex_next(lex);
}

/* Arguments up to the ')'; the '(' is the current word. */
static int parse_list(struct expr_parser *p, struct expr_node *n, int *ret_count)
{
	struct expr_node **end = &n->b;
	int r = expr_lex_next(&p->lex);

	*ret_count = 0;
	if (r == 0 && p->lex.op == EXPR_CLOSE)
		return n->op == EXPR_CALL ? expr_lex_next(&p->lex) : unexpected(p, "a value to be in");
	while (r == 0) {
		r = parse_binary(p, 0, end);
		if (r < 0)
			break;
		end = &(*end)->next;
		++*ret_count;
		if (p->lex.op == EXPR_CLOSE)
			return expr_lex_next(&p->lex);
		if (p->lex.op != EXPR_COMMA)
			return unexpected(p, "',' or ')'");
		r = expr_lex_next(&p->lex);
	}
	return r;
}

/* Compile the pattern of time(x, "pattern"). */
static int compile_format(struct expr_parser *p, struct expr_node *n)
{
	const struct expr_node *pattern = n->b->next;
	struct strbuf reason = STRBUF_INIT;
	int r = 0;
	if (pattern->op != EXPR_CONST || pattern->value.type != VALUE_STRING)
		return expr_lex_fail(&p->lex, pattern->pos, "the pattern of a time has to be a string");
	n->format = xcalloc(1, sizeof(*n->format));
	if (time_format_init(n->format, pattern->value.s, &reason) < 0)
		r = expr_lex_fail(&p->lex, pattern->pos, "%s", reason.s);
	strbuf_release(&reason);
	return r;
}

static int parse_call(struct expr_parser *p, struct expr_node **ret)
{
	struct expr_node *n = new_node(p, EXPR_CALL, p->lex.start);
	int count = 0;
	n->func = expr_func_find(p->lex.name.s);
	if (!n->func)
		return expr_hint_unknown(&p->lex);
	if (n->func->max_args && expr_lex_dash(&p->lex) < 0)
		return -EINVAL;
	int r = expr_lex_next(&p->lex);
	if (r == 0 && p->lex.op == EXPR_OPEN)
		r = parse_list(p, n, &count);
	else if (r == 0 && n->func->max_args)
		r = unexpected(p, "'('");
	if (r == 0 && (count < n->func->min_args || count > n->func->max_args))
		r = expr_lex_fail(&p->lex, n->pos, "%s is written %s: %s", n->func->name, n->func->form,
			count < n->func->min_args ? "an argument is missing" : "there are too many arguments");
	if (r == 0 && strcmp(n->func->name, "time") == 0 && count == 2)
		r = compile_format(p, n);
	*ret = n;
	return r;
}

static int parse_operand(struct expr_parser *p, struct expr_node **ret)
{
	struct expr_node *n;
	int r;

	switch (p->lex.op) {
	case EXPR_CONST:
		return parse_constant(p, ret);
	case EXPR_FIELD:
		n = *ret = new_node(p, EXPR_FIELD, p->lex.start);
		n->field = take_field(p);
		return expr_lex_next(&p->lex);
	case EXPR_NAME:
		return parse_call(p, ret);
	case EXPR_OPEN:
		r = expr_lex_next(&p->lex);
		if (r == 0)
			r = parse_binary(p, 0, ret);
		if (r == 0 && p->lex.op != EXPR_CLOSE)
			r = unexpected(p, "')'");
		return r < 0 ? r : expr_lex_next(&p->lex);
	case EXPR_NOT:
	case EXPR_SUB:
		n = *ret = new_node(p, p->lex.op == EXPR_NOT ? EXPR_NOT : EXPR_NEGATE, p->lex.start);
		if (++p->depth > EXPR_MAX_DEPTH)
			return expr_lex_fail(&p->lex, p->lex.start, "nested too deeply");
		r = expr_lex_next(&p->lex);
		if (r == 0)
			r = parse_operand(p, &n->a);
		p->depth--;
		return r;
	case EXPR_NOT_IN:
		return expr_lex_fail(&p->lex, p->lex.start, "'not' comes before 'in'; otherwise it is '!(…)'");
	default:
		return unexpected(p, "a field, a constant or '('");
	}
}

/* The regular expression after =~: a string as it is written, with its backslashes. */
static int parse_pattern(struct expr_parser *p, struct expr_node *n)
{
	if (p->lex.op != EXPR_CONST || !p->lex.quote_len)
		return unexpected(p, "a regular expression in quotes");
	int r = expr_match_compile(&p->lex, n);
	return r < 0 ? r : expr_lex_next(&p->lex);
}

/* The right side of the operator N, which is the current word. */
static int parse_right(struct expr_parser *p, int level, struct expr_node *n)
{
	int count, r = expr_lex_next(&p->lex);

	if (r == 0 && n->op == EXPR_NOT_IN) {
		if (p->lex.op != EXPR_IN)
			return unexpected(p, "'in' after 'not'");
		r = expr_lex_next(&p->lex);
	}
	if (r < 0)
		return r;
	if (n->op == EXPR_MATCH || n->op == EXPR_NO_MATCH)
		return parse_pattern(p, n);
	if (n->op == EXPR_IN || n->op == EXPR_NOT_IN)
		return p->lex.op == EXPR_OPEN ? parse_list(p, n, &count) : unexpected(p, "a list in parentheses");
	return parse_binary(p, level + 1, &n->b);
}

/* Parse operators of LEVEL and above, which group from the left; comparisons cannot be chained. */
static int parse_binary(struct expr_parser *p, int level, struct expr_node **ret)
{
	int r;

	if (level > 4)
		return parse_operand(p, ret);
	if (++p->depth > EXPR_MAX_DEPTH * 6)
		return expr_lex_fail(&p->lex, p->lex.start, "nested too deeply");
	r = parse_binary(p, level + 1, ret);
	while (r == 0 && expr_level(p->lex.op) == level) {
		if (++p->operators > EXPR_MAX_OPERATORS)
			return expr_lex_fail(&p->lex, p->lex.start, "too many operators");
		struct expr_node *n = new_node(p, p->lex.op, p->lex.start);
		n->a = *ret;
		*ret = n;
		r = parse_right(p, level, n);
		if (r == 0 && level == 2 && expr_level(p->lex.op) == 2)
			r = expr_lex_fail(
				&p->lex, p->lex.start, "comparisons do not follow each other; use parentheses or &&");
	}
	p->depth--;
	return r;
}

int expr_new(struct expr **ret, const char *text, struct strbuf *err)
{
	struct expr_parser p = {.e = xcalloc(1, sizeof(*p.e)), .lex = {.err = err}};

	p.e->text = xstrdup(text);
	p.lex.text = p.e->text;
	p.lex.len = strlen(text);
	strbuf_init(&p.lex.name);
	int r = expr_lex_next(&p.lex);
	if (r == 0)
		r = parse_binary(&p, 0, &p.e->root);
	if (r == 0 && p.lex.op != EXPR_END)
		r = unexpected(&p, an_operator);
	if (p.lex.has_field)
		path_release(&p.lex.field.path);
	strbuf_release(&p.lex.name);
	if (r < 0)
		expr_free(p.e);
	else
		*ret = p.e;
	return r;
}

void expr_free(struct expr *e)
{
	if (!e)
		return;
	for (struct expr_node *n = e->made, *before; n; n = before) {
		before = n->made;
		regex_free(n->re);
		if (n->format)
			time_format_release(n->format);
		free(n->format);
		free(n->text);
		free(n);
	}
	for (size_t i = 0; i < e->field_count; i++)
		path_release(&e->fields[i].path);
	free(e->fields);
	free(e->slots);
	free(e->text);
	free(e);
}
