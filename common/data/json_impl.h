/*
 * Private to json*.c.
 *
 * How a record is read.  simdjson's first stage (json.cc) lists where the tokens begin that stand outside of strings: {
 * } [ ] : , and the first byte of every string and scalar.  It does so for a chunk of many records at once, which is
 * what makes short records fast.  json_walk.c then checks the tokens of one record against the grammar and follows the
 * tree of wanted paths.  simdjson's own On-Demand would do the second step, too, but its inlined half is compiled for
 * the oldest x86-64 without -march, it stops at the first bad record of a chunk, and it leaves unchecked what is not
 * asked for.
 */
#ifndef WEIR_DATA_JSON_IMPL_H
#define WEIR_DATA_JSON_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The first stage, in json.cc. */
struct json_index;
struct json_index *json_index_new(void); /* NULL: no memory */
void json_index_free(struct json_index *index);

/* Whether an LF within a string is an error even after a backslash.  Not in simdjson's portable implementation. */
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
#else

#include "common/base/ascii.h"
#include "common/data/json.h"

/*
 * Bytes of a span that are indexed at once, up to the last record that ends there: text and tokens (up to four times as
 * large) stay in the second-level cache.
 */
#define JSON_CHUNK (64u << 10)

/* A node of the tree of wanted paths. */
struct json_node {
	char *name; /* owned; NULL: an element of an array (or the root) */
	size_t len;
	uint32_t element;
	int slot;              /* of its value, -1: only a way to others */
	uint64_t lens;         /* bit min(len, 63) is set for every child's name: this distinguishes most members */
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
	int within;      /* how many levels of nesting are above each record */
	bool one_by_one; /* the chunk has an error: index each of its records for itself */
	bool escapes;    /* the chunk has a backslash */
};

/*
 * The tokens of one record.  The position of a walk among them is a pointer T to the current token, which is passed and
 * returned so that it stays in a register: kept in memory, each token cost a store and a load that waited for it, a
 * third of the time in all.
 */
struct json_walk {
	struct json *j;
	const char *base;    /* what was indexed */
	uint32_t start, end; /* the record, from base */
	uint32_t safe;       /* from positions below this, 8 bytes can be read */
	bool escapes;        /* the record has a backslash */
	int depth;
};

/*
 * Read the record into j->values; *T is its first token, and on return the first one after it.  0, or -EBADMSG with
 * j->error set.
 */
int json_walk_record(struct json_walk *w, const uint32_t **t);

/* Say that WHAT is wrong at POS (from w->base) or, when that is less, at the end.  Returns NULL. */
const uint32_t *json_walk_fail(struct json_walk *w, uint32_t pos, const char *what);

/* The first byte of the token T, 0 when the record ends before it. */
static inline char json_byte(const struct json_walk *w, const uint32_t *t)
{
	return *t < w->end ? w->base[*t] : '\0';
}

/*
 * The end of the string or scalar T: before the white space before the next token.  T must lie within the record: when
 * the record has ended (json_byte() is 0), the bytes before its end are not T's, and perhaps not even in memory.
 */
static inline uint32_t json_token_end(const struct json_walk *w, const uint32_t *t)
{
	uint32_t end = t[1] < w->end ? t[1] : w->end;

	/* One comparison nearly always decides. */
	while ((unsigned char)w->base[end - 1] <= ' ' && ascii_is_blank(w->base[end - 1]))
		end--;
	return end;
}

/* The bytes of the string T, without its quotes. */
static inline size_t json_string_len(const struct json_walk *w, const uint32_t *t)
{
	return json_token_end(w, t) - *t - 2;
}

/*
 * A number of the usual form in V's first LEN bytes (in memory; 1 to 8): digits with at most one '.' between them, and
 * no needless leading 0.  Sets *ret_digits to the text with '0' before it (the last byte uppermost, a '.' as '0')
 * and *ret_dot to the bit 8k+7 for a '.' in byte k, else 0.  False: it may still be a number of another form.  There
 * are no branches on the number of digits, because they could not be predicted.
 */
static inline bool json_quick_number(uint64_t v, uint32_t len, uint64_t *ret_digits, uint64_t *ret_dot)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7, low = ~high;
	unsigned shift = 64 - 8 * len;
	uint64_t first = UINT64_C(0x80) << shift, dots, zero_first;

	v = v << shift | (ones * '0' & ((first >> 7) - 1));
	dots = v ^ ones * '.';
	dots = ~(((dots & low) + low) | dots | low); /* the high bit of each byte that is '.' */
	zero_first = (v >> shift & 0xff) == '0' && len > 1 && !(dots & first << 8);
	v ^= (dots >> 7) * ('.' ^ '0');
	*ret_digits = v;
	*ret_dot = dots;
	return !(((v + ones * 0x46) | (v - ones * '0') | v) & high) && !(dots & (dots - 1)) &&
	       !(dots & (first | UINT64_C(1) << 63)) && !zero_first;
#else
	(void)v, (void)len, (void)ret_digits, (void)ret_dot;
	return false;
#endif
}

/*
 * True: the scalar T, which begins with C ('\0': the record has ended), is valid; false: json_skip must check it.  Made
 * for speed.
 */
static inline bool json_quick_scalar(const struct json_walk *w, const uint32_t *t, char c)
{
	uint64_t v, text, dot;

	if (!c || *t >= w->safe)
		return false;
	uint32_t len = json_token_end(w, t) - *t;
	memcpy(&v, w->base + *t, 8);
	if (c == 't' || c == 'n')
		return len == 4 && memcmp(&v, c == 't' ? "true" : "null", 4) == 0;
	if (c == 'f')
		return len == 5 && memcmp(&v, "false", 5) == 0;
	return len <= 8 && json_quick_number(v, len, &text, &dot);
}

/*
 * These take the value whose first token is T and its first byte C ('\0': the record has ended), and return its last
 * token, or NULL after an error.
 */
const uint32_t *json_skip(struct json_walk *w, const uint32_t *t, char c); /* checked, but not stored */
const uint32_t *json_take_string(struct json_walk *w, const uint32_t *t, struct value *v);
const uint32_t *json_take_scalar(struct json_walk *w, const uint32_t *t, char c, struct value *v); /* V may be NULL */

/* Resolve the escapes of the LEN bytes at S into j->scratch; *ret_s, *ret_len are the text. */
bool json_resolve(struct json_walk *w, const char *s, size_t len, const char **ret_s, size_t *ret_len, bool *ret_lone);

/* Check the number at S; with V its type and value are set. */
bool json_take_number(const char *s, size_t len, struct value *v);

/* The number at S, of which 8 bytes can be read, into V if it is a usual one; false: it is for json_take_number. */
bool json_take_quick(const char *s, size_t len, struct value *v);

#endif
#endif
