/*
 * What the files json*.c share; nobody else's business.
 *
 * How a record is read: simdjson's first stage (json.cc) writes down where the tokens begin that stand outside of
 * strings: { } [ ] : , and the first byte of every string and scalar.  It does so for a chunk of many records at once,
 * which is what makes short records fast.  json_walk.c then follows the tokens of one record through the grammar and
 * along the tree of wanted paths.  simdjson's own On-Demand would do the second step, too, but its inlined half is
 * compiled for the oldest x86-64 without -march, it stops at the first bad record of a chunk, and it leaves unchecked
 * what is not asked for.
 */
#ifndef WEIR_DATA_JSON_IMPL_H
#define WEIR_DATA_JSON_IMPL_H

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

/* Is an LF within a string an error also behind a backslash?  Not in simdjson's portable implementation. */
bool json_index_takes_lines(const struct json_index *index);

/*
 * Find the tokens of the LEN bytes at S: *ret points to their positions, ascending, with LEN behind the last one; valid
 * until the next call.  Returns 0, -EBADMSG (not UTF-8, a control character in a string, an open string), -EMSGSIZE,
 * -ENOMEM.
 */
int json_index_run(struct json_index *index, const char *s, size_t len, const uint32_t **ret);

/* The number of LEN bytes at S, correctly rounded; false when it is too large or too small for a double. */
bool json_strtod(const char *s, size_t len, double *ret);

#ifdef __cplusplus
}
#else

#include "common/data/json.h"

/* A node of the tree of wanted paths. */
struct json_node {
	char *name; /* owned; NULL: an element of an array (or the root) */
	size_t len;
	uint32_t element;
	int slot;              /* of its value, -1: only a way to others */
	uint64_t lens;         /* bit min(len, 63) is set for every child's name: most members are told apart by this */
	uint32_t last_element; /* the highest element among the children */
	bool has_names, has_elements;
	struct json_node *child, *sibling; /* owned */
};

struct json {
	struct json_index *index;
	struct json_node root;
	struct value *values;
	size_t slots;
	char *scratch; /* texts of strings with escapes; as large as the record */
	size_t scratch_len, scratch_cap;
	struct json_error error;
	/* The span, its part that is indexed, and the next record. */
	const char *next, *chunk, *chunk_end, *span_end;
	const uint32_t *tokens;
	char delim;
	bool one_by_one; /* the chunk has an error: index each of its records for itself */
	bool escapes;    /* the chunk has a backslash */
};

/* The tokens of one record. */
struct json_walk {
	struct json *j;
	const char *base; /* what was indexed */
	const uint32_t *next;
	uint32_t start, end; /* the record, from base */
	uint32_t pos;        /* the current token */
	bool escapes;        /* the record has a backslash */
	int depth;
};

/* Read the record into j->values.  0, or -EBADMSG with j->error set. */
int json_walk_record(struct json_walk *w);

/* Say that WHAT is wrong at POS (from w->base).  Returns false. */
bool json_walk_fail(struct json_walk *w, uint32_t pos, const char *what);

/* The first byte of the next token, which is w->pos from now on; 0 at the end of the record. */
static inline char json_token(struct json_walk *w)
{
	uint32_t pos = *w->next;

	if (pos >= w->end) {
		w->pos = w->end;
		return '\0';
	}
	w->next++;
	w->pos = pos;
	return w->base[pos];
}

static inline bool json_is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Where the string or scalar that began at w->pos ends: before the white space before the next token. */
static inline uint32_t json_token_end(const struct json_walk *w)
{
	uint32_t end = *w->next < w->end ? *w->next : w->end;

	while (json_is_blank(w->base[end - 1]))
		end--;
	return end;
}

/* The end of the string at w->pos, that is the position of its closing quote. */
static inline uint32_t json_closing_quote(const struct json_walk *w)
{
	return json_token_end(w) - 1;
}

/* Check the value whose first token is C at w->pos, where nobody wants it. */
bool json_skip(struct json_walk *w, char c);

/* The string at w->pos into V. */
bool json_take_string(struct json_walk *w, struct value *v);

/* The number, true, false or null at w->pos, whose first byte is C ('\0': the record has ended); V may be NULL. */
bool json_take_scalar(struct json_walk *w, char c, struct value *v);

/* Resolve the escapes of the LEN bytes at S into j->scratch; *ret_s, *ret_len are the text. */
bool json_resolve(struct json_walk *w, const char *s, size_t len, const char **ret_s, size_t *ret_len, bool *ret_lone);

/* Check the number at S; with V its type and value are set. */
bool json_take_number(const char *s, size_t len, struct value *v);

#endif
#endif
