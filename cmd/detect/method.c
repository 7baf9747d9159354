/* Methods: the table, and the code that is the same for all of them; see method.h. */
#include <stdlib.h>
#include <string.h>

#include "cmd/detect/method_impl.h"
#include "common/base/alloc.h"
#include "common/base/opt.h"
#include "common/data/fields.h"

static const struct method *const methods[] = {
	&method_zscore,
	&method_cusum,
	&method_mad,
	&method_range,
	&method_stuck,
	&method_velocity,
	&method_new,
};

#define METHODS (sizeof methods / sizeof *methods)

const struct method *method_find(const char *name, size_t len)
{
	for (size_t i = 0; i < METHODS; i++)
		if (strlen(methods[i]->name) == len && memcmp(methods[i]->name, name, len) == 0)
			return methods[i];
	return NULL;
}

/* The names of such methods in other tools. */
static const struct hint hints[] = {
	{"z", "write zscore"},
	{"sigma", "write zscore"},
	{"3sigma", "write zscore 3"},
	{"stddev", "write zscore"},
	{"std", "write zscore"},
	{"ewma", "write zscore"},
	{"outlier", "write zscore, or mad"},
	{"anomaly", "write zscore, or mad"},
	{"iqr", "write mad"},
	{"median", "write mad"},
	{"hampel", "write mad"},
	{"drift", "write cusum"},
	{"shift", "write cusum"},
	{"changepoint", "write cusum"},
	{"threshold", "write range LO HI"},
	{"limit", "write range LO HI"},
	{"bounds", "write range LO HI"},
	{"between", "write range LO HI"},
	{"min", "write range LO HI"},
	{"max", "write range LO HI"},
	{"rate", "write velocity count 1m 5"},
	{"count", "write velocity count 1m 5"},
	{"sum", "write velocity sum(.amount) 1m 1000"},
	{"distinct", "write velocity distinct(.ip) 1h 5"},
	{"frequency", "write velocity count 1m 5"},
	{"burst", "write velocity count 1m 5"},
	{"flatline", "write stuck 5m"},
	{"constant", "write stuck 5m"},
	{"frozen", "write stuck 5m"},
	{"unseen", "write new .field"},
	{"novel", "write new .field"},
	{"first", "write new .field"},
	{0},
};

static const char *name_at(size_t i)
{
	return i < METHODS ? methods[i]->name : NULL;
}

void method_names(struct strbuf *out)
{
	hint_names(out, name_at);
}

void method_form(const struct method *m, struct strbuf *out)
{
	strbuf_addstr(out, m->name);
	for (int i = 0; i < METHOD_PARAMS && m->params[i].name; i++)
		strbuf_addf(out, m->params[i].required ? " %s" : " [%s]", m->params[i].name);
}

void method_unknown(const char *name, size_t len, struct strbuf *out)
{
	char *word = xstrndup(name, len);

	hint_unknown(out, "method", word, hints, name_at);
	free(word);
}

void method_help(struct strbuf *out)
{
	struct strbuf form = STRBUF_INIT;

	strbuf_addstr(out, "Methods, with their parameters in one operand, such as 'zscore 4'; unusual is:\n");
	for (size_t i = 0; i < METHODS; i++) {
		strbuf_clear(&form);
		method_form(methods[i], &form);
		opt_line(out, form.s, methods[i]->help);
	}
	strbuf_release(&form);
}

void method_release(struct method_rule *rule)
{
	path_release(&rule->field.path);
	*rule = (struct method_rule){0};
}

const char *method_name(const struct method_rule *rule)
{
	return rule->method->name;
}

bool method_wants_time(const struct method_rule *rule)
{
	return rule->method->time;
}

bool method_freezes(const struct method_rule *rule)
{
	return rule->method->freeze != NULL;
}

double method_limit(const struct method_rule *rule)
{
	const struct method *m = rule->method;

	return m->limit < 0 ? 0 : rule->num[m->limit] / (m->limit_unit > 0 ? m->limit_unit : 1);
}

bool method_remembers(const struct method_rule *rule)
{
	return rule->method->remembers;
}

uint64_t method_min_samples(const struct method_rule *rule)
{
	return rule->method->min_samples;
}

size_t method_size(const struct method_rule *rule)
{
	return rule->method->size;
}

void method_freeze(const struct method_rule *rule, void *state, uint64_t n, bool each)
{
	if (rule->method->freeze)
		rule->method->freeze(rule, state, n, each);
}

struct method_verdict method_rate(const struct method_rule *rule, void *state, const struct method_sample *sample)
{
	return rule->method->judge(rule, state, sample);
}

void method_shape(const struct method_rule *rule, struct strbuf *out)
{
	const struct method *m = rule->method;

	strbuf_addf(out, "%s %d ", m->name, rule->metric);
	if (rule->has_field)
		field_name(&rule->field, out);
	for (int i = 0; i < METHOD_PARAMS && m->params[i].name; i++)
		if (i != m->limit)
			strbuf_addf(out, " %.17g", rule->num[i]);
}

void method_state_release(const struct method_rule *rule, void *state)
{
	if (rule->method->release)
		rule->method->release(state);
}

void method_save(const struct method_rule *rule, const void *state, struct strbuf *out)
{
	if (rule->method->save)
		rule->method->save(rule, state, out);
}

int method_load(const struct method_rule *rule, void *state, struct stat_in *in)
{
	return rule->method->load ? rule->method->load(rule, state, in) : 0;
}

uint64_t method_identity(const struct method_rule *rule, const char *s, size_t len)
{
	uint64_t hash = rule->seed.k[2], block[2];
	size_t left = len;

	for (; left >= sizeof block; left -= sizeof block, s += sizeof block) {
		memcpy(block, s, sizeof block);
		hash = hash_step(&rule->seed, hash, block[0], block[1]);
	}
	memset(block, 0, sizeof block);
	memcpy(block, s, left);
	hash = hash_step(&rule->seed, hash, block[0], block[1]);
	return hash_end(&rule->seed, hash, len);
}
