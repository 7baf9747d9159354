/*
 * Marks: the lines that cut a stream into batches (weir-stream(7), doc/design.md, 3).
 *
 * Layer: stream (uses base; zlib's crc32).  A mark is ETB, compact JSON and the record delimiter:
 *     {"v":2,"k":"B","run":"<16 hex>","b":17,"n":120,"by":"split","t":[START,END],…,"crc":"<8 hex>"}
 * The members up to t come in this order, the others in any order. crc is the last one: the CRC-32 of all bytes before
 * `,"crc"`, ETB included.  n and by belong to the hop and are rewritten by every program; the rest is passed on as it
 * is.  A record of a marked stream that starts with ETB or DLE carries one DLE before it.
 */
#ifndef WEIR_STREAM_MARK_H
#define WEIR_STREAM_MARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"

#define MARK_ETB     '\x17'
#define MARK_DLE     '\x10'
#define MARK_VERSION 2
#define MARK_BY_MAX  31

enum mark_kind {
	MARK_START = 'S',  /* first mark of a run */
	MARK_BATCH = 'B',  /* end of a batch */
	MARK_QUERY = 'Q',  /* sinks are asked for their positions */
	MARK_RESUME = 'R', /* where each partition goes on */
	MARK_FINAL = 'F',  /* clean end */
};

struct mark {
	enum mark_kind kind;
	uint64_t run, batch, n;
	char by[MARK_BY_MAX + 1]; /* the program that wrote it on this hop */
	int64_t start_ms, end_ms; /* of the batch, since the epoch */
	bool flush;               /* sinks commit now */
	const char *text;         /* the mark from ETB to '}', borrowed from the caller of mark_parse() */
	size_t len;
};

/*
 * Parse the LEN bytes at S (ETB to '}', without delimiter).
 *
 * Returns 0, -EBADMSG when the mark is damaged (form or CRC), -EPROTONOSUPPORT for another version.  *ret borrows S.
 */
int mark_parse(const char *s, size_t len, struct mark *ret) MUST_CHECK;

/* The raw text of the string member NAME of M, *ret_len bytes (as in the JSON, escapes kept); NULL when there is none.
 */
const char *mark_string(const struct mark *m, const char *name, size_t *ret_len);

/* The raw JSON of the object member NAME of M, braces included; NULL when there is none. */
const char *mark_object(const struct mark *m, const char *name, size_t *ret_len);

/* The number member NAME of M; false when there is none. */
bool mark_number(const struct mark *m, const char *name, uint64_t *ret) MUST_CHECK;

/*
 * The two numbers of the member NAME of M, `"NAME":[A,B]`; false, and nothing set, when there are none.  Unlike
 * scanf(3) it never reads beyond the end of M, which has no final NUL.
 */
bool mark_pair(const struct mark *m, const char *name, int64_t *ret_a, int64_t *ret_b) MUST_CHECK;

/*
 * Whether the batch that M (a B) ends moves a position, by its member `off`: something was read, even if only the
 * marker of a transaction.  Also true when there is no such member.
 */
bool mark_moves(const struct mark *m) MUST_CHECK;

/* Append M with N records and the program name BY of a new hop (no delimiter). */
void mark_rehop(struct strbuf *out, const struct mark *m, uint64_t n, const char *by);

/*
 * Write a mark: mark_begin() appends everything up to t, the caller appends further members (each `,"name":value`,
 * compact, without blanks), mark_end() appends the CRC.  *ret_start is where in OUT the mark begins.
 */
void mark_begin(struct strbuf *out, const struct mark *m, size_t *ret_start);
void mark_end(struct strbuf *out, size_t start);

#endif
