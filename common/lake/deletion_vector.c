/* Deletion vectors: see deletion_vector.h. */
#include "common/lake/deletion_vector.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

#define MAGIC        1681511377u
#define COOKIE_PLAIN 12346u /* of a bitmap without runs, and of one that may have them, by RoaringFormatSpec */
#define COOKIE_RUNS  12347u
#define WITH_OFFSETS 4 /* a bitmap with runs has offsets from this number of containers on */
#define ARRAY_MAX    4096
#define BITMAP_BYTES 8192

/* What is left to read. */
struct vector_in {
	const unsigned char *s;
	size_t len;
	uint64_t limit; /* the least row that the file does not have */
	struct strbuf *err;
};

static int bad(const struct vector_in *in, const char *why)
{
	strbuf_addf(in->err, "its deletion vector %s", why);
	return -EBADMSG;
}

/* The next LEN bytes; NULL: it is cut off. */
static const unsigned char *take(struct vector_in *in, uint64_t len)
{
	const unsigned char *s = in->s;
	if (len > in->len)
		return NULL;
	in->s += len;
	in->len -= len;
	return s;
}

static uint32_t number(const unsigned char *s, int bytes)
{
	uint32_t n = 0;
	for (int i = bytes - 1; i >= 0; i--)
		n = n << 8 | s[i];
	return n;
}

static uint32_t short_at(const unsigned char *s, size_t i)
{
	return number(s + 2 * i, 2);
}

/* The greatest number in the container C, and how many it has; -1: it is not in order. */
static int64_t greatest(const struct deletion_container *c, uint64_t *ret_count)
{
	int64_t last = -1;
	*ret_count = 0;
	for (size_t i = 0; !c->count && i < BITMAP_BYTES; i++) {
		for (int bit = 0; bit < 8; bit++) {
			if (c->data[i] >> bit & 1)
				last = (int64_t)(8 * i) + bit;
			*ret_count += c->data[i] >> bit & 1;
		}
	}
	for (size_t i = 0; i < c->count; i++) {
		int64_t first = short_at(c->data, c->runs ? 2 * i : i),
			more = c->runs ? short_at(c->data, 2 * i + 1) : 0;
		if (first <= last || first + more > 0xffff)
			return -1;
		last = first + more;
		*ret_count += (uint64_t)more + 1;
	}
	return last;
}

/* Append the container C, which should have COUNT rows. */
static int append(struct vector_in *in, struct deletion_vector *v, const struct deletion_container *c, uint64_t count)
{
	uint64_t found;
	int64_t last = greatest(c, &found);
	if (last < 0 || found != count)
		return bad(in, "is damaged: a container is not in order, or has another number of rows");
	if (c->base > in->limit || (uint64_t)last >= in->limit - c->base)
		return bad(in, "has rows that the file does not have");
	if (v->count && v->items[v->count - 1].base >= c->base)
		return bad(in, "is damaged: its containers are not in order");
	if (v->count == v->cap) {
		v->cap = v->cap ? 2 * v->cap : 16;
		v->items = xreallocarray(v->items, v->cap, sizeof *v->items);
	}
	v->items[v->count++] = *c;
	v->rows += count;
	return 0;
}

/* Read the container whose number and count are at HEAD. */
static int read_container(
	struct vector_in *in, struct deletion_vector *v, uint64_t base, const unsigned char *head, bool runs)
{
	uint32_t count = short_at(head, 1) + 1;
	struct deletion_container c = {.base = base + ((uint64_t)short_at(head, 0) << 16), .runs = runs};
	if (runs) {
		const unsigned char *n = take(in, 2);
		c.count = n ? number(n, 2) : 0;
		if (!c.count)
			return bad(in, "is damaged: a container without runs");
	} else if (count <= ARRAY_MAX) {
		c.count = count;
	}
	c.data = take(in, c.count ? (uint64_t)c.count * (runs ? 4 : 2) : BITMAP_BYTES);
	return c.data ? append(in, v, &c, count) : bad(in, "is cut off");
}

/* Read a bitmap of 32 bits, whose rows begin at BASE. */
static int read_bitmap(struct vector_in *in, struct deletion_vector *v, uint64_t base)
{
	const unsigned char *s = take(in, 4), *flags = NULL, *heads;
	if (!s)
		return bad(in, "is cut off");
	uint32_t cookie = number(s, 4), count = (cookie >> 16) + 1;
	if ((cookie & 0xffff) == COOKIE_RUNS) {
		flags = take(in, (count + 7) / 8);
	} else {
		s = cookie == COOKIE_PLAIN ? take(in, 4) : NULL;
		count = s ? number(s, 4) : UINT32_MAX;
	}
	if (count > 1 << 16 || ((cookie & 0xffff) == COOKIE_RUNS && !flags))
		return bad(in, "is damaged: it is not a Roaring bitmap");
	heads = take(in, 4 * (uint64_t)count);
	if (!heads || ((!flags || count >= WITH_OFFSETS) && !take(in, 4 * (uint64_t)count)))
		return bad(in, "is cut off");
	int r = 0;
	for (uint32_t i = 0; r == 0 && i < count; i++)
		r = read_container(in, v, base, heads + 4 * i, flags && (flags[i / 8] >> i % 8 & 1));
	return r;
}

int deletion_vector_parse(const void *data, size_t len, uint64_t rows, struct deletion_vector *ret, struct strbuf *err)
{
	struct vector_in in = {.s = data, .len = len, .limit = rows, .err = err};
	struct deletion_vector v = {0};
	const unsigned char *head = take(&in, 12);
	int r = 0;
	if (!head || number(head, 4) != MAGIC || number(head + 8, 4))
		return bad(&in, "has a format that is not known");
	uint32_t bitmaps = number(head + 4, 4);
	for (uint32_t i = 0; r == 0 && i < bitmaps; i++) {
		const unsigned char *key = take(&in, 4);
		r = key ? read_bitmap(&in, &v, (uint64_t)number(key, 4) << 32) : bad(&in, "is cut off");
	}
	if (r == 0 && in.len)
		r = bad(&in, "has more bytes than it needs");
	if (r == 0)
		*ret = v;
	else
		deletion_vector_release(&v);
	return r;
}

void deletion_vector_release(struct deletion_vector *v)
{
	free(v->items);
	*v = (struct deletion_vector){0};
}

/* Whether the container C has the number N. */
static bool has(const struct deletion_container *c, uint32_t n)
{
	size_t low = 0, high = c->count;
	if (!c->count)
		return c->data[n / 8] >> n % 8 & 1;
	while (low < high) { /* the last item that begins at N or before */
		size_t middle = low + (high - low) / 2;
		if (short_at(c->data, c->runs ? 2 * middle : middle) <= n)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return false;
	if (!c->runs)
		return short_at(c->data, low - 1) == n;
	return n - short_at(c->data, 2 * (low - 1)) <= short_at(c->data, 2 * (low - 1) + 1);
}

bool deletion_vector_has(struct deletion_vector *v, uint64_t row)
{
	uint64_t base = row & ~UINT64_C(0xffff);
	if (!v->count)
		return false;
	if (v->items[v->last].base > base)
		v->last = 0;
	while (v->last + 1 < v->count && v->items[v->last + 1].base <= base)
		v->last++;
	const struct deletion_container *c = &v->items[v->last];
	return c->base == base && has(c, (uint32_t)(row & 0xffff));
}
