/* Values as booleans and numbers: see convert.h. */
#include "common/data/convert_number.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/alloc.h"
#include "common/data/convert_exact.h"
#include "common/data/convert_refuse.h"
#include "common/data/json_impl.h"
#include "common/data/jsonout.h"
#include "common/data/number.h"

static int not_a_number(const struct value *v, const char **why)
{
	if (v->type == VALUE_STRING)
		return convert_refuse(-EINVAL, why, "is a string, not a number");
	return convert_refuse(-EINVAL, why, "is not a number");
}

/* Whether the text of V is one of WORDS, ignoring case. */
static bool is_one_of(const struct value *v, const char *const *words)
{
	for (; *words; words++)
		if (strlen(*words) == v->len && strncasecmp(*words, v->s, v->len) == 0)
			return true;
	return false;
}

int convert_bool_slow(const struct value *v, bool *ret, const char **why)
{
	static const char *const yes[] = {"true", "t", "1", NULL}, *const no[] = {"false", "f", "0", NULL};

	if (value_is_null(v))
		return -ENODATA;
	if (v->type == VALUE_TEXT && (is_one_of(v, yes) || is_one_of(v, no)))
		*ret = is_one_of(v, yes);
	else if (v->type == VALUE_BOOL)
		*ret = v->b;
	else
		return convert_refuse(-EINVAL, why, "is neither true nor false");
	return 0;
}

/* V without the blanks around it, which many files of CSV have around numbers. */
static struct value trim(const struct value *v)
{
	struct value t = *v;

	for (; t.len && t.s[0] == ' '; t.s++)
		t.len--;
	while (t.len && t.s[t.len - 1] == ' ')
		t.len--;
	return t;
}

/*
 * V times 10^SCALE as a whole number of at most DIGITS digits.  0 and *ret; an enum exact_fault; -ENODATA; or -EINVAL
 * with *why: it is not a number.
 */
static int exact_value(const struct value *v, unsigned digits, int scale, exact_int *ret, const char **why)
{
	char text[JSONOUT_DOUBLE_MAX];
	struct value t = *v;

	switch (v->type) {
	case VALUE_INT:
		return exact_scaled_int(v->i, digits, scale, false, ret);
	case VALUE_DOUBLE:
		if (!v->s) {
			t.s = text;
			t.len = (size_t)(jsonout_double(text, v->d) - text);
		}
		break;
	case VALUE_NUMBER:
		break;
	case VALUE_TEXT:
		t = trim(v);
		if (!t.len)
			return -ENODATA;
		break;
	default:
		return value_is_null(v) ? -ENODATA : not_a_number(v, why);
	}
	int r = exact_scaled(t.s, t.len, digits, scale, false, ret);
	return r < 0 ? not_a_number(v, why) : r;
}

int convert_int64_slow(const struct value *v, int64_t *ret, const char **why)
{
	exact_int n;
	int r;

	if (v->type == VALUE_INT) {
		*ret = v->i;
		return 0;
	}
	r = exact_value(v, 19, 0, &n, why);
	if (r < 0)
		return r;
	if (r == EXACT_FRACTION)
		return convert_refuse(-EINVAL, why, "is not a whole number");
	if (r == EXACT_LARGE || n < INT64_MIN || n > INT64_MAX)
		return convert_refuse(-ERANGE, why, "does not fit into bigint");
	*ret = (int64_t)n;
	return 0;
}

int convert_decimal(const struct value *v, unsigned precision, unsigned scale, convert_i128 *ret, const char **why)
{
	int r = exact_value(v, precision, (int)scale, ret, why);

	if (r == EXACT_FRACTION)
		return convert_refuse(-EINVAL, why, "has too many digits after the point");
	if (r == EXACT_LARGE)
		return convert_refuse(-ERANGE, why, "has too many digits before the point");
	return r;
}

/* NaN and infinity, which JSON can only have as strings; their names are those that Protocol Buffers uses. */
static bool take_word(const struct value *v, double *ret)
{
	static const char *const nan[] = {"nan", NULL};
	static const char *const plus[] = {"infinity", "inf", "+infinity", "+inf", NULL};
	static const char *const minus[] = {"-infinity", "-inf", NULL};
	static const struct {
		const char *word;
		double d;
	} of_json[] = {{"NaN", NAN}, {"Infinity", INFINITY}, {"-Infinity", -INFINITY}};

	if (v->type == VALUE_TEXT) {
		bool up = is_one_of(v, plus), down = is_one_of(v, minus);
		if (up || down || is_one_of(v, nan)) {
			*ret = up ? INFINITY : down ? -INFINITY : (double)NAN;
			return true;
		}
		return false;
	}
	for (size_t i = 0; i < 3; i++) {
		if (strlen(of_json[i].word) == v->len && memcmp(of_json[i].word, v->s, v->len) == 0) {
			*ret = of_json[i].d;
			return true;
		}
	}
	return false;
}

/*
 * A field of TSV or CSV: a number as in JSON, or one with a sign, zeros or a point in places where JSON does not allow
 * them.
 */
static int double_of_text(const struct value *v, double *ret, const char **why)
{
	struct value t = trim(v), n;

	if (!t.len)
		return -ENODATA;
	if (take_word(&t, ret))
		return 0;
	if (!value_of_text(t.s, t.len, &n)) {
		if (!exact_is_number(t.s, t.len))
			return not_a_number(v, why);
		n = (struct value){.type = VALUE_NUMBER, .s = t.s + (*t.s == '+'), .len = t.len - (*t.s == '+')};
	}
	double d = number_double(&n);
	if (!isfinite(d))
		return convert_refuse(-ERANGE, why, "is larger than any double");
	*ret = d;
	return 0;
}

int convert_double_slow(const struct value *v, double *ret, const char **why)
{
	double d;

	if (v->type == VALUE_TEXT)
		return double_of_text(v, ret, why);
	if (value_is_null(v))
		return -ENODATA;
	if (v->type == VALUE_STRING && take_word(v, ret))
		return 0;
	if (v->type != VALUE_INT && v->type != VALUE_DOUBLE && v->type != VALUE_NUMBER)
		return not_a_number(v, why);
	d = number_double(v);
	if (!isfinite(d))
		return convert_refuse(-ERANGE, why, "is larger than any double");
	*ret = d;
	return 0;
}

/*
 * D, which was rounded from the text of V, as a float.  Rounding twice gives the same as rounding once, unless D lies
 * in the middle between two floats.  There the text may lie on one side, and then it decides.
 */
static float narrow(const struct value *v, double d)
{
	const uint64_t half = UINT64_C(1) << 28, low = (half << 1) - 1;
	float f = (float)d;
	uint64_t bits;

	memcpy(&bits, &d, sizeof bits);
	if ((fabs(d) >= FLT_MIN && (bits & low) != half) || !v->s || v->type == VALUE_INT || !isfinite(d))
		return f;
	struct value t = trim(v);
	char *text = xstrndup(t.s, t.len); /* rare */
	f = strtof(text, NULL);
	free(text);
	return f;
}

int convert_float(const struct value *v, float *ret, const char **why)
{
	double d;
	int r;

	if (v->type == VALUE_INT) {
		*ret = (float)v->i;
		return 0;
	}
	r = convert_double_slow(v, &d, why);
	if (r == -ERANGE)
		*why = "is larger than any float";
	if (r < 0)
		return r;
	float f = narrow(v, d);
	if (isinf(f) && !isinf(d))
		return convert_refuse(-ERANGE, why, "is larger than any float");
	*ret = f;
	return 0;
}
