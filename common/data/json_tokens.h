/*
 * The tokens of JSON records, for code that goes through whole records itself: json_walk.c, which looks for paths, and
 * the shredder of common/parquet, which wants everything.
 *
 * Layer: data (uses json).  simdjson's first stage lists the positions of all tokens outside of strings: { } [ ] : ,
 * and the first byte of every string and scalar.  This does not check the grammar: the walk does that, token by token,
 * and it skips values that it does not want by json_skip(), which checks them, too.
 */
#ifndef WEIR_DATA_JSON_TOKENS_H
#define WEIR_DATA_JSON_TOKENS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/base/ascii.h"
#include "common/data/json.h"

/*
 * The tokens of one record.  The position of a walk among them is a pointer T to the current token, which is passed and
 * returned so that it stays in a register: when it was kept in memory, each token cost a store and a load that waited
 * for it, together a third of the time.
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
 * Like json_next(), but the record is not read.  When it returns 1, *W is set for the record and *ret_t to its first
 * token, and the caller goes through the tokens.  Then, before the next call of any function with J, the caller must
 * call json_tokens_end() with any token of the record, or the one after it.  A negative result is final for the record,
 * as with json_next().
 */
int json_next_tokens(
	struct json *j, struct json_walk *w, const uint32_t **ret_t, const char **ret_rec, size_t *ret_len) MUST_CHECK;
void json_tokens_end(struct json *j, const struct json_walk *w, const uint32_t *t);

/*
 * Read the record, whose first token is *T, for the paths of json_add(), as json_next() does: json_values() has them.
 * On return *T is the token after it.  0, or -EBADMSG with json_error() set.
 */
int json_walk_record(struct json_walk *w, const uint32_t **t) MUST_CHECK;

/* Record that WHAT is wrong at POS (from w->base), or at the record's end if that comes earlier.  Returns NULL. */
const uint32_t *json_walk_fail(struct json_walk *w, uint32_t pos, const char *what);

/* The first byte of the token T, 0 when the record ends before it. */
static inline char json_byte(const struct json_walk *w, const uint32_t *t)
{
	return *t < w->end ? w->base[*t] : '\0';
}

/*
 * The end of the string or scalar T, without the white space before the next token.  T must lie within the record: when
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
 * Whether V's first LEN bytes (1 to 8, in the order of memory) are a number of the usual form: digits with at most one
 * '.' between them, and no needless leading 0.  Sets *ret_digits to the text with '0' before it (the last byte
 * uppermost, a '.' as '0') and *ret_dot to the bit 8k+7 for a '.' in byte k, else 0.  False: it may still be a number
 * of another form.  There are no branches on the number of digits, because they could not be predicted.
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
 * A fast check of the scalar T, which begins with C ('\0': the record has ended).  True: it is valid; false: json_skip
 * must check it.
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
 * These functions go through the value whose first token is T and whose first byte is C ('\0': the record has ended).
 * They return its last token, or NULL after an error.
 */
const uint32_t *json_skip(struct json_walk *w, const uint32_t *t, char c); /* checked, but not stored */
const uint32_t *json_take_string(struct json_walk *w, const uint32_t *t, struct value *v);
const uint32_t *json_take_scalar(struct json_walk *w, const uint32_t *t, char c, struct value *v); /* V may be NULL */

/* Resolve the escapes of the LEN bytes at S into j->scratch; *ret_s, *ret_len are the text. */
bool json_resolve(struct json_walk *w, const char *s, size_t len, const char **ret_s, size_t *ret_len, bool *ret_lone);

/*
 * The first function gives how much memory the texts of the record's strings with escapes take; the second one drops
 * all beyond a given amount.  There is room for each string only twice, so code that reads a record again must first
 * drop the texts of the first reading.
 */
size_t json_texts(const struct json_walk *w);
void json_forget_texts(struct json_walk *w, size_t before);

/* Read the number at S, where 8 bytes must be readable, into V if it has a usual form; false: use json_take_number. */
bool json_take_quick(const char *s, size_t len, struct value *v);

#endif
