/*
 * The words and marks of expressions: operators and constants, the precedence of operators, and what other languages
 * write instead.
 *
 * Layer: data.  Private to expr*.c; it depends neither on the lexer nor on the tree.
 */
#ifndef WEIR_DATA_EXPR_WORDS_H
#define WEIR_DATA_EXPR_WORDS_H

#include "common/data/expr_impl.h"

/* The word NAME: an operator, or a constant with its value in *RET_VALUE; EXPR_NAME: neither. */
enum expr_op expr_word(const char *name, struct value *ret_value);

/*
 * The longest operator or punctuation mark with which S begins, and its length in *RET_LEN; EXPR_END when there is
 * none.
 */
enum expr_op expr_mark(const char *s, size_t *ret_len);

/*
 * For an operator of another language with which S begins: the text for the user, such as "is not an operator; '!='
 * is", and its length in *RET_LEN; NULL when there is none.  It is preferred when it is longer than what expr_mark()
 * finds: '===' is foreign, although '==' is not.
 */
const char *expr_foreign_mark(const char *s, size_t *ret_len);

/*
 * The precedence of an operator with two operands, from 0, the weakest, to EXPR_LEVELS - 1; -1: OP is not such an
 * operator.
 */
#define EXPR_LEVELS 6
int expr_level(enum expr_op op);

/* Append the operators of LEVEL as they are written, with blanks between; -1: those with one operand. */
void expr_level_add(int level, struct strbuf *out);

#endif
