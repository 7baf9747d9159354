/* Statistics in the log: see delta_stats.h. */
#include "common/lake/delta_stats.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DIGITS 15 /* the most digits of a decimal that is exact as a double, too */

enum which { LEAST, GREATEST, NULLS };

/* Append S as a JSON string. */
static void add_string(struct strbuf *out, const char *s, size_t len)
{
	json_t *string = json_stringn(s, len);
	char *text = string ? json_dumps(string, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
	strbuf_addstr(out, text ? text : "null");
	free(text);
	json_decref(string);
}

/*
 * Append '"' and the date of SECONDS since the epoch, and set *TM to that time; false when the year does not have four
 * digits.
 */
static bool add_date(struct strbuf *out, int64_t seconds, struct tm *tm)
{
	time_t t = (time_t)seconds;
	if (!gmtime_r(&t, tm) || tm->tm_year < 1 - 1900 || tm->tm_year > 9999 - 1900)
		return false;
	strbuf_addf(out, "\"%04d-%02d-%02d", tm->tm_year + 1900, tm->tm_mon + 1, tm->tm_mday);
	return true;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static bool add_timestamp(struct strbuf *out, int64_t micros, bool up, bool zone)
{
	int64_t millis = floor_div(micros, 1000) + (up && micros % 1000 != 0);
	int64_t seconds = floor_div(millis, 1000);
	struct tm tm;
	if (!add_date(out, seconds, &tm))
		return false;
	strbuf_addf(out, "T%02d:%02d:%02d.%03d%s\"", tm.tm_hour, tm.tm_min, tm.tm_sec, (int)(millis - seconds * 1000),
		zone ? "Z" : "");
	return true;
}

static bool add_decimal(struct strbuf *out, const struct schema_field *f, int64_t unscaled)
{
	char digits[24];
	if (f->precision > DIGITS)
		return false;
	int n = snprintf(
		digits, sizeof digits, "%0*" PRIu64, f->scale + 1, (uint64_t)(unscaled < 0 ? -unscaled : unscaled));
	int whole = n - f->scale;
	strbuf_addf(out, "%s%.*s", unscaled < 0 ? "-" : "", whole, digits);
	if (f->scale)
		strbuf_addf(out, ".%s", digits + whole);
	return true;
}

static bool add_double(struct strbuf *out, double d, bool single)
{
	if (!isfinite(d))
		return false;
	strbuf_addf(out, "%.*g", single ? 9 : 17, d);
	return true;
}

/* Append the bound B of a column; false when it is left out. */
static bool add_bound(struct strbuf *out, const struct schema_field *f, const struct pq_bound *b, bool up)
{
	struct tm tm;
	if (!b->known)
		return false;
	switch (f->type) {
	case SCHEMA_INT32:
	case SCHEMA_INT64:
		strbuf_addf(out, "%" PRId64, b->v.i);
		return true;
	case SCHEMA_FLOAT:
	case SCHEMA_DOUBLE:
		return add_double(out, b->v.d, f->type == SCHEMA_FLOAT);
	case SCHEMA_DECIMAL:
		return add_decimal(out, f, b->v.i);
	case SCHEMA_STRING:
		add_string(out, b->v.bytes, b->len);
		return true;
	case SCHEMA_DATE:
		if (!add_date(out, b->v.i * 86400, &tm))
			return false;
		strbuf_addch(out, '"');
		return true;
	case SCHEMA_TIMESTAMP:
	case SCHEMA_TIMESTAMP_NTZ:
		return add_timestamp(out, b->v.i, up, f->type == SCHEMA_TIMESTAMP);
	default:
		return false;
	}
}

static size_t count_leaves(const struct schema_field *f)
{
	size_t n = 0;
	for (size_t i = 0; i < f->count; i++)
		n += count_leaves(&f->children[i]);
	return f->count ? n : 1;
}

static bool add_leaf(
	struct strbuf *out, const struct schema_field *f, const struct pq_column_stats *c, enum which which)
{
	if (which == NULLS) {
		strbuf_addf(out, "%" PRIu64, c->nulls);
		return true;
	}
	return !c->has_nan && add_bound(out, f, which == LEAST ? &c->bounds.min : &c->bounds.max, which == GREATEST);
}

/*
 * Append an object with the fields of PARENT, whose first leaf is *C, and move *C past its last leaf; false: the object
 * would be empty.
 */
static bool add_fields(
	struct strbuf *out, const struct schema_field *parent, const struct pq_column_stats **c, enum which which)
{
	bool any = false;
	strbuf_addch(out, '{');
	for (size_t i = 0; i < parent->count; i++) {
		const struct schema_field *f = &parent->children[i];
		size_t from = out->len;
		bool said = false;
		strbuf_addstr(out, any ? "," : "");
		add_string(out, f->name, strlen(f->name));
		strbuf_addch(out, ':');
		if (f->type == SCHEMA_STRUCT) {
			said = add_fields(out, f, c, which);
		} else {
			said = !schema_has_children(f->type) && add_leaf(out, f, *c, which);
			*c += count_leaves(f);
		}
		if (!said)
			strbuf_setlen(out, from);
		any |= said;
	}
	strbuf_addch(out, '}');
	return any;
}

void delta_stats(const struct schema *schema, const struct pq_result *result, struct strbuf *out)
{
	static const char *const names[] = {
		[LEAST] = ",\"minValues\":", [GREATEST] = ",\"maxValues\":", [NULLS] = ",\"nullCount\":"};
	strbuf_addf(out, "{\"numRecords\":%" PRIu64, result->rows);
	for (enum which which = LEAST; which <= NULLS; which++) {
		const struct pq_column_stats *c = result->columns;
		strbuf_addstr(out, names[which]);
		(void)add_fields(out, &schema->root, &c, which);
	}
	strbuf_addch(out, '}');
}
