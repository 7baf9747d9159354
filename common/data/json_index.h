/* Private to json*.c: the functions of json.cc, which uses simdjson and C++'s library. */
#ifndef WEIR_DATA_JSON_INDEX_H
#define WEIR_DATA_JSON_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The first stage, in json.cc. */
struct json_index;
struct json_index *json_index_new(void); /* NULL: no memory */
void json_index_free(struct json_index *index);

/*
 * Whether an LF within a string is an error even after a backslash.  (In simdjson's portable implementation it is not.)
 */
bool json_index_takes_lines(const struct json_index *index);

/*
 * Find the tokens of the LEN bytes at S: *ret points to their positions, ascending, with LEN after the last one; valid
 * until the next call.  Returns 0, -EBADMSG (not UTF-8, a control character in a string, an open string), -EMSGSIZE,
 * -ENOMEM.
 */
int json_index_run(struct json_index *index, const char *s, size_t len, const uint32_t **ret);

/* json_compact() of json.h. */
size_t json_minify(const char *s, size_t len, char *dst);

/* The number of LEN bytes at S, correctly rounded; false when it is too large or too small for a double. */
bool json_strtod(const char *s, size_t len, double *ret);

#ifdef __cplusplus
}
#endif

#endif
