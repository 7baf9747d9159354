/*
 * Finds remains of marks in records.  They show that some command has damaged a marked stream so that it looks plain.
 *
 * Layer: stream (no other module).  A mark is found anywhere within a record, with or without its ETB, also within a
 * JSON string (as `jq -R` prints it), without its quotes, or in capitals: It is recognised by ETB and a brace, or by
 * `run` with its 16 digits and the numbers after it, which hardly occur by chance.
 */
#ifndef WEIR_STREAM_LOOK_H
#define WEIR_STREAM_LOOK_H

#include <stdbool.h>
#include <stddef.h>

/* Records that begin within this many bytes of a stream are looked at. */
#define LOOK_SIZE (64u << 10)

/* Whether the LEN bytes at S, whole records, hold a mark. */
bool look_holds_mark(const char *s, size_t len);

/*
 * How many of the LEN bytes at S, whole records that lie at byte AT (below LOOK_SIZE) of their stream, are to be
 * searched: all of those records that begin before LOOK_SIZE.
 */
size_t look_len(const char *s, size_t len, size_t at, char delim);

#endif
