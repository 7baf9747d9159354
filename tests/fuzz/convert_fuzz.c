/* Conversions: the input is a field of CSV, and JSON.  The results of several conversions of a value must agree. */
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/convert.h"
#include "common/data/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_result(int r, const char *why)
{
	if (r != 0 && r != -ENODATA && r != -EINVAL && r != -ERANGE)
		abort();
	if ((r == -EINVAL || r == -ERANGE) != (why != NULL))
		abort();
}

static void check_whole(const struct value *v)
{
	const char *why = NULL;
	int64_t n;
	int r = convert_int64(v, &n, &why);
	convert_i128 big;
	double d;
	int32_t small;

	check_result(r, why);
	why = NULL;
	int s = convert_int32(v, 0, &small, &why);
	check_result(s, why);
	if (s == 0 && (r < 0 || n != small))
		abort();
	if (r == 0 && (convert_decimal(v, 19, 0, &big, &why) < 0 || big != n))
		abort();
	if (r == 0 && (convert_double(v, &d, &why) < 0 || d != (double)n))
		abort();
}

/* A decimal that fits must be ten times as large with one more digit after the point, and close to the double. */
static void check_decimal(const struct value *v)
{
	for (unsigned scale = 0; scale < 38; scale++) {
		const char *why = NULL;
		convert_i128 a, b;
		double d;
		int r = convert_decimal(v, 37, scale, &a, &why);
		check_result(r, why);
		why = NULL;
		if (r < 0)
			continue;
		if (convert_decimal(v, 38, scale + 1, &b, &why) < 0 || b != a * 10)
			abort();
		if (convert_double(v, &d, &why) < 0 || fabs(d * pow(10, scale) - (double)a) > fabs((double)a) * 1e-12)
			abort();
	}
}

static void check_real(const struct value *v)
{
	const char *why = NULL;
	double d;
	float f;
	int r = convert_double(v, &d, &why);

	check_result(r, why);
	why = NULL;
	int s = convert_float(v, &f, &why);
	check_result(s, why);
	if (s == 0 && (r < 0 || (isnan(f) ? !isnan(d) : isinf(f) != isinf(d))))
		abort();
	if (r == 0 && s < 0 && fabs(d) < 3.4e38)
		abort();
}

static void check_time(const struct value *v)
{
	const int64_t day = INT64_C(86400000000);
	struct time_cache cache = {0};

	for (enum time_unit unit = TIME_AUTO; unit <= TIME_NS; unit++) {
		const char *why = NULL;
		int64_t us, again, wall;
		int r = convert_timestamp(v, unit, NULL, &us, &why);
		check_result(r, why);
		for (int i = 0; r == 0 && i < 2; i++)
			if (convert_timestamp(v, unit, &cache, &again, &why) < 0 || again != us)
				abort();
		if (r == 0 && (us < TIME_MIN_S * 1000000 || us >= (TIME_MAX_S + 1) * 1000000))
			abort();
		why = NULL;
		int s = convert_timestamp_ntz(v, unit, &wall, &why);
		check_result(s, why);
		if (s == 0 && (r < 0 || wall != us))
			abort();
		int32_t days;
		if (convert_date(v, &days, &why) == 0 && (r < 0 || us != days * day))
			abort();
	}
}

static void check(const struct value *v)
{
	const char *why = NULL, *s;
	size_t len;
	bool b;
	char *bytes = xmalloc(v->len / 4 * 3);

	check_whole(v);
	check_decimal(v);
	check_real(v);
	check_time(v);
	int r = convert_bool(v, &b, &why);
	check_result(r, why);
	why = NULL;
	r = convert_string(v, &s, &len, &why);
	check_result(r, why);
	why = NULL;
	r = convert_binary(v, bytes, &len, &why);
	check_result(r, why);
	if (r == 0 && len > v->len / 4 * 3)
		abort();
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data;
	const struct value field = {.type = VALUE_TEXT, .raw = s, .raw_len = size, .s = s, .len = size};
	struct json *j;
	struct path whole = {0};

	check(&field);
	if (json_new(&j) < 0)
		abort();
	(void)json_add(j, &whole);
	if (json_read(j, s, size) == 0)
		check(&json_values(j)[0]);
	json_free(j);
	return 0;
}
