/*
 * Rows of named cells, written as an aligned table for people or as JSON, and samples in Prometheus' text format.
 *
 * Layer: data (uses base, outbuf, jsonout, utf8, width; chain of stream).  A table is for people: texts are shown as
 * they are, including blanks; a control character or a byte that is not UTF-8 appears as \xNN, the empty text as "", no
 * value as -; columns are aligned on a terminal, whatever characters are in them.  JSON is for programs: a string that
 * is not UTF-8 becomes
 * {"base64":"…"}, as in consume; in Prometheus' format such a byte becomes U+FFFD.
 */
#ifndef WEIR_DATA_TABLE_H
#define WEIR_DATA_TABLE_H

#include <locale.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"
#include "common/io/outbuf.h"
#include "common/stream/chain.h"

enum cell_type {
	CELL_NONE, /* no value: "-", null */
	CELL_INT,
	CELL_TEXT,   /* a NUL-terminated string */
	CELL_LIST,   /* of numbers: "1,2", [1,2]; an empty one is "-" in a table */
	CELL_BYTES,  /* COUNT bytes at `text`, and a NUL */
	CELL_NUMBER, /* the same, but a number: aligned like CELL_INT */
};

struct table_cell {
	enum cell_type type;
	int64_t number;
	const char *text;    /* borrowed */
	const int32_t *list; /* borrowed */
	size_t count;        /* numbers in the list; bytes */
};

struct table_cell cell_int(int64_t n);
struct table_cell cell_known(int64_t n);    /* no value when N is negative */
struct table_cell cell_text(const char *s); /* no value when S is NULL */
struct table_cell cell_list(const int32_t *list, size_t count);

/* A table is collected first, because a column is as wide as its widest cell. */
struct text_table {
	size_t columns;
	struct strbuf text; /* the names and then the cells, one after the other, each with a NUL */
	size_t *widths;     /* of the columns, on a terminal */
	locale_t utf8;      /* of width.h */
	bool *numeric;      /* columns that have had only numbers so far, which are aligned to the right */
	size_t rows;
	size_t worst; /* the row that table_mark_worst() names, counted from 1; 0: none */
};

/* A table of COLUMNS (1 or more) columns. */
void table_init(struct text_table *table, const char *const *names, size_t columns);
void table_release(struct text_table *table);

/* Add a row; there are as many CELLS as columns, and they are copied. */
void table_add(struct text_table *table, const struct table_cell *cells);

/* Row N, counted from 0, is the one to look at first: with colours it is red. */
void table_mark_worst(struct text_table *table, size_t n);

/* Append the line of names and all rows to OUT, as table_write writes them where COLOR. */
void table_render(const struct text_table *table, bool color, struct strbuf *out);

/*
 * Write the line of names and all rows; columns are two blanks apart; with colours (color.h) the names are bold.
 * Returns 0 or -errno of the output.
 */
int table_write(const struct text_table *table, struct outbuf *out) MUST_CHECK;

/* Write one object `{"name":value,…}` and a line feed.  Returns 0 or -errno of the output. */
int json_write_row(
	struct outbuf *out, const char *const *names, const struct table_cell *cells, size_t columns) MUST_CHECK;

/* Write the HELP and TYPE lines of a metric; HELP is one line without backslashes.  Returns 0 or
 * -errno. */
int prom_write_head(struct outbuf *out, const char *name, const char *type, const char *help) MUST_CHECK;

struct prom_label {
	const char *name, *value;
};

/* Append `name="value"`; in the value a backslash, a quote and a line feed are escaped, nothing else. */
void prom_add_label(struct strbuf *b, const struct prom_label *label);

/* Write the sample `name{label="value",…} value`.  Returns 0 or -errno of the output. */
int prom_write_sample(
	struct outbuf *out, const char *name, const struct prom_label *labels, size_t count, int64_t value) MUST_CHECK;

/*
 * Write the gauge NAME, with HELP as above: where each of COUNT positions was, with group, topic and partition; those
 * that were nowhere are left out.  Returns 0 or -errno of the output.
 */
int prom_write_positions(struct outbuf *out, const char *name, const char *help, const struct position *positions,
	size_t count) MUST_CHECK;

#endif
