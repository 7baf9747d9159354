/*
 * Members of JSON objects that come from a table and may therefore contain anything.
 *
 * Layer: lake (uses jansson).  OBJECT may be NULL or of another type; it then has no members.
 */
#ifndef WEIR_LAKE_JSON_IN_H
#define WEIR_LAKE_JSON_IN_H

#include <jansson.h>
#include <stdint.h>

/* The string OBJECT[KEY], borrowed; NULL when there is none. */
const char *text_in(const json_t *object, const char *key);

/* The integer OBJECT[KEY]; -1 when there is none. */
int64_t number_in(const json_t *object, const char *key);

/*
 * The object OBJECT[KEY], borrowed; if it is not an object, it is replaced by a new one.  OBJECT must be an object, and
 * KEY UTF-8.
 */
json_t *object_in(json_t *object, const char *key);

#endif
