/*
 * Writing a record with its verdict; every other byte of it stays as it is.
 *
 * JSON: `,"detect":{"rule":"zscore 4","score":5.2,"limit":4,"n":120}` before the closing brace of an object, or in
 * place of the value of a member with this name; any other value v becomes {"value":v,"detect":…}.  TSV and CSV: four
 * more columns.
 */
#ifndef WEIR_DETECT_TAG_H
#define WEIR_DETECT_TAG_H

#include "cmd/detect/judge.h"
#include "common/data/records.h"

struct tag {
	enum records_format format;
	char delim, sep; /* of records, and of fields of TSV and CSV */
	int own;         /* index of the value of a member with our name; -1: the input cannot have one */
	const char *text, *method;
	/* for JSON, strings; for TSV and CSV, the column of the rule with the text before it */
	struct strbuf name, rule;
	struct strbuf header;   /* the columns' names, in the same form */
	struct strbuf names[4]; /* each name by itself */
};

/* Write a member NAME, or columns NAME.rule and so on, for METHOD; both are kept. */
void tag_init(struct tag *tag, const char *name, const char *method);
void tag_release(struct tag *tag);

/* The format of the input is known now. */
void tag_begin(struct tag *tag, enum records_format format, char sep, char delim);

/* The name of a column in R's header that is among those that are written; NULL: there is none. */
const char *tag_taken(const struct tag *tag, const struct records *r);

/*
 * Write the LEN bytes at REC with V; OWN is the value of a member with our name, as it is written in REC; NULL when
 * there is none.  0 or FLOW_STOP.
 */
int tag_put(const struct tag *tag, const char *rec, size_t len, const struct value *own, const struct verdict *v,
	struct flow *flow) MUST_CHECK;

/* Append a header to OUT: the one at REC, followed by our names. */
void tag_header(struct tag *tag, const char *rec, size_t len, struct strbuf *out);

#endif
