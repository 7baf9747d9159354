/*
 * Going through the members of an object or the elements of an array whose text is known to be JSON.
 *
 * Layer: data (uses json_text).  Nothing is checked: the text must have been accepted by json.h, or have been written
 * by jsonout.h.  White space between tokens is allowed.
 */
#ifndef WEIR_DATA_JSON_SCAN_H
#define WEIR_DATA_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"

struct json_scan {
	const char *p, *end; /* what was not read yet */
	bool object;
};

struct json_item {
	const char *start; /* after the '{', '[' or ',' before it */
	const char *key;   /* a member's name, with its quotes; NULL: an element */
	size_t key_len;
	const char *s; /* the value as it is written */
	size_t len;
	const char *stop; /* the ',', '}' or ']' behind it, after white space */
};

/* Begin with the array or object of LEN bytes at S; S is at its bracket. */
void json_scan_begin(struct json_scan *scan, const char *s, size_t len);

/* The next member or element, slices of the text; false: there are no more, and *ret is untouched. */
bool json_scan_next(struct json_scan *scan, struct json_item *ret);

/* The end of the value at S, which ends before END. */
const char *json_scan_value(const char *s, const char *end);

/* The name of the member ITEM, without escapes: a slice of the text; or if it has some, in TEXT, emptied before. */
const char *json_scan_name(const struct json_item *item, struct strbuf *text, size_t *ret_len);

/* Whether ITEM is a member with this name, which is without escapes. */
bool json_scan_is(const struct json_item *item, const char *name, size_t len);

/* The member NAME of the object of LEN bytes at S; of several, the last one. */
bool json_scan_member(const char *s, size_t len, const char *name, size_t name_len, struct json_item *ret);

/* The element INDEX, counted from the end if it is below 0, of the array of LEN bytes at S. */
bool json_scan_element(const char *s, size_t len, int64_t index, struct json_item *ret);

/* Whether the array or object of LEN bytes at S has no members or elements; this does not go through them. */
bool json_scan_is_empty(const char *s, size_t len);

/* The number of its members or elements. */
size_t json_scan_count(const char *s, size_t len);

#endif
