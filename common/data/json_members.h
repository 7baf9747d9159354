/*
 * Going through the members of an object by its tokens.
 *
 * Layer: data (uses json_tokens).
 */
#ifndef WEIR_DATA_JSON_MEMBERS_H
#define WEIR_DATA_JSON_MEMBERS_H

#include "common/data/json_tokens.h"

/*
 * After a member, of whose value T is the last token: the next member's name, or the '}' of the object.  *ret_c is its
 * first byte.  NULL after an error.
 */
static inline const uint32_t *json_after_member(struct json_walk *w, const uint32_t *t, char *ret_c)
{
	*ret_c = json_byte(w, ++t);
	if (*ret_c == '}')
		return t;
	if (*ret_c != ',')
		return json_walk_fail(w, *t, "',' or '}' was expected");
	*ret_c = json_byte(w, ++t);
	return *ret_c == '"' ? t : json_walk_fail(w, *t, "a name in quotes was expected");
}

#endif
