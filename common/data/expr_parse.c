/* Expressions: building a tree from the words. */
#include "common/data/expr_parser.h"

#include <errno.h>
#include <string.h>

#include "common/data/expr_words.h"

static int parse_binary(struct expr_parser *p, int level, struct expr_node **ret);

/*
 * Values with commas between, up to END, which is the next word after the list; the opening mark is the current word.
 * N->re is compiled from the value number PATTERN (from 1).
 */
static int parse_list(struct expr_parser *p, struct expr_node *n, enum expr_op end, int pattern)
{
	struct expr_node **last = &n->b;
	int r = expr_lex_next(&p->lex);

	n->count = 0;
	if (r == 0 && p->lex.op == end)
		return n->op == EXPR_IN || n->op == EXPR_NOT_IN ? expr_unexpected(p, "a value to be in")
								: expr_lex_next(&p->lex);
	while (r == 0) {
		if (n->count == 1 && n->func && n->func->op == EXPR_LOOP)
			p->loop = n;
		bool literal =
			pattern && n->count + 1 >= (size_t)pattern && p->lex.op == EXPR_CONST && p->lex.quote_len;
		if (pattern && n->count + 1 == (size_t)pattern)
			r = literal ? expr_match_compile(&p->lex, n)
				    : expr_unexpected(p, "a regular expression in quotes");
		if (r == 0)
			r = literal ? expr_literal(p, last) : parse_binary(p, 0, last);
		if (r < 0)
			break;
		last = &(*last)->next;
		n->count++;
		if (p->lex.op == end)
			return expr_lex_next(&p->lex);
		if (p->lex.op != EXPR_COMMA)
			return expr_unexpected(p, end == EXPR_CLOSE ? "',' or ')'" : "',' or ']'");
		r = expr_lex_next(&p->lex);
	}
	return r;
}

static int parse_call(struct expr_parser *p, struct expr_node **ret)
{
	struct expr_node *n = *ret = expr_node_new(p, EXPR_CALL, p->lex.start), *outer = p->loop;

	if (p->loop && strcmp(p->lex.name.s, "it") == 0) {
		n->op = EXPR_IT;
		n->a = p->loop;
		return expr_lex_next(&p->lex);
	}
	n->func = expr_func_find(p->lex.name.s);
	if (!n->func)
		return expr_hint_unknown(&p->lex);
	if (n->func->max_args && expr_lex_dash(&p->lex) < 0)
		return -EINVAL;
	int r = expr_lex_next(&p->lex);
	if (r == 0 && p->lex.op == EXPR_OPEN)
		r = parse_list(p, n, EXPR_CLOSE, n->func->regex);
	else if (r == 0 && n->func->max_args)
		r = expr_unexpected(p, "'('");
	p->loop = outer;
	return r < 0 ? r : expr_check_call(p, n);
}

/* A name of a member and its value; the '{' or ',' before it is the current word. */
static int parse_member(struct expr_parser *p, struct expr_node **ret_name)
{
	int r = expr_lex_next(&p->lex);

	if (r < 0)
		return r;
	if (p->lex.op == EXPR_NAME || (p->lex.op == EXPR_CONST && !p->lex.quote_len)) {
		p->lex.value.type = VALUE_STRING; /* true, in, 1: also names */
		r = expr_constant(p, ret_name);
	} else if (p->lex.op == EXPR_OPEN) {
		r = expr_lex_next(&p->lex);
		if (r == 0)
			r = parse_binary(p, 0, ret_name);
		if (r == 0)
			r = p->lex.op == EXPR_CLOSE ? expr_lex_next(&p->lex) : expr_unexpected(p, "')'");
	} else {
		r = p->lex.op == EXPR_CONST ? expr_constant(p, ret_name)
					    : expr_unexpected(p, "the name of a member, as in {name: .a},");
	}
	if (r == 0)
		r = p->lex.op == EXPR_COLON ? expr_lex_next(&p->lex) : expr_unexpected(p, "':'");
	return r < 0 ? r : parse_binary(p, 0, &(*ret_name)->next);
}

/* {name: value, …}; the '{' is the current word. */
static int parse_object(struct expr_parser *p, struct expr_node **ret)
{
	struct expr_node *n = *ret = expr_node_new(p, EXPR_OBJECT, p->lex.start), **last = &n->b;
	const char *ahead = p->lex.text + p->lex.pos;
	int r = 0;

	if (ahead[strspn(ahead, " \t\r\n")] == '}') {
		r = expr_lex_next(&p->lex);
		return r < 0 ? r : expr_lex_next(&p->lex);
	}
	do {
		r = parse_member(p, last);
		if (r == 0)
			last = &(*last)->next->next;
	} while (r == 0 && p->lex.op == EXPR_COMMA);
	if (r == 0 && p->lex.op != EXPR_BRACE_END)
		r = expr_unexpected(p, "',' or '}'");
	return r < 0 ? r : expr_lex_next(&p->lex);
}

/* [i] or [from:to] after *BASE; the '[' is the current word. */
static int parse_bracket(struct expr_parser *p, struct expr_node **base)
{
	struct expr_node *n = expr_node_new(p, EXPR_INDEX, p->lex.start);
	int r = expr_lex_next(&p->lex);

	n->a = *base;
	*base = n;
	if (r == 0 && p->lex.op == EXPR_BRACKET_END)
		return expr_lex_fail(
			&p->lex, p->lex.start, "'[]' does not stand for all elements, as in jq; [0] is the first");
	if (r == 0 && p->lex.op != EXPR_COLON)
		r = parse_binary(p, 0, &n->b);
	if (r == 0 && p->lex.op == EXPR_COLON) {
		n->op = EXPR_SLICE;
		r = expr_lex_next(&p->lex);
		if (r == 0 && p->lex.op != EXPR_BRACKET_END)
			r = parse_binary(p, 0, &n->c);
	}
	if (r == 0 && p->lex.op != EXPR_BRACKET_END)
		r = expr_unexpected(p, "']'");
	return r < 0 ? r : expr_lex_next(&p->lex);
}

/* What comes directly after an operand, without a blank: [1], [1:3], .name */
static int parse_parts(struct expr_parser *p, struct expr_node **ret)
{
	int r = 0;

	while (r == 0 && p->lex.start == p->lex.end) {
		if (p->lex.op == EXPR_BRACKET) {
			if (++p->operators > EXPR_MAX_OPERATORS)
				return expr_lex_fail(&p->lex, p->lex.start, "too many operators");
			r = parse_bracket(p, ret);
		} else if (p->lex.op == EXPR_FIELD && !p->lex.field.column && p->lex.field.path.count) {
			struct expr_node *n = expr_node_new(p, EXPR_GET, p->lex.start);
			n->a = *ret;
			n->path = p->lex.field.path;
			p->lex.has_field = false;
			*ret = n;
			r = expr_lex_next(&p->lex);
		} else {
			break;
		}
	}
	return r;
}

static int parse_part(struct expr_parser *p, struct expr_node **ret);

/* !a and -a. */
static int parse_unary(struct expr_parser *p, struct expr_node **ret)
{
	struct expr_node *n = *ret = expr_node_new(p, p->lex.op == EXPR_NOT ? EXPR_NOT : EXPR_NEGATE, p->lex.start);

	if (++p->depth > EXPR_MAX_DEPTH)
		return expr_lex_fail(&p->lex, p->lex.start, "nested too deeply");
	int r = expr_lex_next(&p->lex);
	if (r == 0)
		r = parse_part(p, &n->a);
	p->depth--;
	return r;
}

static int parse_operand(struct expr_parser *p, struct expr_node **ret)
{
	struct expr_node *n;
	int r;

	switch (p->lex.op) {
	case EXPR_CONST:
		return expr_constant(p, ret);
	case EXPR_FIELD:
		n = *ret = expr_node_new(p, EXPR_FIELD, p->lex.start);
		n->field = expr_take_field(p);
		return expr_lex_next(&p->lex);
	case EXPR_NAME:
		return parse_call(p, ret);
	case EXPR_BRACE:
		return parse_object(p, ret);
	case EXPR_BRACKET:
		n = *ret = expr_node_new(p, EXPR_ARRAY, p->lex.start);
		return parse_list(p, n, EXPR_BRACKET_END, 0);
	case EXPR_OPEN:
		r = expr_lex_next(&p->lex);
		if (r == 0)
			r = parse_binary(p, 0, ret);
		if (r == 0 && p->lex.op != EXPR_CLOSE)
			r = expr_unexpected(p, "')'");
		return r < 0 ? r : expr_lex_next(&p->lex);
	case EXPR_NOT:
	case EXPR_SUB:
		return parse_unary(p, ret);
	case EXPR_NOT_IN:
		return expr_lex_fail(&p->lex, p->lex.start, "'not' comes before 'in'; otherwise it is '!(…)'");
	default:
		return expr_unexpected(p, "a field, a constant or '('");
	}
}

/* An operand with what belongs to it. */
static int parse_part(struct expr_parser *p, struct expr_node **ret)
{
	bool sign = p->lex.op == EXPR_NOT || p->lex.op == EXPR_SUB; /* -.a[0] is -(.a[0]) */
	int r = parse_operand(p, ret);

	return r < 0 || sign ? r : parse_parts(p, ret);
}

/* What follows in or not in: a list or a file. */
static int parse_set(struct expr_parser *p, struct expr_node *n)
{
	if (p->lex.op == EXPR_OPEN || p->lex.op == EXPR_BRACKET)
		return parse_list(p, n, p->lex.op == EXPR_OPEN ? EXPR_CLOSE : EXPR_BRACKET_END, 0);
	if (p->lex.op != EXPR_FILE)
		return expr_unexpected(p, "a list in parentheses or @FILE");
	int r = expr_set_read(&n->set, &p->lex);
	return r < 0 ? r : expr_lex_next(&p->lex);
}

/* The right side of the operator N, which is the current word. */
static int parse_right(struct expr_parser *p, int level, struct expr_node *n)
{
	int r = expr_lex_next(&p->lex);

	if (r == 0 && n->op == EXPR_NOT_IN) {
		if (p->lex.op != EXPR_IN)
			return expr_unexpected(p, "'in' after 'not'");
		r = expr_lex_next(&p->lex);
	}
	if (r < 0)
		return r;
	if (n->op == EXPR_MATCH || n->op == EXPR_NO_MATCH)
		return expr_pattern(p, n);
	if (n->op == EXPR_IN || n->op == EXPR_NOT_IN)
		return parse_set(p, n);
	return parse_binary(p, level + 1, &n->b);
}

/* Parse operators of LEVEL and above, which group from the left; comparisons cannot be chained. */
static int parse_binary(struct expr_parser *p, int level, struct expr_node **ret)
{
	int r;

	if (level == EXPR_LEVELS)
		return parse_part(p, ret);
	if (++p->depth > EXPR_MAX_DEPTH * (EXPR_LEVELS + 1))
		return expr_lex_fail(&p->lex, p->lex.start, "nested too deeply");
	r = parse_binary(p, level + 1, ret);
	while (r == 0 && expr_level(p->lex.op) == level) {
		if (++p->operators > EXPR_MAX_OPERATORS)
			return expr_lex_fail(&p->lex, p->lex.start, "too many operators");
		struct expr_node *n = expr_node_new(p, p->lex.op, p->lex.start);
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

int expr_parse(struct expr_parser *p, struct expr_node **ret)
{
	return parse_binary(p, 0, ret);
}
