/* The records of files of a table, raw or Delta, in pieces, in the form that is asked for. */
#ifndef WEIR_LAKE_CAT_TABLE_ROWS_H
#define WEIR_LAKE_CAT_TABLE_ROWS_H

#include "cmd/lake-cat/columns.h"
#include "cmd/lake-cat/raw_where.h"
#include "common/lake/decode.h"
#include "common/lake/delta_lines.h"

struct table_rows {
	struct store *store;          /* borrowed */
	const struct opt_list *where; /* borrowed; empty: all records */
	const struct cat_form *form;  /* borrowed; set by the caller */
	/* a raw table */
	struct decoder *decoder; /* of the file that is open; owned; NULL: none */
	struct decode_count count;
	char *path, *piece; /* owned */
	int64_t records;    /* of the file, by the log; -1: not known */
	struct raw_where raw;
	struct cat_out out; /* where RAW puts its records: KEPT */
	struct strbuf kept;
	/* a Delta table */
	const struct store_options *options; /* for files of other tables; set by the caller */
	uint64_t memory;
	struct cat_columns columns;
	struct cat_where where_rows;
	struct delta_lines *delta; /* owned */
	json_t *meta;              /* its schema; owned; NULL: of a raw table */
	struct strbuf head;        /* the header, before the first file */
	bool head_made;
};

/*
 * Prepare to read files of the table in STORE, of which a raw one has records that end with DELIM, and a Delta one is
 * read with MEMORY bytes (0: the default); only records that match WHERE, expressions that were compiled before.
 */
void table_rows_init(
	struct table_rows *t, struct store *store, char delim, uint64_t memory, const struct opt_list *where);

/*
 * Of a raw table, before the first file: it has the partition columns COLUMNS (borrowed).  Errors of raw_where_init().
 */
int table_rows_raw(struct table_rows *t, const json_t *columns, struct strbuf *err) MUST_CHECK;

/* Release T, which may be zeroed. */
void table_rows_release(struct table_rows *t);

/*
 * Begin with the file of ADD, which is published, under META (NULL: of a raw table).  -EINVAL with ERR: the
 * table has no such columns (any more).  Errors of snapshot_file(), decode_open(), raw_where_file() and
 * delta_lines_open().
 */
int table_rows_open(struct table_rows *t, json_t *add, json_t *meta, struct strbuf *err) MUST_CHECK;

/*
 * The next piece of the file: 1, and it is *RET_LEN bytes at *RET, valid until the next call, with a condition perhaps
 * none; 0: the file has ended, with the number of records that the log says.  Errors of decode_read(),
 * decode_count_check(), cat_lines_add() and delta_lines_next().
 */
int table_rows_next(struct table_rows *t, const char **ret, size_t *ret_len, struct strbuf *err) MUST_CHECK;

#endif
