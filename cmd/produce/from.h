/*
 * Parts of a record out of fields of its line: --key-from .user, --header-from NAME=$2 and others.
 *
 * Part of produce; uses base, data, kafka.  The line is JSON, TSV or CSV (common/data/records.h).
 */
#ifndef WEIR_PRODUCE_FROM_H
#define WEIR_PRODUCE_FROM_H

#include "common/data/records.h"
#include "common/kafka/record.h"

struct from_opts {
	const char *key, *value, *timestamp; /* fields; NULL: none */
	struct opt_list headers;             /* NAME=FIELD each */
	const char *partitioner;             /* as the library calls it; NULL: as configured */
	const char *partition;               /* the field that --partitioner names; NULL: none */
	struct records_opts input;
};
/* clang-format off */
#define FROM_OPTIONS(f)                                                                                      \
	{ .name = "key-from", .type = OPT_STRING, .dest = &(f)->key, .arg = "FIELD",                         \
	  .help = "the key is this field of the line: .user, $2" },                                          \
	{ .name = "value-from", .type = OPT_STRING, .dest = &(f)->value, .arg = "FIELD",                     \
	  .help = "the value is this field, not the line; null or missing: a tombstone" },                   \
	{ .name = "header-from", .type = OPT_LIST, .dest = &(f)->headers, .arg = "NAME=FIELD",               \
	  .help = "add a header with this field" },                                                          \
	{ .name = "timestamp-from", .type = OPT_STRING, .dest = &(f)->timestamp, .arg = "FIELD",             \
	  .help = "the timestamp is the time in this field" },                                               \
	{ .name = "partitioner", .type = OPT_CALL, .dest = (f), .arg = "murmur2|crc32|random|FIELD",         \
	  .parse = from_parse_partitioner,                                                                   \
	  .help = "how the key chooses the partition, or by which field; as Java's murmur2 by default" },    \
	{ .name = "input", .type = OPT_CHOICE, .dest = &(f)->input.format, .arg = "auto|json|tsv|csv",       \
	  .help = "what lines are when fields are used; auto: JSON for .a, else by the first one" },         \
	{ .name = "header-line", .dest = &(f)->input.header,                                                 \
	  .help = "TSV, CSV: the first line of each input has the columns' names, and is not sent" },        \
	{ .name = "delimiter", .type = OPT_CALL, .dest = &(f)->input, .arg = "C",                            \
	  .parse = records_parse_delimiter, .help = "CSV: between fields; a comma by default" },             \
	{ .name = "tz", .type = OPT_STRING, .dest = &(f)->input.tz, .arg = "ZONE",                           \
	  .help = "zone of times without an offset: Europe/Berlin, +01:00, local; UTC by default" }
/* clang-format on */

/* Read the option --partitioner into the struct from_opts at DEST. */
int from_parse_partitioner(const char *value, void *dest, struct strbuf *err) MUST_CHECK;

/* Whether fields of lines are wanted, so that lines must be read as records. */
bool from_is_wanted(const struct from_opts *opts) MUST_CHECK;

struct from_header {
	struct record_header header; /* its name, which is the option's */
	int slot;
};

/* Zeroed at first. */
struct from {
	const struct from_opts *opts; /* borrowed */
	struct records *records;
	int key, value, timestamp, partition; /* indexes of values; -1: not wanted */
	struct from_header *headers;          /* owned */
};

/*
 * Begin.  0, or -EINVAL with the reason in ERR (a usage error), -ENOMEM; release F in any case.  OPTS stays borrowed.
 */
int from_init(
	struct from *f, const struct from_opts *opts, const struct filter_opts *filter, struct strbuf *err) MUST_CHECK;
void from_release(struct from *f);

/*
 * Put what the values of the current record of F say into R: key, value, timestamp.  The value is left as it is when it
 * is not wanted.  All is borrowed from F->records.  NULL, or why the record cannot be used.
 */
const char *from_fill(const struct from *f, struct record *r) MUST_CHECK;

/*
 * Put the headers that the current record has into RET, which has room for all of them; null and missing ones are left
 * out.  Returns how many.
 */
size_t from_headers(const struct from *f, struct record_header *ret);

/* The text that chooses the partition; NULL: the field is null, missing, or not wanted. */
const char *from_partition(const struct from *f, size_t *ret_len);

#endif
