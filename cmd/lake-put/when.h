/*
 * The time of a record, by which it finds its partition: --time and --strip.
 *
 *     now             when it was read
 *     .field          a value of a JSON record: an epoch number of any unit, or RFC 3339
 *     FORMAT@COLUMN   a text that begins with the COLUMNth blank-separated field
 */
#ifndef WEIR_LAKE_PUT_WHEN_H
#define WEIR_LAKE_PUT_WHEN_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "common/base/strbuf.h"
#include "common/data/time.h"

struct when {
	enum { WHEN_NOW, WHEN_FIELD, WHEN_COLUMN } kind;
	const char *spec; /* for messages */
	struct json *json;
	int field; /* of the values of json */
	struct time_cache times;
	struct time_format format;
	uint64_t column; /* from 1 */
	bool strip;
};

/* A record, and the piece of it that --strip takes off. */
struct timed {
	const char *rec;
	size_t len; /* without delimiter */
	struct timespec time;
	size_t cut, cut_len;
};

/* SPEC is kept.  -EINVAL with the reason in ERR; release WHEN in any case. */
int when_init(struct when *when, const char *spec, bool strip, struct strbuf *err) MUST_CHECK;
void when_release(struct when *when);

/* Go through the records of a span: begin, then next until it returns 0. */
struct when_span {
	struct when *when;
	const char *s, *end;
	char delim;
};
void when_begin(struct when_span *span, struct when *when, const char *s, size_t len, char delim);

/*
 * The next record and its time: 1, or 0 at the end, or negative when there is no readable time in
 * it: then the record alone is set, and WHY (cleared before) says what is wrong.
 */
int when_next(struct when_span *span, struct timed *ret, struct strbuf *why) MUST_CHECK;

#endif
