/* Private to expr*.c: what the parser and its helpers (expr_tree.c) share. */
#ifndef WEIR_DATA_EXPR_PARSER_H
#define WEIR_DATA_EXPR_PARSER_H

#include "common/data/expr_impl.h"

struct expr_parser {
	struct expr *e;
	struct expr_lex lex;
	struct expr_node *loop; /* the innermost one, whose elements are called `it`; NULL: none */
	int depth, operators;
};

/* A new node, which belongs to the expression. */
struct expr_node *expr_node_new(struct expr_parser *p, enum expr_op op, size_t pos);

/*
 * These take the current word and go to the next one.  0, or -EINVAL with a reason.
 *
 * A constant; a string as it is written, with its backslashes; the regular expression after =~, the pattern of N.
 */
int expr_constant(struct expr_parser *p, struct expr_node **ret) MUST_CHECK;
int expr_literal(struct expr_parser *p, struct expr_node **ret) MUST_CHECK;
int expr_pattern(struct expr_parser *p, struct expr_node *n) MUST_CHECK;

/* The number of the field that the current word is. */
size_t expr_take_field(struct expr_parser *p);

/* EXPECTED should stand where the current word does: -EINVAL with that as the reason. */
int expr_unexpected(struct expr_parser *p, const char *expected) MUST_CHECK;

/* Check the number of N's arguments, make room for them, and let the function look at them.  0, or -EINVAL. */
int expr_check_call(struct expr_parser *p, struct expr_node *n) MUST_CHECK;

/* Parse an expression up to a word that does not belong to it.  The same. */
int expr_parse(struct expr_parser *p, struct expr_node **ret) MUST_CHECK;

#endif
