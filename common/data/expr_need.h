/*
 * What an expression needs of single fields: a simpler condition, which is true for all records that match, and perhaps
 * for others.  It tells which parts of a table need not be read.
 *
 * Layer: data (uses expr).  Comparisons of a field with a constant are kept, and how they are put together; whatever
 * else is in the expression becomes EXPR_NEED_ANY.
 */
#ifndef WEIR_DATA_EXPR_NEED_H
#define WEIR_DATA_EXPR_NEED_H

#include "common/data/expr.h"

enum expr_need_op {
	EXPR_NEED_ANY,  /* true for any record */
	EXPR_NEED_NONE, /* for none */
	EXPR_NEED_AND,  /* of its children */
	EXPR_NEED_OR,
	EXPR_NEED_LT, /* the field OP the value */
	EXPR_NEED_LE,
	EXPR_NEED_EQ,
	EXPR_NEED_NE,
	EXPR_NEED_GE,
	EXPR_NEED_GT,
	EXPR_NEED_NULL, /* the field is null or missing; is not */
	EXPR_NEED_NOT_NULL,
};

struct expr_need {
	enum expr_need_op op;
	size_t field; /* its number in the expression */
	/*
	 * Of a comparison: a boolean, number or string, which belongs to the expression; or a VALUE_TIME, with which
	 * time() of the field is compared.
	 */
	struct value value;
	struct expr_need *child; /* of AND and OR; owned */
	size_t children;
};

/*
 * What E needs; valid until E is used or freed.  `now` in it is the time of this call.  expr_need_free() it.
 */
struct expr_need *expr_need_new(struct expr *e) __attribute__((returns_nonnull));
void expr_need_free(struct expr_need *need);

#endif
