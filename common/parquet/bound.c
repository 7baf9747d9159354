/* Bounds of columns: see bound.h. */
#include "common/parquet/bound.h"

#include <string.h>

#include "common/data/utf8.h"

#define LONGEST_CHAR 4u

enum pq_order pq_order_of(const struct schema_field *field)
{
	switch (field->type) {
	case SCHEMA_FLOAT:
	case SCHEMA_DOUBLE:
		return PQ_FLOATING;
	case SCHEMA_STRING:
	case SCHEMA_BINARY:
		return PQ_BYTEWISE;
	case SCHEMA_DECIMAL:
		return field->precision > 18 ? PQ_BIG : PQ_SIGNED;
	default:
		return PQ_SIGNED;
	}
}

static int compare_bytes(const struct pq_bound *a, const struct pq_bound *b)
{
	int r = memcmp(a->v.bytes, b->v.bytes, a->len < b->len ? a->len : b->len);
	return r ? r : (a->len > b->len) - (a->len < b->len);
}

int pq_bound_compare(enum pq_order order, const struct pq_bound *a, const struct pq_bound *b)
{
	if (order == PQ_SIGNED)
		return (a->v.i > b->v.i) - (a->v.i < b->v.i);
	if (order == PQ_FLOATING)
		return (a->v.d > b->v.d) - (a->v.d < b->v.d);
	if (order == PQ_BIG && (a->v.bytes[0] ^ b->v.bytes[0]) & 0x80)
		return a->v.bytes[0] & 0x80 ? -1 : 1;
	return compare_bytes(a, b);
}

/* A maximum that is unknown although there are values stays unknown. */
void pq_bounds_merge(enum pq_order order, struct pq_bounds *into, const struct pq_bounds *from)
{
	if (!from->min.known)
		return;
	if (!into->min.known) {
		*into = *from;
		return;
	}
	if (pq_bound_compare(order, &from->min, &into->min) < 0)
		into->min = from->min;
	if (!from->max.known || !into->max.known)
		into->max.known = false;
	else if (pq_bound_compare(order, &from->max, &into->max) > 0)
		into->max = from->max;
}

static bool continues(char c)
{
	return (c & 0xc0) == 0x80;
}

/*
 * Replace the last character of the LEN bytes by the next higher one; if there is none, drop it and try the character
 * before.
 */
static bool raise_text(struct pq_bound *b)
{
	size_t len = b->len;
	while (len) {
		size_t at = len - 1;
		while (at && continues(b->v.bytes[at]))
			at--;
		uint32_t c = len - at <= LONGEST_CHAR ? utf8_code(b->v.bytes + at, len - at) + 1 : UINT32_MAX;
		if (c == 0xd800) /* surrogates are not characters */
			c = 0xe000;
		if (c <= 0x10ffff) {
			b->len = (uint8_t)(utf8_put(b->v.bytes + at, c) - b->v.bytes);
			return true;
		}
		len = at;
	}
	return false;
}

static bool raise_bytes(struct pq_bound *b)
{
	while (b->len && (unsigned char)b->v.bytes[b->len - 1] == 0xff)
		b->len--;
	if (!b->len)
		return false;
	b->v.bytes[b->len - 1]++;
	return true;
}

/* A raised character may be a byte longer, so there must be room for that. */
static void cut(struct pq_bound *b, bool text, const char *s, size_t len)
{
	b->known = true;
	b->exact = len <= PQ_BOUND_MAX;
	if (!b->exact) {
		len = PQ_BOUND_MAX - (text ? 1 : 0);
		while (text && len && continues(s[len]))
			len--;
	}
	b->len = (uint8_t)len;
	if (len)
		memcpy(b->v.bytes, s, len);
}

void pq_bounds_cut(struct pq_bounds *ret, bool text, const char *min, size_t min_len, const char *max, size_t max_len)
{
	cut(&ret->min, text, min, min_len);
	cut(&ret->max, text, max, max_len);
	if (!ret->max.exact)
		ret->max.known = text ? raise_text(&ret->max) : raise_bytes(&ret->max);
}

size_t pq_bound_plain(const struct pq_bound *bound, const struct schema_field *field, unsigned char *to)
{
	enum pq_order order = pq_order_of(field);
	size_t len = 8;
	if (order == PQ_BYTEWISE || order == PQ_BIG) {
		memcpy(to, bound->v.bytes, bound->len);
		return bound->len;
	}
	if (field->type == SCHEMA_FLOAT) {
		float f = (float)bound->v.d;
		memcpy(to, &f, 4);
		return 4;
	}
	if (order == PQ_FLOATING) {
		memcpy(to, &bound->v.d, 8);
		return 8;
	}
	if (field->type == SCHEMA_BOOL)
		len = 1;
	else if (field->type == SCHEMA_INT32 || field->type == SCHEMA_DATE ||
		 (field->type == SCHEMA_DECIMAL && field->precision <= 9))
		len = 4;
	memcpy(to, &bound->v.i, len); /* little endian, like the machine */
	return len;
}
