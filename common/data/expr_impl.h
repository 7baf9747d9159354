/* Private to expr*.c. */
#ifndef WEIR_DATA_EXPR_IMPL_H
#define WEIR_DATA_EXPR_IMPL_H

#include "common/data/expr.h"
#include "common/data/regex.h"
#include "common/data/time.h"

enum expr_op {
	/* The end, names and punctuation of the text; only the lexer uses these. */
	EXPR_END,
	EXPR_NAME,
	EXPR_OPEN,
	EXPR_CLOSE,
	EXPR_COMMA,
	/* Operands. */
	EXPR_CONST,
	EXPR_FIELD,
	EXPR_CALL,
	/* Operators. */
	EXPR_OR,
	EXPR_AND,
	EXPR_NOT,
	EXPR_EQ,
	EXPR_NE,
	EXPR_LT,
	EXPR_LE,
	EXPR_GT,
	EXPR_GE,
	EXPR_MATCH,
	EXPR_NO_MATCH,
	EXPR_IN,
	EXPR_NOT_IN,
	EXPR_ADD,
	EXPR_SUB,
	EXPR_MUL,
	EXPR_DIV,
	EXPR_MOD,
	EXPR_NEGATE,
};

struct expr_func;

struct expr_node {
	enum expr_op op;
	size_t pos;                   /* in the text */
	struct expr_node *a, *b;      /* operands; of EXPR_IN and EXPR_CALL, `a` is the first of a list */
	struct expr_node *next;       /* in the list of arguments */
	struct expr_node *made;       /* before this one, for freeing */
	struct value value;           /* EXPR_CONST */
	size_t field;                 /* EXPR_FIELD */
	const struct expr_func *func; /* EXPR_CALL */
	struct regex *re;             /* EXPR_MATCH */
	struct time_format *format;   /* of time(x, "…") */
	char *text;                   /* a constant, or the result of the last call */
	size_t text_cap;
};

struct expr {
	char *text;
	struct expr_node *root, *made;
	struct expr_field *fields;
	int *slots;
	size_t field_count;
	const struct value *values; /* of the current record */
	struct value result;
	struct time_cache times; /* for the argument of time() */
	struct expr_fault fault;
};

/* The text, cut into words; `op` is the current word, and the members after it belong to it. */
struct expr_lex {
	const char *text;
	size_t len, pos; /* pos: after the current word */
	enum expr_op op;
	size_t start;       /* of the current word */
	struct value value; /* EXPR_CONST */
	struct strbuf name; /* EXPR_NAME; EXPR_CONST: the text of a string or number */
	size_t quote_len;   /* EXPR_CONST: the length of a string in quotes as it is written; 0: another constant */
	struct expr_field field;
	bool has_field; /* `field` is set and was not taken over yet */
	struct strbuf *err;
};

/* Go to the next word.  0, or -EINVAL with a reason in err. */
int expr_lex_next(struct expr_lex *lex) MUST_CHECK;

/*
 * The current word is a name that does not exist.  If it is the end of a name with a '-', as in .user-id, return
 * -EINVAL with that as the reason, else 0.
 */
int expr_lex_dash(struct expr_lex *lex) MUST_CHECK;

/*
 * The current word is a name.  If another language has it, or if only its capitals are wrong, return -EINVAL with what
 * to write instead as the reason, else 0.
 */
int expr_hint_name(struct expr_lex *lex) MUST_CHECK;

/* The current word is an unknown name: -EINVAL with the most helpful reason. */
int expr_hint_unknown(struct expr_lex *lex) MUST_CHECK;

/* Write the reason with the position POS.  Returns -EINVAL. */
int expr_lex_fail(struct expr_lex *lex, size_t pos, const char *fmt, ...) PRINTF_LIKE(3, 4);

/*
 * Compile the string that is the current word of LEX, as it is written, as the pattern of N. 0, or -EINVAL with a
 * reason.
 */
int expr_match_compile(struct expr_lex *lex, struct expr_node *n) MUST_CHECK;

/* Match A with the pattern of N, for =~ and !~; a match that takes too many steps is a fault. */
const struct value *expr_match(struct expr *e, const struct expr_node *n, const struct value *a, struct value *tmp);

struct expr_func {
	const char *name;
	int min_args, max_args;
	/* Compute the function for the arguments A and B; arguments that N does not have are NULL. */
	const struct value *(*call)(
		struct expr *e, struct expr_node *n, const struct value *a, const struct value *b, struct value *tmp);
	const char *form, *help; /* for --help */
};

/* NULL: there is none with this name. */
const struct expr_func *expr_func_find(const char *name);

/* The name of function I from 0; NULL: there are no more. */
const char *expr_func_name(size_t i);

/* Append a line for each. */
void expr_func_help(struct strbuf *out);

/* Count a fault at N and return a null in *tmp. */
const struct value *expr_fail(struct expr *e, const struct expr_node *n, const char *what, struct value *tmp);

/* LEN bytes that belong to N, for the text of its result. */
char *expr_room(struct expr_node *n, size_t len);

enum expr_order {
	EXPR_LESS = -1,
	EXPR_EQUAL = 0,
	EXPR_GREATER = 1,
	EXPR_UNLIKE = 2, /* the types cannot be compared */
	EXPR_NULL = 3,   /* one of them is null, the other is not */
};
enum expr_order expr_compare(const struct value *a, const struct value *b);

/* A op B for EXPR_ADD to EXPR_MOD at N. */
const struct value *expr_arithmetic(
	struct expr *e, struct expr_node *n, const struct value *a, const struct value *b, struct value *tmp);

/*
 * V as a number (VALUE_INT, VALUE_DOUBLE, VALUE_NUMBER): V itself, or *tmp for text that is a number; NULL: it is not
 * one.
 */
const struct value *expr_number(const struct value *v, struct value *tmp);

static inline bool expr_is_null(const struct value *v)
{
	return v->type <= VALUE_NULL;
}

static inline bool expr_is_string(const struct value *v)
{
	return v->type == VALUE_STRING || v->type == VALUE_TEXT;
}

static inline bool expr_is_true(const struct value *v)
{
	return v->type == VALUE_BOOL ? v->b : v->type > VALUE_NULL;
}

static inline const struct value *expr_bool(struct value *tmp, bool b)
{
	*tmp = (struct value){.type = VALUE_BOOL, .b = b};
	return tmp;
}

#endif
