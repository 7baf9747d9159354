/* Methods: the table, and what is the same for all of them; see method.h. */
#include <stdlib.h>
#include <string.h>

#include "cmd/detect/method_impl.h"
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

void method_names(struct strbuf *out)
{
	for (size_t i = 0; i < METHODS; i++)
		strbuf_addf(out, "%s%s", i ? ", " : "", methods[i]->name);
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

struct method_verdict method_judge(const struct method_rule *rule, void *state, const struct method_sample *sample)
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
