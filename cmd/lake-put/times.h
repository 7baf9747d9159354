/*
 * What determines the partitions of records: their times (--time and --drop-time), and fields of theirs.
 *
 * The forms of common/data/when.h, for JSON, TSV and CSV; and for lines of text
 *     FORMAT@N   text that begins with the Nth blank-separated word
 */
#ifndef WEIR_LAKE_PUT_TIMES_H
#define WEIR_LAKE_PUT_TIMES_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "common/base/strbuf.h"
#include "common/data/when.h"
#include "common/lake/layout.h"

struct times {
	const char *text;        /* for messages */
	struct when when;        /* used unless there is a column */
	struct records *records; /* owned; code that reads records through it uses times_read(), and not times_next() */
	struct time_format format;
	uint64_t column; /* from 1; 0: there is none */
	bool strip;
	bool fields;         /* times_want() was called */
	struct timespec now; /* when the span began */
	/* The span. */
	const char *s, *end;
	char delim;
};

/* A record, and the part of it that --drop-time removes. */
struct timed {
	const char *rec;
	size_t len; /* without delimiter */
	struct timespec time;
	size_t cut, cut_len;
};

/* What is wrong with a record: the place WHERE, which may be empty, and WHAT. */
struct times_error {
	struct strbuf where, what;
};

/* TEXT is kept; RECORDS is how fields are read.  -EINVAL with the reason in ERR, -ENOMEM; release TIMES in any case. */
int times_init(struct times *times, const char *text, bool strip, const struct records_opts *records,
	const struct filter_opts *filter, struct strbuf *err) MUST_CHECK;
void times_release(struct times *times);

/*
 * The fields of the layout are wanted, too: set their slots.  -EINVAL with the reason in ERR: the input has none.
 */
int times_want(struct times *times, struct layout *layout, struct strbuf *err) MUST_CHECK;

/* The values of the record that times_next() found, by slots. */
const struct value *times_values(const struct times *times);

/* Whether records need not be looked at: all have the same time, now, and no field is wanted. */
static inline bool times_is_now(const struct times *times)
{
	return !times->column && times->when.kind == WHEN_NOW && !times->fields;
}

/* Go through the records of a span: begin, then next until it returns 0. */
void times_begin(struct times *times, const char *s, size_t len, const struct flow *flow);

/*
 * The next record and its time.  1; 0 at the end; -EBADMSG when the record is malformed or has no readable time: then
 * only the record is set, and ERROR (cleared before) says what is wrong.  -EILSEQ: the input has another format, as
 * ERROR says; other errors of records_next().  There must be no header.
 */
int times_next(struct times *times, struct timed *ret, struct times_error *error) MUST_CHECK;

/* The time of the record that times->records has read: 1, or -EBADMSG with ERROR.  Not for FORMAT@N or `now`. */
int times_read(struct times *times, struct timespec *ret, struct times_error *error) MUST_CHECK;

/* times->records has returned R, which is below 0.  Returns what times_next() would return, and sets ERROR. */
int times_unread(const struct times *times, int r, struct times_error *error) MUST_CHECK;

#endif
