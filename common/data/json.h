/*
 * JSON records: the values at a set of paths, taken from each record in one pass.
 *
 * Layer: data (uses base, path; simdjson within json.cc, which is C++).  A record is one JSON value (RFC
 * 8259) with white space around it, without its delimiter.  Only strings with escapes are copied, and nothing after a
 * record is read, so records need no padding.  One struct json serves one thread.
 *
 * Every record is checked completely, even where no path leads: UTF-8, grammar, numbers, escapes, nesting (at most
 * JSON_MAX_DEPTH).  No check is stricter than RFC 8259.  Half of a surrogate pair ("\ud800"), which it allows, becomes
 * U+FFFD in a string that is asked for.  Of members with the same name the last counts, as for jq.
 */
#ifndef WEIR_DATA_JSON_H
#define WEIR_DATA_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/diag.h"
#include "common/data/path.h"
#include "common/data/value.h"

#define JSON_MAX_DEPTH 1024

struct json_error {
	size_t pos;       /* byte in the record, from 0; the record's length when the record is cut off */
	const char *what; /* what is wrong there, or what was expected; static */
};

struct json;

/* Make a reader without paths, which only checks records.  0 or -ENOMEM. */
int json_new(struct json **ret) MUST_CHECK;
void json_free(struct json *j);

/* Ask for PATH, which is copied; returns the index of its value in json_values (paths that are the same share it). */
int json_add(struct json *j, const struct path *path);

/*
 * The values of the current record, slices of it or of J: valid until the next call with J.  The address changes with
 * json_add only.  All are missing after an error.
 */
const struct value *json_values(const struct json *j);

/*
 * From now on records are treated as if they were at this DEPTH within other values: their own nesting may be so much
 * less.  For values that will be put into an array or object that is later read with json.h.
 */
void json_within(struct json *j, int depth);

/* The error in the record for which -EBADMSG was returned. */
const struct json_error *json_error(const struct json *j);

/*
 * Read one record: LEN bytes at S, without delimiter.
 *
 * Returns 0, or -EBADMSG (json_error), -EMSGSIZE (over 4 GiB), -ENOMEM.  It is as fast as json_next for records of
 * about 150 bytes or more, and half as fast for records of 15 bytes.
 */
int json_read(struct json *j, const char *s, size_t len) MUST_CHECK;

/*
 * To go through a span of records, each of which ends with DELIM, call json_span, and then json_next until it returns
 * 0.
 *
 * json_next sets *ret_rec and *ret_len to the record (without DELIM) and returns 1; 0 at the end (the outputs are
 * untouched); or -EBADMSG for a record that is not JSON, or empty, with the outputs set: the next call goes on
 * after it.  -EMSGSIZE and -ENOMEM as above, with the outputs set.  The span must not change until the end.
 */
void json_span(struct json *j, const char *s, size_t len, char delim);
int json_next(struct json *j, const char **ret_rec, size_t *ret_len) MUST_CHECK;

/*
 * Copy the LEN bytes at S, a value that json_read() has accepted, to DST without the white space outside of strings;
 * everything else stays as it is, byte for byte.  DST needs room for LEN + JSON_COMPACT_ROOM bytes and must not overlap
 * S.  Returns how many bytes were written; there is no line feed and no NUL among them.
 */
#define JSON_COMPACT_ROOM 128
size_t json_compact(const char *s, size_t len, char *dst);

/*
 * Whether the record that json_read() has just accepted, at S, has no white space between its tokens.  If so, it can
 * simply be copied; json_compact() takes 240 ns for 147 bytes.
 */
bool json_is_compact(const struct json *j, const char *s);

#endif
