/*
 * Lists of fields in options, .user,.geo.city or $1,$3, and the names of fields in output.
 *
 * Layer: data (uses base, path, records).
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
};

struct fields {
	struct fields_entry *all;
	size_t count;
};

/*
 * Append the name that FIELD has in output: geo.city for .geo.city, items[0] for .items[0]; . and $1 are written as
 * they are.
 */
void field_name(const struct expr_field *field, struct strbuf *name);

/*
 * Add the fields of LIST to F, which is zeroed at first, and ask R for them.  -EINVAL with the reason in ERR; release F
 * in any case.
 */
int fields_add(struct fields *f, const char *list, struct records *r, struct strbuf *err) MUST_CHECK;
void fields_release(struct fields *f);

#endif
