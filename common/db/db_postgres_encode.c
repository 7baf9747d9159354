/*
 * PostgreSQL: the cells of values are those of binary COPY.  See db_postgres.h.
 *
 * Source: the functions TYPE_recv of PostgreSQL's backend/utils/adt.  A cell of DB_ANY is the text of the value, which
 * the server reads by the input function of the type.
 */
#include <errno.h>
#include <string.h>

#include "common/base/ascii.h"
#include "common/data/convert.h"
#include "common/db/db_cell.h"
#include "common/db/db_postgres_impl.h"
#include "common/db/db_write.h"

/* PostgreSQL counts from 2000-01-01. */
#define EPOCH_DAYS   10957
#define EPOCH_MICROS (INT64_C(86400000000) * EPOCH_DAYS)

static int put_int(const struct db_column *c, const struct value *v, struct strbuf *out, const char **why)
{
	int64_t n = 0;
	int32_t n32 = 0;
	int r = c->bits == 64 ? convert_int64(v, &n, why) : convert_int32(v, c->bits == 16 ? 16 : 0, &n32, why);
	if (r == 0)
		db_cell_int(out, c->bits == 64 ? n : n32, c->bits);
	return r;
}

static int put_float(const struct db_column *c, const struct value *v, struct strbuf *out, const char **why)
{
	double d = 0;
	float f = 0;
	int32_t bits;
	int r = c->kind == DB_DOUBLE ? convert_double(v, &d, why) : convert_float(v, &f, why);
	memcpy(&bits, &f, sizeof bits);
	if (r == 0 && c->kind == DB_DOUBLE)
		db_cell_double(out, d);
	else if (r == 0)
		db_cell_int(out, bits, 32);
	return r;
}

static int put_time(struct db_column *c, const struct value *v, struct strbuf *out, const char **why)
{
	int64_t micros = 0;
	int32_t days = 0;
	int r = c->kind == DB_DATE        ? convert_date(v, &days, why)
		: c->kind == DB_TIMESTAMP ? convert_timestamp(v, c->unit, &c->cache, &micros, why)
					  : convert_timestamp_ntz(v, c->unit, &micros, why);
	if (r == 0 && c->kind == DB_DATE)
		db_cell_int(out, (int64_t)days - EPOCH_DAYS, 32);
	else if (r == 0)
		db_cell_int(out, micros - EPOCH_MICROS, 64);
	return r;
}

static int put_bool(const struct value *v, struct strbuf *out, const char **why)
{
	bool b;
	int r = convert_bool(v, &b, why);
	if (r == 0)
		db_cell_int(out, b, 8);
	return r;
}

static int put_decimal(const struct db_column *c, const struct value *v, struct strbuf *out, const char **why)
{
	convert_i128 n;
	if (value_is_null(v))
		return -ENODATA;
	if (v->type != VALUE_INT && v->type != VALUE_DOUBLE && v->type != VALUE_NUMBER && v->type != VALUE_TEXT) {
		int r = convert_decimal(v, 38, 0, &n, why); /* says why not */
		return r < 0 ? r : -EINVAL;
	}
	return postgres_numeric(v->s, v->len, c->precision, c->scale, out, why);
}

/* The 16 bytes of a UUID, as 32 hexadecimal digits with dashes anywhere between them. */
static int put_uuid(const struct value *v, struct strbuf *out, const char **why)
{
	char bytes[16] = {0};
	size_t digits = 0, len;
	const char *s;
	int r = convert_string(v, &s, &len, why);
	for (size_t i = 0; r == 0 && i < len; i++) {
		int n = ascii_hex_value(s[i]);
		if (s[i] == '-')
			continue;
		if (n < 0 || digits == 32) {
			digits = 33;
			break;
		}
		bytes[digits / 2] = (char)(bytes[digits / 2] << 4 | n);
		digits++;
	}
	*why = r == 0 ? "is not a UUID" : *why;
	if (r == 0 && digits != 32)
		return -EINVAL;
	if (r == 0)
		db_cell_bytes(out, bytes, sizeof bytes);
	return r;
}

/* jsonb has its version, 1, before the text. */
static int put_jsonb(struct db_column *c, const struct value *v, struct strbuf *out, const char **why)
{
	struct strbuf text = STRBUF_INIT, cell = STRBUF_INIT;
	int r = db_write_as_text(c, v, &text, why);
	if (r == 0) {
		strbuf_addch(&cell, '\1');
		strbuf_add(&cell, text.s + 4, text.len - 4);
		db_cell_bytes(out, cell.s, cell.len);
	}
	strbuf_release(&text);
	strbuf_release(&cell);
	return r;
}

static int put_value(struct db_column *c, const struct value *v, struct strbuf *out, const char **why)
{
	switch (c->kind) {
	case DB_BOOL:
		return put_bool(v, out, why);
	case DB_INT:
		return put_int(c, v, out, why);
	case DB_FLOAT:
	case DB_DOUBLE:
		return put_float(c, v, out, why);
	case DB_DECIMAL:
		return put_decimal(c, v, out, why);
	case DB_BYTES:
		return db_write_binary(v, out, why);
	case DB_DATE:
	case DB_TIMESTAMP:
	case DB_TIMESTAMP_NTZ:
		return put_time(c, v, out, why);
	case DB_UUID:
		return put_uuid(v, out, why);
	case DB_JSON:
		return c->bits ? put_jsonb(c, v, out, why) : db_write_as_text(c, v, out, why);
	default:
		return db_write_as_text(c, v, out, why);
	}
}

int postgres_encode(struct db_column *c, const struct value *v, struct strbuf *out, const char **why)
{
	int r = put_value(c, v, out, why);
	if (r == -ENODATA)
		db_cell_null(out);
	return r;
}
