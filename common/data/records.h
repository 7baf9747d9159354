/*
 * Records of JSON, TSV or CSV behind one interface: programs are written once for the three.
 *
 * Layer: data (uses base, json, columns, expr; flow of stream).  Before the first record the program asks for fields,
 * by paths (.user) or columns ($2), and gets the index of each in records_values.  Then, in the driver's callbacks:
 *
 *     span:   records_span(r, s, len, flow); while ((n = records_next(r, &rec, &rec_len)) != 0) …
 *     batch:  records_end(r, flow);          while ((n = records_next(r, &rec, &rec_len)) != 0) …
 *
 * The second one is for a CSV record whose quote is still open (a span ends where a line ends); otherwise it finds
 * nothing.  With --header the first record of each input has the columns' names, and programs then ask for columns by
 * paths of one step (.user, ."first name").  If several columns have the same name, the last one counts, as in JSON.
 */
#ifndef WEIR_DATA_RECORDS_H
#define WEIR_DATA_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/opt.h"
#include "common/base/strbuf.h"
#include "common/data/expr.h"
#include "common/data/value.h"
#include "common/stream/filter.h"

enum records_format {
	/*
	 * Paths without --header mean JSON.  Otherwise the very first record decides.  If it begins with '{' or '[',
	 * the format is JSON (an error when there are columns or a header); if it has a TAB, and no '"' before that,
	 * TSV; else CSV.
	 */
	RECORDS_AUTO,
	RECORDS_JSON,
	RECORDS_TSV,
	RECORDS_CSV,
};

struct records_opts {
	int format; /* enum records_format */
	bool header;
	const char *header_option; /* how the program calls that one; NULL: --header */
	char sep;                  /* CSV: what is between fields; 0: a comma */
	bool writes_csv;           /* `sep` is for the output, too: the input need not be CSV */
	const char *tz;            /* for time_zone_set; NULL: UTC */
	bool lines; /* no field holds a record's end, as in a marked stream: each line is a record of its own */
};
/* clang-format off */
#define RECORDS_INPUT_OPTIONS(r)                                                                             \
	{ .name = "input", .type = OPT_CHOICE, .dest = &(r)->format, .arg = "auto|json|tsv|csv",             \
	  .help = "input format; auto: JSON for fields such as .a, else by the first record" },    \
	{ .name = "header", .dest = &(r)->header, .help = "TSV, CSV: the first record of each input contains the column names" }, \
	{ .name = "delimiter", .type = OPT_CALL, .dest = (r), .arg = "C", .parse = records_parse_delimiter,   \
	  .help = "CSV: between fields, such as ';', '|' or '\\t'; a comma by default" }
#define RECORDS_OPTIONS(r)                                                                                   \
	RECORDS_INPUT_OPTIONS(r),                                                                            \
	{ .name = "tz", .type = OPT_STRING, .dest = &(r)->tz, .arg = "ZONE",                                 \
	  .help = "zone of times without an offset: Europe/Berlin, +01:00, local; UTC by default" }
/* What users of other tools type; rows of struct opt_spec's hints. */
#define RECORDS_HINTS                                                                                        \
	{ "--csv", "--input csv, with --header when the first line has the columns' names" },                \
	{ "--icsv", "--input csv, with --header when the first line has the columns' names" },               \
	{ "--tsv", "--input tsv, with --header when the first line has the columns' names" },                \
	{ "--itsv", "--input tsv, with --header when the first line has the columns' names" },               \
	{ "--json", "--input json" },                                                                        \
	{ "--ijson", "--input json" },                                                                       \
	{ "--jsonl", "--input json" },                                                                       \
	{ "--ndjson", "--input json" },                                                                      \
	{ "-H", "--header says that the first line has the columns' names" },                                \
	{ "-d", "--delimiter C is between the fields of CSV, such as ';'" },                    \
	{ "-F", "--delimiter C is between the fields of CSV, such as ';'" },                    \
	{ "-s", "--delimiter C is between the fields of CSV, such as ';'" },                    \
	{ "-t", "--delimiter C is between the fields of CSV, such as ';'" },                    \
	{ "--separator", "--delimiter C is between the fields of CSV, such as ';'" },           \
	{ "--sep", "--delimiter C is between the fields of CSV, such as ';'" },                 \
	{ "--fs", "--delimiter C is between the fields of CSV, such as ';'" },                  \
	{ "-o", "output goes to standard output: > FILE" },                                                  \
	{ "--output", "output goes to standard output: > FILE" },                                            \
	{ "--out", "output goes to standard output: > FILE" },                                               \
	{ "-z", "-0 for records that end with NUL" },                                                        \
	{ "--null-data", "-0 for records that end with NUL" },                                               \
	{ "--timezone", "--tz ZONE" },                                                                       \
	{ "--utc", "times are UTC unless they, or --tz, say otherwise" }
/* clang-format on */

/* Read the option --delimiter into the struct records_opts at DEST; it means CSV. */
int records_parse_delimiter(const char *value, void *dest, struct strbuf *err);

struct records_error {
	/* number of the record in its input, from 1, not counting a header; 0: the whole input is meant */
	uint64_t number;
	size_t pos;       /* byte of the record, from 0 */
	const char *what; /* valid until the next call */
};

struct records;

/* OPTS and FILTER are copied; the zone is set for the process.  -EINVAL with the reason in ERR (a usage error),
 * -ENOMEM. */
int records_new(struct records **ret, const struct records_opts *opts, const struct filter_opts *filter,
	struct strbuf *err) MUST_CHECK;
void records_free(struct records *r);

/*
 * Ask for FIELD, which is copied; returns the index of its value (equal fields may share it).  Only before the first
 * record.  -EINVAL with the reason in ERR: this input does not have such fields (a usage error).
 */
int records_add(struct records *r, const struct expr_field *field, struct strbuf *err) MUST_CHECK;

/*
 * Records that lack the field NAME (copied) have one beside them, whose value the caller knows.  So .NAME can be asked
 * for without a header, too, and of a header that lacks it; it is VALUE_MISSING then.  It does not decide the format.
 * Before records_add().
 */
void records_beside(struct records *r, const char *name);

/*
 * Whether this input can have FIELD at all (records_add() checks this, too).  If FIELD determines the format, that is
 * noted.  0 or -EINVAL with the reason in ERR.
 */
int records_check(struct records *r, const struct expr_field *field, struct strbuf *err) MUST_CHECK;

/* Parse the whole of the string S as a field, .a.b or $1, into *RET, whose path the caller releases.  -EINVAL, ERR. */
int records_field(struct expr_field *ret, const char *s, struct strbuf *err) MUST_CHECK;

/* Ask for all fields of E and bind them.  -EINVAL with the reason in ERR. */
int records_bind(struct records *r, struct expr *e, struct strbuf *err) MUST_CHECK;

/*
 * TSV, CSV: ask for the first COUNT columns of each record, too, or with a header for all that it has, whatever COUNT;
 * RECORDS_ALL: for all that a record has.  Only before the first record.
 */
#define RECORDS_ALL SIZE_MAX
void records_want_row(struct records *r, size_t count);

/* JSON: records may be nested by DEPTH less, as json_within() says.  Before the first record. */
void records_within(struct records *r, int depth);

/* What is between the fields of CSV, or else of TSV, in the input and output of a program. */
char records_separator(const struct records *r, bool csv);

/* The format that is being read; RECORDS_AUTO until it is known. */
enum records_format records_format(const struct records *r);

/* Begin with the span, which must not change until its end.  All of the span before must have been read. */
void records_span(struct records *r, const char *s, size_t len, const struct flow *flow);

/* The batch of this input has no more records. */
void records_end(struct records *r);

/*
 * The next record, without delimiter, into *ret_rec and *ret_len, valid until the next call.
 *
 * Returns 1: a record; 2: a header; 0: no more (the outputs are untouched); or
 *   -EBADMSG  it is malformed (records_error); the next call goes on after it.  Of a CSV record with a quote that is
 *   never closed (because of --max-record, or the end) or that is closed where no field ends, the record is its first
 *   line. The other lines are read again as records, except for those that would leave a quote open and fail in the
 *   same way
 *   -ENOENT   the input cannot be read at all (records_error, without record): it has another format, its header
 *             lacks a column or holds a lone CR, a marked stream has no header.  A program ends with EXIT_DATA
 *   -EMSGSIZE, -ENOMEM   as json_read
 */
int records_next(struct records *r, const char **ret_rec, size_t *ret_len) MUST_CHECK;

/*
 * Whether the header that was read last has the same names in the same order as the first one.  How they are quoted and
 * how the line ends does not matter.
 */
bool records_same_header(const struct records *r) MUST_CHECK;

/* The number of columns of that header; 0: there is none. */
size_t records_columns(const struct records *r);

/* Whether that header has a column called NAME. */
bool records_has_column(const struct records *r, const char *name, size_t len) MUST_CHECK;

/* The names in that header, each a VALUE_TEXT.  Valid in the callback that got it. */
const struct value *records_names(const struct records *r);

/*
 * The columns of the current record that records_want_row() has asked for, VALUE_TEXT or VALUE_MISSING.  *ret_count is
 * how many columns the record has.
 */
const struct value *records_row(const struct records *r, size_t *ret_count);

/*
 * Whether it is known that the columns of records_row() need no escapes in JSON: ASCII without control characters,
 * quotes and backslashes.  They are then slices of the record, in its order.
 */
bool records_plain(const struct records *r);

/* The values of the current record.  The address may change until the first record has been read. */
const struct value *records_values(const struct records *r);

/*
 * The callback is about to return an exit status because of the current record, which may be malformed: pass it to
 * flow_refuse().
 */
void records_refuse(const struct records *r, struct flow *flow);

/* The current record, even a malformed one, or NULL; valid until the next call of records_next(). */
const char *records_current(const struct records *r, size_t *ret_len);

const struct records_error *records_error(const struct records *r);

/* The number of the current record in its input, from 1; a header is not counted. */
uint64_t records_number(const struct records *r);

/*
 * The operand from which the current record comes, for messages.  If the operand before ended within a record, that
 * one.
 */
const char *records_input(const struct records *r);

/*
 * A guess at what an input is and how to read it, if it begins with the LEN bytes at REC, which are not JSON; NULL: no
 * guess.
 */
const char *records_other_format(const char *rec, size_t len);

#endif
