/*
 * Lists of fields in options, .user,.geo.city or $1,$3, and the names of fields in output.  A part of a list may also
 * be an expression, .total = .price * .qty or upper(.user); without a name it is called as it is written.
 *
 * Layer: data (uses base, path, expr, records, value_out).
 */
#ifndef WEIR_DATA_FIELDS_H
#define WEIR_DATA_FIELDS_H

#include <stddef.h>

#include "common/data/records.h"

/* clang-format off */
/* What users of other tools type for -g, --by; rows of struct opt_spec's hints. */
#define BY_HINTS                                               \
	{ "--group", "the fields to group by are -g or --by" },    \
	{ "--groups", "the fields to group by are -g or --by" },   \
	{ "--group-by", "the fields to group by are -g or --by" }, \
	{ "--groupby", "the fields to group by are -g or --by" },  \
	{ "--key", "the fields to group by are -g or --by" },      \
	{ "--keys", "the fields to group by are -g or --by" },     \
	{ "-k", "the fields to group by are -g or --by" }
/* clang-format on */

struct fields_entry {
	struct expr_field field; /* owned */
	int slot;                /* index of its value in records_values */
	char *name;              /* owned; as field_name */
	/* An expression: `field` and `slot` have no meaning. */
	struct expr *expr;  /* owned; NULL: it is a field */
	char *text;         /* owned; as it is written */
	struct value value; /* of the record of fields_compute() */
	struct strbuf json;
};

struct fields {
	struct fields_entry *all;
	size_t count;
	bool computes; /* some are expressions */
	bool bare; /* set before: a name without its dot is a field, too, as it is a column of a table: user,"a b" */
};

/* The end of the part of a list at S: END, or a ',' outside of strings and brackets. */
const char *fields_part_end(const char *s, const char *end);

/*
 * Append the name that FIELD has in output: geo.city for .geo.city, items[0] for .items[0]; . and $1 are written as
 * they are.
 */
void field_name(const struct expr_field *field, struct strbuf *name);

/*
 * Add the fields of LIST, or with @FILE of the list in the file, to F, which is zeroed at first except for `bare`, and
 * ask R for them.
 * -EINVAL with the reason in ERR; release F in any case.
 */
int fields_add(struct fields *f, const char *list, struct records *r, struct strbuf *err) MUST_CHECK;
void fields_release(struct fields *f);

/* Add a field of no record called NAME, whose value has the number of the entries before it. */
void fields_add_name(struct fields *f, const char *name);

/*
 * Compute the expressions in F for the record with these VALUES.  Returns an entry that could not be computed, whose
 * value is null, or NULL.  Only needed when f->computes.
 */
const struct fields_entry *fields_compute(struct fields *f, const struct value *values);

/*
 * The value of entry E for a record with these VALUES; that of an expression is valid until the next fields_compute(),
 * and has its JSON as its raw text unless it is VALUE_TEXT; times are strings there, and durations numbers.
 */
static inline const struct value *fields_value(const struct fields_entry *e, const struct value *values)
{
	return e->expr ? &e->value : &values[e->slot];
}

/* Whether E reads the value with the index SLOT. */
bool fields_reads(const struct fields_entry *e, int slot) MUST_CHECK;

#endif
