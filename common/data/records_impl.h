/* Private to records*.c. */
#ifndef WEIR_DATA_RECORDS_IMPL_H
#define WEIR_DATA_RECORDS_IMPL_H

#include "common/data/columns.h"
#include "common/data/records.h"

/* A field of TSV or CSV that is asked for. */
struct records_field {
	uint32_t column; /* from 1; 0: the column with the name */
	char *name;      /* owned */
	size_t len;
	int slot; /* its value's index in row.values; -1: it is beside the record */
};

struct records {
	enum records_format format;
	bool header, lines;
	const char *header_option; /* what it is called */
	bool row_wanted;           /* the first row_count columns are, too; those of the header if there is one */
	size_t row_count;
	char delim, sep; /* of records; of the fields of CSV */
	uint64_t max_record;
	struct json *json;
	struct columns row, head;
	struct records_field *fields; /* of TSV and CSV */
	struct value *values;         /* of the fields */
	size_t field_count;
	bool numbered; /* some are columns by number, which JSON does not have */
	char **beside; /* names of records_beside(); owned, as is the list */
	size_t beside_count;
	/* The input. */
	const char *input;
	uint64_t inputs;
	bool marked;
	bool begun;      /* its first record was examined */
	bool header_due; /* its next record is the header */
	bool started;    /* the format is decided */
	bool unfit;      /* -ENOENT was returned */
	/*
	 * [next, end) is being read, and after it the rest of the span, [later, later_end).  A record that is still
	 * open at the end of the span is collected in `open`.  If it turns out to be malformed, its lines from the
	 * second on are read again, from `again`.
	 */
	const char *next, *end, *later, *later_end;
	struct strbuf open, again;
	const char *rec; /* the current record; NULL: there is none */
	size_t rec_len;
	bool taken;   /* the current record is in `open` */
	bool closing; /* nothing will follow `open` */
	bool in_json; /* json_next is going through [next, end) */
	/*
	 * A record that begins before this and has an open quote at the end of its line is known to fail, too; NULL:
	 * there is none.
	 */
	const char *fails_until;
	bool fails_there; /* such a record fails exactly at that position */
	const char *fails_why;
	const struct flow *flow;
	struct records_error error;
	uint64_t number;
	struct strbuf text; /* of error.what */
	/* The names of the first header, each with its length, and of the last one. */
	struct strbuf names, last_names;
	size_t columns; /* of the last header */
};

/* The guess of records_other_format(), or that the LEN bytes at REC are lines of columns; valid until the next record.
 */
const char *records_guess(struct records *r, const char *rec, size_t len);

/* Say that WHAT is wrong with the whole input.  Returns -ENOENT. */
int records_unfit(struct records *r, const char *what, const char *name, size_t len);

/* The first byte of an input is at r->next: decide the format.  0 or -ENOENT. */
int records_begin(struct records *r) MUST_CHECK;

/* Whether the LEN bytes at NAME are a name of records_beside(). */
bool records_is_beside(const struct records *r, const char *name, size_t len);

/* The header is in r->head: find the fields.  0 or -ENOENT. */
int records_resolve(struct records *r) MUST_CHECK;

/* The same for a header that was just read.  0 or -ENOENT. */
int records_read_header(struct records *r) MUST_CHECK;

#endif
