/*
 * Writes some fields of a record as a record of JSON, TSV or CSV: --fields of filter, --columns of lake-cat.
 *
 * Layer: data (uses fields, records, columnsout, jsonout).  Fields of a format that is also that of the output are
 * copied as they are written.
 */
#ifndef WEIR_DATA_PROJECT_H
#define WEIR_DATA_PROJECT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/data/fields.h"
#include "common/data/records.h"

struct project {
	enum records_format format; /* RECORDS_AUTO: as the input; decided by project_begin */
	struct fields fields;
	size_t count;        /* how many of these are written */
	struct strbuf *keys; /* for JSON: `"name":` of each field, with a comma before it or, for the first, a brace */
	bool copy;           /* input and output have the same format: fields are copied as they are written */
	char delim, sep;     /* of records; of the fields of CSV */
};

struct project_want {
	const char *fields; /* a list such as .a,.b or $1,$2 */
	bool bare;          /* a,b is .a,.b: see fields.h */
	enum records_format format;
	bool header; /* columns have their names */
	char delim;
};

/*
 * Ask R for the fields that are wanted.  -EINVAL with the reason in ERR, also when two fields would have the same name
 * in the output.
 */
int project_init(struct project *p, const struct project_want *want, struct records *r, struct strbuf *err) MUST_CHECK;

/*
 * The other way: fields of their own, NAME after NAME.  The value of each has the number of the names before it; write
 * those that there are, or set p->count to fewer.
 */
void project_init_names(struct project *p, enum records_format format, char delim, char sep);
void project_add_name(struct project *p, const char *name);
void project_release(struct project *p);

/* The format of the input is known now. */
void project_begin(struct project *p, enum records_format input);

/* How many bytes suffice for project_write() of VALUES, or for project_header(). */
size_t project_room(const struct project *p, const struct value *values);

/* Write the record at P, without a delimiter; returns where it ends. */
char *project_write(const struct project *p, const struct value *values, char *to);

/*
 * Whether the LEN bytes at S, which project_write() has made, would not be one record.  JSON and TSV have an escape for
 * LF, but TSV has none for NUL.  CSV may hold both, but not in a MARKED stream.
 */
bool project_breaks(const struct project *p, const char *s, size_t len, bool marked) MUST_CHECK;
#define PROJECT_BREAKS "a field holds what ends a record, which this format cannot have here"

/* Append the line of names of TSV and CSV to OUT. */
void project_header(const struct project *p, struct strbuf *out);

#endif
