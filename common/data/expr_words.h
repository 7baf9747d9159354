/*
 * The words and marks of expressions: operators and constants, the precedence of operators, and what other languages
 * write instead.
 *
 * Layer: data.  Private to expr*.c; knows neither the text nor the tree.
 */
#ifndef WEIR_DATA_EXPR_WORDS_H
#define WEIR_DATA_EXPR_WORDS_H

#include "common/data/expr_impl.h"

/* The word NAME: an operator, or a constant with its value in *RET_VALUE; EXPR_NAME: neither. */
enum expr_op expr_word(const char *name, struct value *ret_value);

/* The longest mark that S, up to its NUL, begins with, and its length into *RET_LEN; EXPR_END: none. */
enum expr_op expr_mark(const char *s, size_t *ret_len);

/*
 * The mark of another language that S begins with, and its length in *RET_LEN: NULL when there is none, else what to
 * tell the user, as "is not an operator; '!=' is".  It counts when it is longer than the mark that expr_mark() finds:
 * '===' is foreign, although '==' is not.
 */
const char *expr_foreign_mark(const char *s, size_t *ret_len);

/* Operators with two operands from 0, the weakest, to EXPR_LEVELS - 1; -1: OP is none. */
#define EXPR_LEVELS 5
int expr_level(enum expr_op op);

/* Append the operators of LEVEL as they are written, with blanks between; -1: those with one operand. */
void expr_level_add(int level, struct strbuf *out);

#endif
