/* Private to expr*.c. */
#ifndef WEIR_DATA_EXPR_IMPL_H
#define WEIR_DATA_EXPR_IMPL_H

#include <limits.h>

#include "common/data/expr.h"
#include "common/data/json_scan.h"
#include "common/data/regex.h"
#include "common/data/time.h"
#include "common/data/zone.h"

enum expr_op {
	/* The end, names and punctuation of the text; only the lexer uses these. */
	EXPR_END,
	EXPR_NAME,
	EXPR_OPEN,
	EXPR_CLOSE,
	EXPR_COMMA,
	EXPR_COLON,
	EXPR_BRACKET,     /* [ */
	EXPR_BRACKET_END, /* ] */
	EXPR_BRACE,       /* { */
	EXPR_BRACE_END,   /* } */
	EXPR_FILE,        /* @users.txt */
	/* Operands. */
	EXPR_CONST,
	EXPR_FIELD,
	EXPR_CALL,
	EXPR_IF,     /* of the list at b, the first one decides between the others */
	EXPR_GET,    /* the value at a path within a */
	EXPR_INDEX,  /* the element or member b of a */
	EXPR_SLICE,  /* a[b:c]; the ends may be NULL */
	EXPR_ARRAY,  /* of the list at b */
	EXPR_OBJECT, /* of the list at b: names and values in turn */
	EXPR_LOOP,   /* any, all, map, select, sum: the list at b is an array and what to do with its elements */
	EXPR_IT,     /* the element of the loop a */
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
	EXPR_ELSE, /* ?? */
	EXPR_ADD,
	EXPR_SUB,
	EXPR_MUL,
	EXPR_DIV,
	EXPR_MOD,
	EXPR_NEGATE,
};

struct expr_func;

enum expr_loop_kind { EXPR_ANY, EXPR_ALL, EXPR_MAP, EXPR_SELECT, EXPR_SUM };

/* What EXPR_LOOP has while it goes through its array. */
struct expr_loop {
	enum expr_loop_kind kind;
	struct json_scan scan;
	struct json_item item;
	struct strbuf text; /* of the element */
	struct value it;    /* the element */
	struct value sum;
};

struct expr_node {
	enum expr_op op;
	size_t pos;                   /* in the text */
	struct expr_node *a, *b, *c;  /* operands; of lists, `b` is the first one */
	struct expr_node *next;       /* in the list of arguments */
	struct expr_node *made;       /* before this one, for freeing */
	struct value value;           /* EXPR_CONST */
	size_t field;                 /* EXPR_FIELD */
	struct path path;             /* EXPR_GET */
	const struct expr_func *func; /* EXPR_CALL */
	size_t count;                 /* EXPR_CALL: of its arguments, and the arguments: */
	struct value *room;
	const struct value **args;
	struct regex *re;           /* EXPR_MATCH, and functions with a pattern */
	struct time_format *format; /* of time(x, "…") */
	struct zone *zone;          /* of functions of times */
	struct json *json;          /* of json(x) */
	struct expr_set *set;       /* of in @FILE */
	struct expr_loop *loop;     /* EXPR_LOOP */
	struct strbuf key;          /* of hmac(); wiped when it is freed */
	struct strbuf text;         /* a constant, or the result of the last evaluation */
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
	bool infer; /* columns that look like numbers, true or false are these in arrays and objects */
};

/* The text, cut into words; `op` is the current word, and the members after it belong to it. */
struct expr_lex {
	const char *text;
	size_t len, pos; /* pos: after the current word */
	enum expr_op op;
	size_t start, end;  /* where the current word starts, and the one before it ends */
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

#define EXPR_MANY INT_MAX /* any number of arguments */

/* The value of N, below which there is no field; valid until N is evaluated again. */
const struct value *expr_eval_constant(struct expr *e, struct expr_node *n, struct value *tmp);

struct expr_func {
	const char *name;
	int min_args, max_args;
	/* The value for n->args[0] to n->args[n->count - 1]. */
	const struct value *(*call)(struct expr *e, struct expr_node *n, struct value *tmp);
	const char *form, *help; /* for --help */
	bool null;               /* it is null when one of its arguments is */
	int regex;               /* the argument that is a pattern, from 1; 0: none */
	enum expr_op op;         /* EXPR_IF, EXPR_LOOP: not a function that gets all of its arguments; 0: it is */
	enum expr_loop_kind kind;
	/* Look at the arguments when all have been parsed; 0, or -EINVAL with a reason in LEX; may be NULL. */
	int (*prepare)(struct expr_lex *lex, struct expr_node *n);
};

/* NULL: there is none with this name. */
const struct expr_func *expr_func_find(const char *name);

/* The name of function I from 0; NULL: there are no more. */
const char *expr_func_name(size_t i);

/* Append a line for each. */
void expr_func_help(struct strbuf *out);

/* Count a fault at N and return a null in *tmp. */
const struct value *expr_fail(struct expr *e, const struct expr_node *n, const char *what, struct value *tmp);

/* LEN bytes that belong to N, for the text of its result, until it is evaluated again. */
char *expr_room(struct expr_node *n, size_t len);

/* The same, empty, to be appended to. */
struct strbuf *expr_text(struct expr_node *n);

/* The longest text that a function makes.  No record is that long by default (--max-record). */
#define EXPR_MAX_TEXT (UINT64_C(256) << 20)
extern const char expr_too_long[];

/* What was put into expr_text(N), as a value of this TYPE: VALUE_STRING, VALUE_ARRAY or VALUE_OBJECT. */
const struct value *expr_give_text(struct expr *e, const struct expr_node *n, enum value_type type, struct value *tmp);

/* Whether the first COUNT arguments of N are strings; if not, a null and a fault are in *TMP. */
bool expr_strings(struct expr *e, const struct expr_node *n, size_t count, struct value *tmp) MUST_CHECK;

/* Argument I of N as an int64: a whole number.  False: a null and a fault are in *TMP. */
bool expr_whole(struct expr *e, const struct expr_node *n, size_t i, int64_t *ret, struct value *tmp) MUST_CHECK;

/* Where the character number N (from 0) of the LEN bytes at S begins; LEN: there are not so many. */
size_t expr_char_at(const char *s, size_t len, uint64_t n);

/* The characters in the LEN bytes at S: the bytes that do not continue one. */
uint64_t expr_char_count(const char *s, size_t len);

/* --- parts of values (expr_part.c) ---------------------------------------------------------------------------------
 */

/* The value at N's path within A. */
const struct value *expr_get(struct expr *e, struct expr_node *n, const struct value *a, struct value *tmp);

/* A[B]. */
const struct value *expr_index(
	struct expr *e, struct expr_node *n, const struct value *a, const struct value *b, struct value *tmp);

/* A[FROM:TO]; an end that was not written is NULL. */
const struct value *expr_slice(struct expr *e, struct expr_node *n, const struct value *a, const struct value *from,
	const struct value *to, struct value *tmp);

/* Append VALUE to the array or object that N makes; its NAME, for an object.  False: the name is not a string. */
void expr_make_begin(struct expr_node *n);
bool expr_make_add(const struct expr *e, struct expr_node *n, const struct value *name, const struct value *value);
const struct value *expr_make_end(struct expr *e, struct expr_node *n, struct value *tmp);

/* --- any, all, map, select, sum (expr_loop.c) ----------------------------------------------------------------------
 */

/* Begin with ARRAY; false: the result is in *TMP. */
bool expr_loop_begin(struct expr *e, struct expr_node *n, const struct value *array, struct value *tmp);
/* Go to the next element; false: there is none. */
bool expr_loop_next(struct expr_node *n);
/* V is the value for the element; false: the result is settled. */
bool expr_loop_take(struct expr *e, struct expr_node *n, const struct value *v);
const struct value *expr_loop_end(struct expr *e, struct expr_node *n, struct value *tmp);

/* --- in @FILE (expr_set.c) -----------------------------------------------------------------------------------------
 */

struct expr_set;
/* Read the lines of the file that the current word of LEX names.  0, or -EINVAL with a reason. */
int expr_set_read(struct expr_set **ret, struct expr_lex *lex) MUST_CHECK;
void expr_set_free(struct expr_set *set);
/* Whether a line is the text of V; null never is. */
bool expr_set_has(struct expr_set *set, const struct value *v);

enum expr_order {
	EXPR_LESS = -1,
	EXPR_EQUAL = 0,
	EXPR_GREATER = 1,
	EXPR_UNLIKE = 2, /* the types cannot be compared */
	EXPR_NULL = 3,   /* one of them is null, the other is not */
};
enum expr_order expr_compare(const struct value *a, const struct value *b);

/* A op B for EXPR_ADD to EXPR_MOD at N, and A + B for EXPR_LOOP, whose strings are not joined. */
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
