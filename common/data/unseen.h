/*
 * Fields that no record has had so far: their names in options and expressions are probably misspelt.
 *
 * Layer: data (uses base, fields, value).  unseen_report() prints: part of the record filter (record_filter.h), which
 * shows each record's values to unseen_note().  Once every field was seen, a record takes constant time.
 */
#ifndef WEIR_DATA_UNSEEN_H
#define WEIR_DATA_UNSEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/data/expr.h"
#include "common/data/value.h"

struct unseen { /* zeroed at first */
	struct unseen_field {
		char *text; /* owned: the field as a user writes it */
		int slot;
	} * all;
	size_t count; /* how many no record has had */
	bool *added;  /* by slot: unseen_add() was called for it; owned */
	size_t slots; /* there are so many of these */
};

/*
 * Expect FIELD in some record; SLOT is the index of its value (records_add()).  Adding the same slot again has no
 * effect.
 */
void unseen_add(struct unseen *u, const struct expr_field *field, int slot);

/* VALUES (by slot) are those of a record: no longer expect the fields that it has. */
void unseen_note(struct unseen *u, const struct value *values);

/* Print which fields none of RECORDS records had, if there are such fields and records. */
void unseen_report(const struct unseen *u, uint64_t records);

void unseen_release(struct unseen *u);

#endif
