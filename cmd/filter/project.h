/* Writes some fields of a record as a record of JSON, TSV or CSV. */
#ifndef WEIR_FILTER_PROJECT_H
#define WEIR_FILTER_PROJECT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/data/fields.h"
#include "common/data/records.h"

struct project {
	enum records_format format; /* RECORDS_AUTO: as the input; decided by project_begin */
	struct fields fields;
	struct strbuf *keys; /* for JSON: `"name":` of each field, with a comma before it or, for the first, a brace */
	bool copy;           /* input and output have the same format: fields are copied as they are written */
	char delim;
};

/*
 * FIELDS is a list such as .a,.b or $1,$2.  Ask R for them; HEADER says whether its records have a header.  -EINVAL
 * with the reason in ERR, also when two fields would have the same name in the output.
 */
int project_init(struct project *p, const char *fields, enum records_format format, struct records *r, bool header,
	char delim, struct strbuf *err) MUST_CHECK;
void project_release(struct project *p);

/* The format of the input is known now. */
void project_begin(struct project *p, enum records_format input);

/* How many bytes suffice for project_write() of VALUES, or for project_header(). */
size_t project_room(const struct project *p, const struct value *values);

/* Write the record at P, without a delimiter; returns where it ends. */
char *project_write(const struct project *p, const struct value *values, char *to);

/* Append the line of names of TSV and CSV to OUT. */
void project_header(const struct project *p, struct strbuf *out);

#endif
