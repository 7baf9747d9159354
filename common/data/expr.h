/*
 * Expressions over the values of a record: .action == "buy" && .amount > 100.  weir-expr(7) is the language.
 *
 * Layer: data (uses base, path, value, time, json, utf8, regex).  An expression is compiled once; one struct expr
 * serves one thread.  It knows nothing of the record's format: it names fields, and the reader of records says where
 * each of them is in its array of values.
 *
 * null and missing are the same.  A test holds unless its value is null or false, as in jq.  What cannot be computed is
 * null, and values of unlike types are neither less, equal nor greater; both count as faults, except where null takes
 * part, which is not a fault.
 */
#ifndef WEIR_DATA_EXPR_H
#define WEIR_DATA_EXPR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"
#include "common/data/path.h"
#include "common/data/value.h"

#define EXPR_MAX_DEPTH     100  /* of parentheses within each other, and of unary operators */
#define EXPR_MAX_OPERATORS 2000 /* with two operands */

struct expr_field {
	struct path path; /* .a.b */
	uint32_t column;  /* $1 is 1; 0: it is a path */
};

struct expr_fault {
	uint64_t count;    /* since the expression was made */
	uint64_t given_up; /* of these, strings for which a regular expression took too many steps or too much memory */
	const char *what;  /* the last one; static, NULL when there was none */
	size_t pos;        /* of its operator in the expression, byte from 0 */
};

struct expr;

/* Compile TEXT.  -EINVAL with the reason and the position (from 1) in ERR. */
int expr_new(struct expr **ret, const char *text, struct strbuf *err) MUST_CHECK;
void expr_free(struct expr *e);

/* How many fields it names, each counted once: they are 0 to expr_fields(E) - 1, and belong to E. */
size_t expr_fields(const struct expr *e);
const struct expr_field *expr_field(const struct expr *e, size_t field);

/* Whether E is field 0 and nothing else. */
bool expr_is_field(const struct expr *e) MUST_CHECK;

/*
 * Whether E tests somewhere if the record has field FIELD, so that records may lack it: exists(.a), .a == null, or .a
 * alone, also in !.a, .a && …
 */
bool expr_asks_for(const struct expr *e, size_t field) MUST_CHECK;

/* Field FIELD is values[SLOT] in expr_test and expr_value; without this call it is values[FIELD]. */
void expr_bind(struct expr *e, size_t field, int slot);

/* That SLOT. */
int expr_slot(const struct expr *e, size_t field);

/* Does the record with these values match? */
bool expr_test(struct expr *e, const struct value *values);

/* The value of the expression for these values; valid until the next call with E, or as long as they are. */
const struct value *expr_value(struct expr *e, const struct value *values);

/* Append operands, operators and functions, whole lines, for --help. */
void expr_help(struct strbuf *out);

const struct expr_fault *expr_fault(const struct expr *e);

#endif
