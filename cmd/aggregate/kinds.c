/* The table of metrics: see kinds.h. */
#include "cmd/aggregate/kinds.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/opt.h"

#define METRIC_ROW(NAME) &metric_##NAME,
static const struct metric_kind *const kinds[] = {METRICS(METRIC_ROW)};

#define KINDS (sizeof kinds / sizeof *kinds)

/* Names of metrics in SQL, PromQL, pandas and other languages, and their names here. */
static const struct hint hints[] = {
	{"avg", "write mean(.x)"},
	{"average", "write mean(.x)"},
	{"median", "write quantile(.x,0.5)"},
	{"percentile", "write quantile(.x,0.99)"},
	{"percentiles", "write quantile(.x,0.5,0.99)"},
	{"perc", "write quantile(.x,0.99)"},
	{"pct", "write quantile(.x,0.99)"},
	{"quartiles", "write quantile(.x,0.25,0.5,0.75)"},
	/* it is in capitals, because otherwise it would have been found */
	{"count", "write count, and distinct(.x) for different values"},
	{"cnt", "write count"},
	{"n", "write count"},
	{"num", "write count"},
	{"len", "write count"},
	{"size", "write count"},
	{"nrows", "write count"},
	{"countif", "write count(.x > 1)"},
	{"count_if", "write count(.x > 1)"},
	{"uniq", "write distinct(.x)"},
	{"unique", "write distinct(.x)"},
	{"uniques", "write distinct(.x)"},
	{"nunique", "write distinct(.x)"},
	{"cardinality", "write distinct(.x)"},
	{"countdistinct", "write distinct(.x)"},
	{"count_distinct", "write distinct(.x)"},
	{"distinct_count", "write distinct(.x)"},
	{"approx_count_distinct", "write distinct(.x)"},
	{"approx_distinct", "write distinct(.x)"},
	{"total", "write sum(.x)"},
	{"add", "write sum(.x)"},
	{"std", "write stddev(.x)"},
	{"sd", "write stddev(.x)"},
	{"sigma", "write stddev(.x)"},
	{"stddev_samp", "write stddev(.x)"},
	{"var_samp", "write var(.x)"},
	{"range", "write min(.x) and max(.x)"},
	{"minmax", "write min(.x) and max(.x)"},
	{"extent", "write min(.x) and max(.x)"},
	{"earliest", "write first(.x)"},
	{"latest", "write last(.x)"},
	{"first_value", "write first(.x)"},
	{"last_value", "write last(.x)"},
	{"any_value", "write first(.x)"},
	{"topk", "write top(.x,10)"},
	{"approx_top_k", "write top(.x,10)"},
	{"most_common", "write top(.x,10), or mode(.x)"},
	{"value_counts", "write top(.x,10)"},
	{"frequency", "write top(.x,10)"},
	{"buckets", "write histogram(.x,1,10,100)"},
	{"increase", "write delta(.x)"},
	{"diff", "write delta(.x)"},
	{"irate", "write rate"},
	{"ema", "write ewma(.x,0.1)"},
	{"moving_average", "write ewma(.x,0.1)"},
	{0},
};

static const char *name_at(size_t i)
{
	return i < KINDS ? kinds[i]->name : NULL;
}

const struct metric_kind *kinds_find(const char *name, size_t len)
{
	for (size_t i = 0; i < KINDS; i++)
		if (strlen(kinds[i]->name) == len && memcmp(kinds[i]->name, name, len) == 0)
			return kinds[i];
	return NULL;
}

#define DIGITS "0123456789"

/* The length of a name like p99, p999 or p99.9 at S, or 0. */
static size_t percentile_len(const char *s)
{
	if (*s != 'p' && *s != 'P')
		return 0;
	size_t whole = strspn(s + 1, DIGITS), fraction = s[1 + whole] == '.' ? strspn(s + whole + 2, DIGITS) : 0;
	return !whole || whole > 5 ? 0 : fraction ? whole + fraction + 2 : whole + 1;
}

/* Append what to write for the percentile NAME.  From p900 on digits after the second are a fraction: p999 is p99.9. */
static void add_percentile(struct strbuf *out, const char *name)
{
	char *rest;
	unsigned long whole = strtoul(name + 1, &rest, 10);
	const char *fraction = *rest ? rest + 1 : "";
	bool even = !fraction[strspn(fraction, "0")];

	if (whole >= 900 && name[1] == '9' && !*rest)
		strbuf_addf(out, "quantile(.x,0.%lu)", whole);
	else if (whole == 0 && even)
		strbuf_addstr(out, "min(.x)");
	else if (whole == 100 && even)
		strbuf_addstr(out, "max(.x)");
	else if (whole < 100)
		strbuf_addf(out, "quantile(.x,0.%02lu%s)", whole, fraction);
	else
		strbuf_addstr(out, "quantile(.x,q) with q from 0 to 1");
}

void kinds_unknown(const char *name, size_t len, struct strbuf *err)
{
	char *word = xstrndup(name, len);

	if (len && percentile_len(word) == len) {
		strbuf_addf(err, "there is no metric '%s': write ", word);
		add_percentile(err, word);
	} else {
		hint_unknown(err, "metric", word, hints, name_at);
	}
	free(word);
}

/* The length of the name of a metric that OPERAND begins with, known or not. */
static size_t name_len(const char *operand)
{
	size_t len = percentile_len(operand);

	while (isalnum((unsigned char)operand[len]) || operand[len] == '_')
		len++;
	return len;
}

static bool is_known(const char *word)
{
	return percentile_len(word) == strlen(word) || hint_find(hints, word) || hint_near(word, name_at);
}

/* Explain what is wrong with OPERAND, which begins with a name of LEN bytes, or has parentheses. */
static void explain(const char *operand, size_t len, struct strbuf *err)
{
	const char *open = strchr(operand, '('), *close = strrchr(operand, ')');

	if (!operand[len] || (open == operand + len && percentile_len(operand) == len))
		kinds_unknown(operand, len, err);
	else if (!open)
		strbuf_addf(err, "write %.*s(%s)", (int)len, operand, operand + len + strspn(operand + len, " "));
	else if (!close)
		strbuf_addstr(err, "')' is missing");
	else if (close[1])
		strbuf_addf(err, "nothing may follow ')'; a name goes before the metric, as in total=%.*s",
			(int)(close + 1 - operand), operand);
	else
		strbuf_addstr(err, "a metric is written as count, sum(.x) or total=sum(.x)");
}

int kinds_refuse(const char *operand, struct strbuf *err)
{
	size_t len = name_len(operand);
	bool word = len && !operand[len], blank = operand[len] == ' ' && kinds_find(operand, len);
	if (access(operand, F_OK) == 0 || !(word ? is_known(operand) : blank || strchr(operand, '(')))
		return 0;
	strbuf_addf(err, "metric '%s': ", operand);
	explain(operand, len, err);
	return -EINVAL;
}

void kinds_help(struct strbuf *out)
{
	strbuf_addstr(out, "Metrics; x is .field, $1 or an expression, and NAME= before it names the column:\n");
	for (size_t i = 0; i < KINDS; i++)
		opt_line(out, kinds[i]->form, kinds[i]->help);
	strbuf_addstr(out, "`weir help expr` has the language of expressions.\n");
}
