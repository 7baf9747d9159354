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

/* Names of SQL, PromQL, pandas and other languages, and what such metrics are called here. */
static const struct hint hints[] = {
	{"avg", "write mean(.x)"},
	{"average", "write mean(.x)"},
	{"median", "write quantile(.x,0.5)"},
	{"percentile", "write quantile(.x,0.99)"},
	{"percentiles", "write quantile(.x,0.5,0.99)"},
	{"perc", "write quantile(.x,0.99)"},
	{"pct", "write quantile(.x,0.99)"},
	{"quartiles", "write quantile(.x,0.25,0.5,0.75)"},
	{"count", "write count, and distinct(.x) for different values"}, /* in capitals, or it would be found */
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

/* The digits of p99 or p999; NULL: it is not such a name. */
static const char *percent(const char *name)
{
	const char *digits = name + 1;
	size_t len = strspn(digits, "0123456789");

	return (*name == 'p' || *name == 'P') && len && len < 6 && !digits[len] ? digits : NULL;
}

void kinds_unknown(const char *name, size_t len, struct strbuf *err)
{
	char *word = xstrndup(name, len);
	const char *digits = percent(word);

	if (digits)
		strbuf_addf(
			err, "there is no metric '%s': write quantile(.x,0.%s%s)", word, digits[1] ? "" : "0", digits);
	else
		hint_unknown(err, "metric", word, hints, name_at);
	free(word);
}

static bool is_known(const char *word)
{
	return percent(word) || hint_find(hints, word) || hint_near(word, name_at);
}

/* Explain what is wrong with OPERAND, which begins with a name of LEN bytes, or has parentheses. */
static void explain(const char *operand, size_t len, struct strbuf *err)
{
	const char *open = strchr(operand, '('), *close = strrchr(operand, ')');

	if (!operand[len])
		kinds_unknown(operand, len, err);
	else if (!open)
		strbuf_addf(err, "write %.*s(%s)", (int)len, operand, operand + len + strspn(operand + len, " "));
	else if (!close)
		strbuf_addstr(err, "')' is missing");
	else if (close[1])
		strbuf_addf(err, "nothing stands behind ')'; a name stands in front, as in total=%.*s",
			(int)(close + 1 - operand), operand);
	else
		strbuf_addstr(err, "a metric is written as count, sum(.x) or total=sum(.x)");
}

int kinds_refuse(const char *operand, struct strbuf *err)
{
	size_t len = 0;

	while (isalnum((unsigned char)operand[len]) || operand[len] == '_')
		len++;
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
