/*
 * Rows as bytes: see pack.h.
 *
 * Of each leaf of the columns there are, in a list or map, the number of its entries (32 bits), and then of each entry
 * its definition level, in a list or map its repetition level, and its value, if it has one: 16 bytes of a decimal, one
 * of a boolean, the length (32 bits) and the bytes of a string, and else its 4 or 8 bytes.
 */
#include "common/parquet/pack.h"

#include <errno.h>

#include "common/parquet/copy_impl.h"

__extension__ typedef unsigned __int128 pq_uint128;

static void add_value(const struct copy_leaf *c, const struct pq_leaf *leaf, size_t i, struct strbuf *ret)
{
	const struct pq_column_values *values = copy_values(c);
	if (leaf->physical == PQ_BYTE_ARRAY) {
		uint32_t len = (uint32_t)values->bytes[i].len;
		strbuf_add(ret, &len, sizeof len);
		strbuf_add(ret, values->bytes[i].s, len);
	} else if (leaf->field->type == SCHEMA_DECIMAL) {
		pq_int128 v = copy_decimal(values->data, c->from->width, i);
		strbuf_add(ret, &v, sizeof v);
	} else {
		size_t width = leaf->physical == PQ_BOOLEAN ? 1 : leaf->width;
		strbuf_add(ret, values->data + width * i, width);
	}
}

/* Append entry E of C. */
static int add_entry(
	const struct copy_leaf *c, const struct pq_leaf *leaf, size_t e, struct strbuf *ret, struct strbuf *err)
{
	unsigned level = copy_level(c, e);
	if (level == COPY_BAD)
		return copy_refuse_null(leaf, err);
	strbuf_addch(ret, (char)level);
	if (leaf->max_rep)
		strbuf_addch(ret, c->from->batch.rep ? (char)c->from->batch.rep[e] : 0);
	if (level == leaf->max_def)
		add_value(c, leaf, copy_place(c, e), ret);
	return 0;
}

static int add_leaf(
	const struct copy_leaf *c, const struct pq_leaf *leaf, size_t row, struct strbuf *ret, struct strbuf *err)
{
	const uint32_t *rows = c->from ? c->from->batch.row : NULL;
	size_t first = rows ? rows[row] : row, end = rows ? rows[row + 1] : row + 1;
	uint32_t count = (uint32_t)(end - first);
	int r = 0;
	if (leaf->max_rep)
		strbuf_add(ret, &count, sizeof count);
	if (!c->from) {
		strbuf_add(ret, "\0", leaf->max_rep ? 2 : 1);
		return 0;
	}
	for (size_t e = first; r == 0 && e < end; e++)
		r = add_entry(c, leaf, e, ret, err);
	return r;
}

int pq_pack_row(const struct pq_copy *copy, const struct pq_columns *columns, size_t row, struct strbuf *ret,
	struct strbuf *err)
{
	int r = 0;
	for (size_t i = 0; r == 0 && i < columns->leaves; i++)
		r = add_leaf(&copy->leaf[i], &columns->leaf[i], row, ret, err);
	return r;
}

/* --- back --------------------------------------------------------------------------------------------------------- */

static void take(void *to, const char **from, size_t len)
{
	memcpy(to, *from, len);
	*from += len;
}

static void put_value(struct pq_leaf *leaf, const char **p, unsigned rep)
{
	pq_int128 decimal;
	int64_t i64;
	int32_t i32;
	uint32_t len;
	if (leaf->physical == PQ_BYTE_ARRAY) {
		take(&len, p, sizeof len);
		pq_put_bytes(leaf, *p, len, rep);
		*p += len;
	} else if (leaf->field->type == SCHEMA_DECIMAL) {
		take(&decimal, p, sizeof decimal);
		pq_put_decimal(leaf, decimal, rep);
	} else if (leaf->physical == PQ_BOOLEAN) {
		pq_put_bool(leaf, *(*p)++, rep);
	} else if (leaf->width == 4) {
		take(&i32, p, sizeof i32);
		pq_put_i32(leaf, i32, rep);
	} else {
		take(&i64, p, sizeof i64);
		pq_put_i64(leaf, i64, rep);
	}
}

int pq_unpack_row(struct pq_columns *columns, const char *data, struct strbuf *err)
{
	for (size_t i = 0; i < columns->leaves; i++) {
		struct pq_leaf *leaf = &columns->leaf[i];
		uint32_t count = 1;
		if (leaf->max_rep)
			take(&count, &data, sizeof count);
		for (; count; count--) {
			unsigned level = (unsigned char)*data++;
			unsigned rep = leaf->max_rep ? (unsigned char)*data++ : 0;
			if (level == leaf->max_def)
				put_value(leaf, &data, rep);
			else
				pq_put_null(leaf, level, rep);
		}
	}
	return pq_columns_end_row(columns, err);
}

/* --- keys --------------------------------------------------------------------------------------------------------- */

/* Append the LEN lowest bytes of N, the highest first. */
static void add_bits(struct strbuf *ret, pq_uint128 n, unsigned len)
{
	while (len--)
		strbuf_addch(ret, (char)(n >> 8 * len));
}

/* The bits of a signed number or, if FLOATING, a floating one, of LEN bytes, so that they ascend with it. */
static void add_ordered(struct strbuf *ret, pq_uint128 n, unsigned len, bool floating)
{
	pq_uint128 sign = (pq_uint128)1 << (8 * len - 1);
	add_bits(ret, floating && (n & sign) ? ~n : n ^ sign, len);
}

/* A zero byte is followed by 255, and the end is two zero bytes, so a string comes before those that it begins. */
static void add_string(struct strbuf *ret, const struct pq_bytes *bytes)
{
	const char *s = (const char *)bytes->s, *zero;
	size_t left = bytes->len;
	while (left && (zero = memchr(s, 0, left))) {
		size_t len = (size_t)(zero - s) + 1;
		strbuf_add(ret, s, len);
		strbuf_addch(ret, (char)255);
		s += len;
		left -= len;
	}
	strbuf_add(ret, s, left);
	strbuf_add(ret, "\0", 2);
}

/* The value of WIDTH bytes at DATA; a float is the double that it is, which has the same place among others. */
static void add_real(struct strbuf *ret, const unsigned char *data, size_t width)
{
	double v;
	float single;
	uint64_t bits;
	if (width == sizeof single) {
		memcpy(&single, data, sizeof single);
		v = single;
	} else {
		memcpy(&v, data, sizeof v);
	}
	memcpy(&bits, &v, sizeof bits);
	add_ordered(ret, v != v ? UINT64_C(0x7fffffffffffffff) : bits, 8, true);
}

/* Append value I of C. */
static void add_key(const struct copy_leaf *c, const struct pq_leaf *leaf, size_t i, struct strbuf *ret)
{
	const struct pq_column_values *values = copy_values(c);
	uint64_t i64;
	uint32_t i32;
	if (leaf->physical == PQ_BYTE_ARRAY) {
		add_string(ret, &values->bytes[i]);
	} else if (leaf->field->type == SCHEMA_DECIMAL) {
		add_ordered(ret, (pq_uint128)copy_decimal(values->data, c->from->width, i), 16, false);
	} else if (leaf->physical == PQ_BOOLEAN) {
		strbuf_addch(ret, (char)values->data[i]);
	} else if (leaf->field->type == SCHEMA_FLOAT || leaf->field->type == SCHEMA_DOUBLE) {
		add_real(ret, values->data + leaf->width * i, leaf->width);
	} else if (leaf->width == 4) {
		memcpy(&i32, values->data + 4 * i, sizeof i32);
		add_ordered(ret, i32, 4, false);
	} else {
		memcpy(&i64, values->data + 8 * i, sizeof i64);
		add_ordered(ret, i64, 8, false);
	}
}

void pq_pack_key(
	const struct pq_copy *copy, const struct pq_columns *columns, size_t leaf, size_t row, struct strbuf *ret)
{
	const struct copy_leaf *c = &copy->leaf[leaf];
	bool null = !c->from || copy_level(c, row) != columns->leaf[leaf].max_def;
	strbuf_addch(ret, !null);
	if (!null)
		add_key(c, &columns->leaf[leaf], copy_place(c, row), ret);
}
