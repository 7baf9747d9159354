/*
 * Keys of groups: see keys.h.
 *
 * A value is a letter, followed by nothing (null, false, true); by eight bytes, lowest first (integers, and the bits of
 * doubles); or by a length (seven bits a byte, lowest first, the top bit says that more follow) and as many bytes.
 * Numbers are written in the form of number_canonical().
 */
#include "common/data/keys.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

#include "common/base/hash.h"
#include "common/data/json_impl.h"
#include "common/data/number.h"

enum {
	KEY_NULL = 'n',
	KEY_FALSE = 'f',
	KEY_TRUE = 't',
	KEY_INT = 'i',
	KEY_DOUBLE = 'd',
	KEY_NUMBER = 'x',
	KEY_STRING = 's',
	KEY_ARRAY = 'a',
	KEY_OBJECT = 'o',
};

static void add_word(struct strbuf *key, char letter, uint64_t word)
{
	char *p = strbuf_grow(key, 9);

	*p = letter;
	word = htole64(word);
	memcpy(p + 1, &word, 8);
	strbuf_extend(key, 9);
}

static void add_bytes(struct strbuf *key, char letter, const char *s, size_t len)
{
	char *start = strbuf_grow(key, len + 12), *p = start;
	size_t rest = len;

	*p++ = letter;
	for (; rest > 0x7f; rest >>= 7)
		*p++ = (char)(rest | 0x80);
	*p++ = (char)rest;
	if (len)
		memcpy(p, s, len);
	strbuf_extend(key, (size_t)(p - start) + len);
}

/* A number that is not a VALUE_INT. */
static void add_number(struct strbuf *key, const struct value *v)
{
	struct strbuf text = STRBUF_INIT;
	struct value number;
	uint64_t bits;

	number_canonical(v, &number, &text);
	if (number.type == VALUE_INT) {
		add_word(key, KEY_INT, (uint64_t)number.i);
	} else if (number.type == VALUE_DOUBLE) {
		memcpy(&bits, &number.d, sizeof bits);
		add_word(key, KEY_DOUBLE, bits);
	} else {
		add_bytes(key, KEY_NUMBER, text.s, text.len);
	}
	strbuf_release(&text);
}

void key_add(struct strbuf *key, const struct value *v)
{
	switch (v->type) {
	case VALUE_MISSING:
	case VALUE_NULL:
		strbuf_addch(key, KEY_NULL);
		return;
	case VALUE_BOOL:
		strbuf_addch(key, v->b ? KEY_TRUE : KEY_FALSE);
		return;
	case VALUE_INT:
	case VALUE_TIME:
	case VALUE_DURATION:
		add_word(key, KEY_INT, (uint64_t)v->i);
		return;
	case VALUE_DOUBLE:
	case VALUE_NUMBER:
		add_number(key, v);
		return;
	case VALUE_STRING:
	case VALUE_TEXT:
		add_bytes(key, KEY_STRING, v->s, v->len);
		return;
	case VALUE_ARRAY:
	case VALUE_OBJECT:
		add_bytes(key, v->type == VALUE_ARRAY ? KEY_ARRAY : KEY_OBJECT, v->raw, v->raw_len);
		return;
	}
}

size_t key_words(const struct value *v, uint64_t ret[2])
{
	uint64_t text[2];

	if ((v->type == VALUE_STRING || v->type == VALUE_TEXT) && v->len <= 14) {
		hash_load_short(text, v->s, v->len);
		ret[0] = KEY_STRING | (uint64_t)v->len << 8 | text[0] << 16;
		ret[1] = text[0] >> 48 | text[1] << 16;
		return v->len + 2;
	}
	if (v->type == VALUE_INT) {
		ret[0] = KEY_INT | (uint64_t)v->i << 8;
		ret[1] = (uint64_t)v->i >> 56;
		return 9;
	}
	return 0;
}

static int take_bytes(const char **s, size_t *len, enum value_type type, struct value *ret)
{
	size_t n = 0, used = 0;
	unsigned shift = 0;

	do {
		if (used == *len || shift > 56)
			return -EBADMSG;
		n |= (size_t)((unsigned char)(*s)[used] & 0x7f) << shift;
		shift += 7;
	} while ((unsigned char)(*s)[used++] & 0x80);
	if (n > *len - used)
		return -EBADMSG;
	*ret = (struct value){.type = type, .raw = *s + used, .raw_len = n, .s = *s + used, .len = n};
	*s += used + n;
	*len -= used + n;
	return 1;
}

static int take_word(const char **s, size_t *len, enum value_type type, struct value *ret)
{
	uint64_t word;

	if (*len < sizeof word)
		return -EBADMSG;
	memcpy(&word, *s, sizeof word);
	word = le64toh(word);
	*ret = (struct value){.type = type};
	if (type == VALUE_INT)
		ret->i = (int64_t)word;
	else
		memcpy(&ret->d, &word, sizeof word);
	*s += sizeof word;
	*len -= sizeof word;
	return 1;
}

/* In a damaged state this may be something other than a number, and other code relies on its being one. */
static int take_number(const char **s, size_t *len, struct value *ret)
{
	int r = take_bytes(s, len, VALUE_NUMBER, ret);

	return r == 1 && !(ret->len && json_take_number(ret->s, ret->len, NULL)) ? -EBADMSG : r;
}

int key_next(const char **s, size_t *len, struct value *ret)
{
	if (!*len)
		return 0;
	char letter = *(*s)++;
	--*len;
	switch (letter) {
	case KEY_NULL:
		*ret = (struct value){.type = VALUE_NULL};
		return 1;
	case KEY_FALSE:
	case KEY_TRUE:
		*ret = (struct value){.type = VALUE_BOOL, .b = letter == KEY_TRUE};
		return 1;
	case KEY_INT:
		return take_word(s, len, VALUE_INT, ret);
	case KEY_DOUBLE:
		return take_word(s, len, VALUE_DOUBLE, ret);
	case KEY_NUMBER:
		return take_number(s, len, ret);
	case KEY_STRING:
		return take_bytes(s, len, VALUE_STRING, ret);
	case KEY_ARRAY:
		return take_bytes(s, len, VALUE_ARRAY, ret);
	case KEY_OBJECT:
		return take_bytes(s, len, VALUE_OBJECT, ret);
	default:
		return -EBADMSG;
	}
}

/* The class of V, which determines the order first; numbers of all types are in one class. */
static int class_of(const struct value *v)
{
	if (v->type == VALUE_BOOL)
		return v->b ? 2 : 1;
	return v->type == VALUE_NULL ? 0 : v->type <= VALUE_NUMBER ? 3 : (int)v->type;
}

static int compare_bytes(const struct value *a, const struct value *b)
{
	int r = memcmp(a->s, b->s, a->len < b->len ? a->len : b->len);

	return r ? r : (a->len > b->len) - (a->len < b->len);
}

int key_value_compare(const struct value *a, const struct value *b)
{
	int r = class_of(a) - class_of(b);

	if (!r && a->type >= VALUE_INT && a->type <= VALUE_NUMBER)
		return number_compare(a, b);
	return !r && a->type >= VALUE_STRING ? compare_bytes(a, b) : r;
}

int key_compare(const char *a, size_t a_len, const char *b, size_t b_len)
{
	struct value x, y;

	for (;;) {
		int m = key_next(&a, &a_len, &x), n = key_next(&b, &b_len, &y);
		if (m <= 0 || n <= 0)
			return (m > 0) - (n > 0);
		int r = key_value_compare(&x, &y);
		if (r)
			return r;
	}
}

/* D's bits as an integer that sorts in the same order; 0.0 is above -0.0, to which negative numbers can be rounded. */
static uint64_t order_bits(double d)
{
	uint64_t bits;

	memcpy(&bits, &d, sizeof bits);
	return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

uint64_t key_prefix(const char *s, size_t len)
{
	struct value v;
	uint64_t low = 0;

	if (key_next(&s, &len, &v) <= 0)
		return 0;
	if (v.type >= VALUE_INT && v.type <= VALUE_NUMBER)
		low = order_bits(number_double(&v)) >> 8;
	else if (v.type >= VALUE_STRING)
		for (size_t i = 0; i < 7; i++)
			low = low << 8 | (i < v.len ? (unsigned char)v.s[i] : 0);
	return (uint64_t)class_of(&v) << 56 | low;
}
