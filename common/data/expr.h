/*
 * Expressions over the values of a record: .action == "buy" && .amount > 100.  weir-expr(7) describes the language.
 *
 * Layer: data (uses base, path, value, time, json, utf8, regex).  An expression is compiled once; one struct expr
 * serves one thread.  An expression does not depend on the format of records: it names fields, and the reader of
 * records tells where each of them is in its array of values.
 *
 * null and missing are the same.  A test is true unless its value is null or false, as in jq.  A value that cannot be
 * computed is null, and values of different types are neither less, equal nor greater.  Both count as faults, unless
 * one of the values is null.
 */
#ifndef WEIR_DATA_EXPR_H
#define WEIR_DATA_EXPR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"
#include "common/data/path.h"
#include "common/data/value.h"

#define EXPR_MAX_DEPTH     100  /* limit for the nesting of parentheses and of unary operators */
#define EXPR_MAX_OPERATORS 2000 /* limit for operators with two operands */

struct expr_field {
	struct path path; /* .a.b */
	uint32_t column;  /* 1 for $1; 0: it is a path */
};

/* Whether F is `.`, the whole record. */
static inline bool expr_field_is_record(const struct expr_field *f)
{
	return !f->column && !f->path.count;
}

struct expr_fault {
	uint64_t count;    /* faults since the expression was compiled */
	uint64_t given_up; /* of these, strings for which a regular expression took too many steps or too much memory */
	const char *what;  /* the last one; static, NULL when there was none */
	size_t pos;        /* position of its operator in the expression, byte from 0 */
};

struct expr;

/* Compile TEXT, or with @FILE what the file has.  -EINVAL with the reason and the position (from 1) in ERR. */
int expr_new(struct expr **ret, const char *text, struct strbuf *err) MUST_CHECK;
void expr_free(struct expr *e);

/* How many different fields it names; their numbers are 0 to expr_fields(E) - 1, and they belong to E. */
size_t expr_fields(const struct expr *e);
const struct expr_field *expr_field(const struct expr *e, size_t field);

/* Whether E consists of field 0 and nothing else. */
bool expr_is_field(const struct expr *e) MUST_CHECK;

/*
 * Whether E tests anywhere if the record has field FIELD, so that records need not have it: exists(.a), .a == null, or
 * .a alone, also in !.a, .a && …
 */
bool expr_asks_for(const struct expr *e, size_t field) MUST_CHECK;

/* Field FIELD is values[SLOT] in expr_test and expr_value; without this call it is values[FIELD]. */
void expr_bind(struct expr *e, size_t field, int slot);

/* In the arrays and objects of E columns that look like numbers, true or false are these; otherwise they are strings.
 */
void expr_infer(struct expr *e);

/* The SLOT of the last call of the function above. */
int expr_slot(const struct expr *e, size_t field);

/* Whether the record with these values matches. */
bool expr_test(struct expr *e, const struct value *values);

/* The value of the expression for these values; valid until the next call with E, or as long as they are. */
const struct value *expr_value(struct expr *e, const struct value *values);

/* Append operands, operators and functions, whole lines, for --help. */
void expr_help(struct strbuf *out);

const struct expr_fault *expr_fault(const struct expr *e);

#endif
