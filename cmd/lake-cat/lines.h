/* Records of raw files: those that match are printed, as they are or in another form, up to the number of -n. */
#ifndef WEIR_LAKE_CAT_LINES_H
#define WEIR_LAKE_CAT_LINES_H

#include <jansson.h>

#include "cmd/lake-cat/cat.h"
#include "cmd/lake-cat/raw_form.h"
#include "cmd/lake-cat/where.h"

#define LINES_ENOUGH (-ENOBUFS) /* -n records were printed */

struct records;

struct cat_lines {
	struct cat_out *out;
	struct cat_where *where;
	struct records *records;   /* NULL: no record has to be looked into */
	bool cut;                  /* what was printed does not end with a delimiter */
	struct strbuf open;        /* the beginning of a record whose end is still to come */
	const char *run, *run_end; /* consecutive records of what is being read that are still to be printed */
	struct raw_form form;
	struct strbuf made;  /* records in another form that are still to be printed, */
	uint64_t made_count; /* and how many they are */
};

/*
 * Print to OUT, as FORM (borrowed) says, the records, which end with its delimiter, that match WHERE.  Fields of WHERE
 * whose column is not SIZE_MAX have their values already, the others are those of the records, and FORM may name the
 * partition columns COLUMNS, an array of names (NULL: none), too.  -EINVAL with ERR: such records cannot have them.
 * Release L in any case.
 */
int cat_lines_init(struct cat_lines *l, struct cat_out *out, struct cat_where *where, const struct cat_form *form,
	const json_t *columns, struct strbuf *err) MUST_CHECK;
void cat_lines_release(struct cat_lines *l);

/* The file PATH begins, which is borrowed until the next one. */
void cat_lines_begin(struct cat_lines *l, const char *path);

/*
 * Take LEN bytes of it.  LINES_ENOUGH; -EBADMSG with ERR: a record is malformed, or has no such form; -EINVAL with ERR:
 * records have none without --columns; errors of OUT without ERR.
 */
int cat_lines_add(struct cat_lines *l, const char *data, size_t len, struct strbuf *err) MUST_CHECK;

/* The file has ended: a last record without a delimiter gets one.  Errors as above. */
int cat_lines_end(struct cat_lines *l, struct strbuf *err) MUST_CHECK;

/* There are no more files: a header is printed now if no record was.  Errors of OUT. */
int cat_lines_finish(struct cat_lines *l) MUST_CHECK;

#endif
