/* Cells with texts: see db_write.h. */
#include "common/db/db_write.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/data/convert.h"
#include "common/data/json.h"
#include "common/db/db_cell.h"

static size_t count_characters(const char *s, size_t len)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)s[i] & 0xc0) != 0x80;
	return n;
}

int db_write_text(const struct value *v, uint32_t length, const char **ret, size_t *ret_len, const char **why)
{
	const char *s;
	size_t len;
	int r = convert_string(v, &s, &len, why);
	if (r < 0)
		return r;
	*why = len > CELL_MAX                                                ? "is too long"
	       : memchr(s, '\0', len)                                        ? "holds a NUL, which text cannot"
	       : length && len > length && count_characters(s, len) > length ? "is longer than the column"
									     : NULL;
	if (*why)
		return -ERANGE;
	*ret = s;
	*ret_len = len;
	return 0;
}

int db_write_binary(const struct value *v, struct strbuf *out, const char **why)
{
	struct strbuf bytes = STRBUF_INIT;
	size_t len;
	char *to = strbuf_grow(&bytes, v->len / 4 * 3 + 1);
	int r = convert_binary(v, to, &len, why);
	if (r == 0 && len > CELL_MAX) {
		*why = "is too long";
		r = -ERANGE;
	}
	if (r == 0)
		db_cell_bytes(out, to, len);
	strbuf_release(&bytes);
	return r;
}

/* N, at least 0, in decimal digits before END; returns where they begin. */
static char *put_digits(char *end, convert_i128 n)
{
	do {
		*--end = (char)('0' + (int)(n % 10));
		n /= 10;
	} while (n);
	return end;
}

static int write_decimal(const struct db_column *c, const struct value *v, struct strbuf *out, const char **why)
{
	char digits[48], *end = digits + sizeof digits, text[64];
	convert_i128 n;
	int r = convert_decimal(v, c->precision ? c->precision : 38, c->scale, &n, why);
	if (r < 0)
		return r;
	char *first = put_digits(end, n < 0 ? -n : n);
	while (end - first <= c->scale)
		*--first = '0';
	int whole = (int)(end - first) - c->scale;
	int len = snprintf(text, sizeof text, "%s%.*s%s%.*s", n < 0 ? "-" : "", whole, first, c->scale ? "." : "",
		c->scale, first + whole);
	db_cell_bytes(out, text, (size_t)len);
	return 0;
}

/* Two digits; N is at most 99. */
static char *put_two(char *to, int n)
{
	*to++ = (char)('0' + n / 10);
	*to++ = (char)('0' + n % 10);
	return to;
}

/* 2026-11-22; a year has four digits. */
static char *put_day(char *to, const struct tm *tm)
{
	const int year = tm->tm_year + 1900;
	to = put_two(put_two(to, year / 100), year % 100);
	*to++ = '-';
	to = put_two(to, tm->tm_mon + 1);
	*to++ = '-';
	return put_two(to, tm->tm_mday);
}

/* MICROS microseconds since 1970.  Not by printf(), which took a sixth of the time of a record. */
static void write_moment(int64_t micros, struct strbuf *out)
{
	char text[32];
	struct tm tm;
	int64_t s = micros / 1000000, rest = micros % 1000000;
	if (rest < 0) {
		rest += 1000000;
		s--;
	}
	time_civil(s, &tm);
	char *to = put_day(text, &tm);
	*to++ = ' ';
	to = put_two(to, tm.tm_hour);
	*to++ = ':';
	to = put_two(to, tm.tm_min);
	*to++ = ':';
	to = put_two(to, tm.tm_sec);
	if (rest) {
		*to++ = '.';
		to = put_two(put_two(put_two(to, (int)(rest / 10000)), (int)(rest / 100 % 100)), (int)(rest % 100));
		if (rest % 1000 == 0)
			to -= 3;
	}
	db_cell_bytes(out, text, (size_t)(to - text));
}

static int write_time(struct db_column *c, const struct value *v, struct strbuf *out, const char **why)
{
	int64_t micros;
	int r = c->kind == DB_TIMESTAMP ? convert_timestamp(v, c->unit, &c->cache, &micros, why)
					: convert_timestamp_ntz(v, c->unit, &micros, why);
	if (r == 0)
		write_moment(micros, out);
	return r;
}

static int write_date(const struct value *v, struct strbuf *out, const char **why)
{
	char text[32];
	struct tm tm;
	int32_t days;
	int r = convert_date(v, &days, why);
	if (r < 0)
		return r;
	time_civil((int64_t)days * 86400, &tm);
	db_cell_bytes(out, text, (size_t)(put_day(text, &tm) - text));
	return 0;
}

/* A value of a record is JSON already; text of TSV and CSV has to be. */
static int write_json(const struct value *v, struct strbuf *out, const char **why)
{
	struct json *json;
	int r;
	if (value_is_null(v))
		return -ENODATA;
	if (v->type == VALUE_TEXT) {
		r = json_new(&json);
		if (r == 0)
			r = json_read(json, v->s, v->len);
		json_free(r == -ENOMEM ? NULL : json);
		if (r < 0) {
			*why = "is not JSON";
			return -EINVAL;
		}
	}
	const char *s = v->type == VALUE_TEXT ? v->s : v->raw;
	size_t len = v->type == VALUE_TEXT ? v->len : v->raw_len;
	*why = "is too long";
	if (len > CELL_MAX)
		return -ERANGE;
	db_cell_bytes(out, s, len);
	return 0;
}

int db_write_as_text(struct db_column *c, const struct value *v, struct strbuf *out, const char **why)
{
	const char *s;
	size_t len;
	int r;
	switch (c->kind) {
	case DB_DECIMAL:
		return write_decimal(c, v, out, why);
	case DB_DATE:
		return write_date(v, out, why);
	case DB_TIMESTAMP:
	case DB_TIMESTAMP_NTZ:
		return write_time(c, v, out, why);
	case DB_JSON:
		return write_json(v, out, why);
	default:
		r = db_write_text(v, c->length, &s, &len, why);
		if (r == 0)
			db_cell_bytes(out, s, len);
		return r;
	}
}
