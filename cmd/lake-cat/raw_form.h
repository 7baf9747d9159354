/*
 * Raw records in another form: some of their fields, as `weir filter --fields` writes them, or all of them in another
 * format.
 */
#ifndef WEIR_LAKE_CAT_RAW_FORM_H
#define WEIR_LAKE_CAT_RAW_FORM_H

#include <jansson.h>

#include "cmd/lake-cat/form.h"
#include "common/data/members.h"
#include "common/data/project.h"

struct delta_value;

/* A field of the records whose value is that of a partition column, if a record lacks it. */
struct raw_form_given {
	size_t slot, column;
};

struct raw_form {
	bool wanted;  /* otherwise records are printed as they are */
	bool marked;  /* the output is a marked stream, in which a record is a line; set by the caller */
	bool lasting; /* a later run goes on with the same output, so it has the same columns; set by the caller */
	/* The rest is its own. */
	const struct cat_form *opt; /* borrowed */
	struct records *records;    /* borrowed */
	struct project project;
	bool begun; /* the format of the records is known */
	bool header_due;
	/* of a table with partitions */
	const struct delta_value *partition; /* borrowed */
	struct raw_form_given *given;
	struct value *values; /* those of the record, some of them given */
	size_t given_count, slots;
	struct members members; /* JSON that becomes TSV or CSV: the columns are those of the first record */
};

/*
 * Prepare to print records of RECORDS, which end with DELIM, as OPT (borrowed) says.  -EINVAL with ERR: --columns is
 * not a list of fields, or such records cannot have them.  Release F, which may be zeroed, in any case.
 */
int raw_form_init(struct raw_form *f, const struct cat_form *opt, struct records *records, char delim,
	struct strbuf *err) MUST_CHECK;
void raw_form_release(struct raw_form *f);

/*
 * Fields that are called like one of COLUMNS, an array of names, have its value in VALUES (borrowed) when a record
 * lacks them.
 */
void raw_form_partition(struct raw_form *f, const json_t *columns, const struct delta_value *values);

/* A record was read: whether it and all others are printed as they are after all, as they have that format. */
bool raw_form_same(struct raw_form *f);

/*
 * Append the current record, LEN bytes at REC with the delimiter after them, to OUT in its new form, with the
 * delimiter; before the first one the header.  -EBADMSG with *RET_WHAT: it has no such form; -EINVAL: all need
 * --columns; -ENOMEM.
 */
int raw_form_add(struct raw_form *f, const char *rec, size_t len, struct strbuf *out, const char **ret_what) MUST_CHECK;

/* At the end: append the header if there was no record, and --columns says what its names are. */
void raw_form_end(struct raw_form *f, struct strbuf *out);

#endif
