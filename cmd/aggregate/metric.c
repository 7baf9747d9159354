/* Metrics: see metric.h. */
#include "cmd/aggregate/metric.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/aggregate/accum_state.h"
#include "cmd/aggregate/metric_put.h"
#include "common/base/alloc.h"

/* What top() can be asked for. */
#define TOP_MAX 10000

static int check_quantile(const struct metric *m, struct strbuf *err)
{
	for (size_t i = 0; i < m->arg_count; i++)
		if (!(m->args[i] >= 0 && m->args[i] <= 1)) {
			strbuf_addf(err, "a quantile is a number from 0 to 1, as 0.99");
			return -EINVAL;
		}
	return 0;
}

static int check_histogram(const struct metric *m, struct strbuf *err)
{
	if (histogram_valid(m->args, m->arg_count))
		return 0;
	strbuf_addf(err, "the bounds have to ascend");
	return -EINVAL;
}

static int check_top(const struct metric *m, struct strbuf *err)
{
	if (m->args[0] >= 1 && m->args[0] <= TOP_MAX && m->args[0] == rint(m->args[0]))
		return 0;
	strbuf_addf(err, "how many is a number from 1 to %d, as in top(.x,10)", TOP_MAX);
	return -EINVAL;
}

static int check_ewma(const struct metric *m, struct strbuf *err)
{
	if (m->args[0] > 0 && m->args[0] <= 1)
		return 0;
	strbuf_addstr(err, "the weight of the newest value is above 0 and at most 1");
	return -EINVAL;
}

/* clang-format off */
static const struct metric_kind kinds[] = {
	{.name = "count", .accum = &accum_count, .needs = METRIC_EITHER, .put = put_count},
	{.name = "sum", .accum = &accum_sum, .needs = METRIC_EXPR, .put = put_sum},
	{.name = "mean", .accum = &accum_sum, .needs = METRIC_EXPR, .put = put_mean},
	{.name = "min", .accum = &accum_extreme, .needs = METRIC_EXPR, .put = put_min},
	{.name = "max", .accum = &accum_extreme, .needs = METRIC_EXPR, .put = put_max},
	{.name = "var", .accum = &accum_moments, .needs = METRIC_EXPR, .put = put_var},
	{.name = "stddev", .accum = &accum_moments, .needs = METRIC_EXPR, .put = put_stddev},
	{.name = "quantile", .accum = &accum_quantile, .needs = METRIC_EXPR, .min_args = 1, .max_args = 100,
	 .check = check_quantile, .put = put_quantile},
	{.name = "histogram", .accum = &accum_histogram, .needs = METRIC_EXPR, .min_args = 1,
	 .max_args = HISTOGRAM_BOUNDS, .check = check_histogram, .args_to_accum = true, .put = put_histogram},
	{.name = "first", .accum = &accum_first, .needs = METRIC_EXPR, .put = put_kept},
	{.name = "last", .accum = &accum_last, .needs = METRIC_EXPR, .put = put_kept},
	{.name = "distinct", .accum = &accum_distinct, .needs = METRIC_EXPR, .put = put_distinct},
	{.name = "top", .accum = &accum_top, .needs = METRIC_EXPR, .min_args = 1, .max_args = 1,
	 .check = check_top, .args_to_accum = true, .put = put_top},
	{.name = "delta", .accum = &accum_delta, .needs = METRIC_EXPR, .put = put_delta},
	{.name = "ewma", .accum = &accum_ewma, .needs = METRIC_EXPR, .min_args = 1, .max_args = 1,
	 .check = check_ewma, .args_to_accum = true, .put = put_ewma},
	{.name = "rate", .accum = &accum_count, .needs = METRIC_EITHER, .put = put_rate},
};
/* clang-format on */

static const struct metric_kind *find_kind(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strlen(kinds[i].name) == len && memcmp(kinds[i].name, name, len) == 0)
			return &kinds[i];
	return NULL;
}

static size_t word(const char *s)
{
	size_t n = 0;

	while (isalnum((unsigned char)s[n]) || s[n] == '_')
		n++;
	return n && !isdigit((unsigned char)*s) ? n : 0;
}

/* Where the argument at S ends: at a ',' or at END, neither within a string nor within brackets. */
static const char *argument_end(const char *s, const char *end)
{
	int depth = 0;
	char quote = 0;

	for (; s < end; s++) {
		if (quote) {
			if (*s == '\\' && s + 1 < end)
				s++;
			else if (*s == quote)
				quote = 0;
		} else if (*s == '"' || *s == '\'') {
			quote = *s;
		} else if (strchr("([{", *s)) {
			depth++;
		} else if (strchr(")]}", *s)) {
			depth--;
		} else if (*s == ',' && depth <= 0) {
			break;
		}
	}
	return s;
}

static int add_number(struct metric *m, const char *s, size_t len, struct strbuf *err)
{
	struct value text = {.type = VALUE_TEXT, .raw = s, .raw_len = len, .s = s, .len = len}, number;

	while (text.len && *text.s == ' ') {
		text.s++;
		text.len--;
	}
	if (value_number(&text, &number) < 0) {
		strbuf_addf(err, "'%.*s' is no number", (int)len, s);
		return -EINVAL;
	}
	m->args = xreallocarray(m->args, m->arg_count + 1, sizeof *m->args);
	m->args[m->arg_count++] = accum_double(&number);
	return 0;
}

/* The arguments from S to END. */
static int parse_arguments(struct metric *m, const char *s, const char *end, struct strbuf *err)
{
	const char *stop = argument_end(s, end);

	if (m->kind->needs == METRIC_BARE || stop == s) {
		strbuf_addstr(err, stop == s ? "an expression is missing" : "it takes no arguments");
		return -EINVAL;
	}
	m->text = xstrndup(s, (size_t)(stop - s));
	while (stop < end) {
		s = stop + 1;
		stop = argument_end(s, end);
		int r = add_number(m, s, (size_t)(stop - s), err);
		if (r < 0)
			return r;
	}
	if (m->arg_count < m->kind->min_args || m->arg_count > m->kind->max_args) {
		strbuf_addf(err, m->arg_count ? "too many numbers" : "numbers are missing");
		return -EINVAL;
	}
	return m->kind->check ? m->kind->check(m, err) : 0;
}

/* What is behind the kind's name. */
static int parse_rest(struct metric *m, const char *s, struct strbuf *err)
{
	size_t len = strlen(s);
	struct strbuf why = STRBUF_INIT;
	int r = 0;

	if (!m->kind) {
		strbuf_addstr(&why, "there is no such metric");
		r = -EINVAL;
	} else if (len) {
		r = parse_arguments(m, s + 1, s + len - 1, &why);
	} else if (m->kind->needs == METRIC_EXPR) {
		strbuf_addf(&why, "it needs a field, as in %s(.x)", m->kind->name);
		r = -EINVAL;
	}
	if (r < 0)
		strbuf_addf(err, "metric '%s': %s", m->written, why.s);
	strbuf_release(&why);
	return r;
}

int metric_parse(struct metric *m, const char *s, struct strbuf *err)
{
	const char *kind = s;
	size_t len = word(s);

	*m = (struct metric){0};
	if (len && s[len] == '=') {
		kind = s + len + 1;
		len = word(kind);
	}
	const char *rest = kind + len;
	bool called = *rest == '(' && rest[strlen(rest) - 1] == ')';
	if (!len || (*rest && !called))
		return 0;
	m->kind = find_kind(kind, len);
	if (!m->kind && !called)
		return 0;
	m->written = xstrdup(s);
	if (kind != s)
		m->name = xstrndup(s, (size_t)(kind - s) - 1);
	int r = parse_rest(m, rest, err);
	if (r < 0)
		metric_release(m);
	return r < 0 ? r : 1;
}

void metric_release(struct metric *m)
{
	free(m->written);
	free(m->name);
	free(m->text);
	free(m->args);
	*m = (struct metric){0};
}

static int add_column(struct row *row, const struct strbuf *name, struct strbuf *err)
{
	if (row_find(row, name->s) >= 0) {
		strbuf_addf(err, "two columns are called '%s'; give one another name, as in NAME=METRIC", name->s);
		return -EINVAL;
	}
	row_add(row, name->s);
	return 0;
}

/* sum_amount, or p99_ms for a quantile; what is no plain field is called as it was written. */
static void name_column(const struct metric *m, const char *field, size_t i, struct strbuf *name)
{
	bool quantile = m->kind->put == put_quantile;

	if (m->name && m->columns == 1)
		strbuf_addstr(name, m->name);
	else if (m->name)
		strbuf_addf(name, "%s_p%.10g", m->name, m->args[i] * 100);
	else if (!m->text)
		strbuf_addstr(name, m->kind->name);
	else if (!field && !quantile)
		strbuf_addf(name, "%s", m->written);
	else if (!quantile)
		strbuf_addf(name, "%s_%s", m->kind->name, field);
	else
		strbuf_addf(name, field ? "p%.10g_%s" : "p%.10g(%s)", m->args[i] * 100, field ? field : m->text);
}

int metric_columns(struct metric *m, const char *field, struct row *row, struct strbuf *err)
{
	struct strbuf name = STRBUF_INIT;
	int r = 0;

	m->column = row->count;
	m->columns = m->kind->put == put_quantile ? m->arg_count : 1;
	for (size_t i = 0; i < m->columns && r == 0; i++) {
		strbuf_clear(&name);
		name_column(m, field, i, &name);
		r = add_column(row, &name, err);
	}
	strbuf_release(&name);
	return r;
}
