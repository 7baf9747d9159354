/*
 * Members of JSON objects that come from a table, so that nothing of what they hold is known.
 *
 * Layer: lake (uses jansson).  OBJECT may be NULL or of another type: it has no members then.
 */
#ifndef WEIR_LAKE_JSON_IN_H
#define WEIR_LAKE_JSON_IN_H

#include <jansson.h>
#include <stdint.h>

/* The string OBJECT[KEY], borrowed; NULL when there is none. */
const char *text_in(const json_t *object, const char *key);

/* The integer OBJECT[KEY]; -1 when there is none. */
int64_t number_in(const json_t *object, const char *key);

/* The object OBJECT[KEY], borrowed; a new one replaces what is not an object.  OBJECT has to be one, KEY to be UTF-8.
 */
json_t *object_in(json_t *object, const char *key);

#endif
