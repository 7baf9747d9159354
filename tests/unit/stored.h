/* The stored form of a value, as weir-schema(7) writes it. */
#ifndef WEIR_TESTS_STORED_H
#define WEIR_TESTS_STORED_H

#include <math.h>

#include "common/base/ascii.h"
#include "common/base/strbuf.h"
#include "common/data/jsonout.h"
#include "tests/unit/conversions.h"

static void add_real(double d, struct strbuf *out)
{
	char text[JSONOUT_DOUBLE_MAX];

	if (isnan(d))
		strbuf_addstr(out, "NaN");
	else if (isinf(d))
		strbuf_addstr(out, d > 0 ? "Infinity" : "-Infinity");
	else
		strbuf_add(out, text, (size_t)(jsonout_double(text, d) - text));
}

static void add_decimal(convert_i128 n, unsigned scale, struct strbuf *out)
{
	long long unit = 1;

	for (unsigned i = 0; i < scale; i++)
		unit *= 10;
	strbuf_addf(out, "%lld.%0*lld", (long long)n / unit, (int)scale, (long long)n % unit);
}

static void add_time(int64_t us, bool zone, struct strbuf *out)
{
	char text[TIME_RFC3339_SIZE];
	const struct timespec t = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
	size_t len = time_write_rfc3339(&t, text);

	strbuf_add(out, text, zone ? len : len - 1);
}

static int add_number(const struct schema_field *f, const struct value *v, struct strbuf *out)
{
	int64_t n = 0;
	int32_t small = 0;
	double d = 0;
	float real = 0;
	convert_i128 big = 0;
	int r;

	if (f->type == SCHEMA_FLOAT || f->type == SCHEMA_DOUBLE) {
		r = f->type == SCHEMA_FLOAT ? convert_float(v, &real, &why) : convert_double(v, &d, &why);
		if (f->type == SCHEMA_FLOAT)
			strbuf_addf(out, "%.7g", (double)real);
		else
			add_real(d, out);
	} else if (f->type == SCHEMA_DECIMAL) {
		r = convert_decimal(v, f->precision, f->scale, &big, &why);
		add_decimal(big, f->scale, out);
	} else {
		r = f->type == SCHEMA_INT32 ? convert_int32(v, f->bits, &small, &why) : convert_int64(v, &n, &why);
		strbuf_addf(out, "%lld", (long long)(f->type == SCHEMA_INT32 ? small : n));
	}
	return r;
}

static int add_text(const struct schema_field *f, const struct value *v, struct strbuf *out)
{
	char bytes[64], hex[128];
	const char *s = "";
	size_t len = 0;
	bool b = false;
	int r;

	if (f->type == SCHEMA_BOOL) {
		r = convert_bool(v, &b, &why);
		strbuf_addstr(out, b ? "true" : "false");
	} else if (f->type == SCHEMA_STRING) {
		r = convert_string(v, &s, &len, &why);
		strbuf_add(out, s, len);
	} else {
		r = convert_binary(v, bytes, &len, &why);
		strbuf_add(out, hex, (size_t)(ascii_put_hex(hex, bytes, len) - hex));
	}
	return r;
}

static int add_date(const struct schema_field *f, const struct value *v, struct strbuf *out)
{
	int64_t us = 0;
	int32_t days = 0;
	int r;

	if (f->type == SCHEMA_DATE) {
		r = convert_date(v, &days, &why);
		add_time(days * INT64_C(86400000000), true, out);
		strbuf_setlen(out, strlen("2026-11-22"));
	} else if (f->type == SCHEMA_TIMESTAMP) {
		r = convert_timestamp(v, f->unit, NULL, &us, &why);
		add_time(us, true, out);
	} else {
		r = convert_timestamp_ntz(v, f->unit, &us, &why);
		add_time(us, false, out);
	}
	return r;
}

/* Append the stored form of V in the column F; returns what the conversion returns, with `why` set. */
static int add_stored(const struct schema_field *f, const struct value *v, struct strbuf *out)
{
	if (f->type >= SCHEMA_INT32 && f->type <= SCHEMA_DECIMAL)
		return add_number(f, v, out);
	return f->type < SCHEMA_DATE ? add_text(f, v, out) : add_date(f, v, out);
}

#endif
