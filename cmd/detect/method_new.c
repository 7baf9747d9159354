/* new FIELD: a value that the key has not had before, among the last KEEP different ones.  The score is 1 or 0. */
#include <stdlib.h>
#include <string.h>

#include "cmd/detect/method_impl.h"
#include "common/base/alloc.h"

enum { FIELD, KEEP };

struct known {
	uint64_t *ids; /* owned; the latest comes last */
	uint32_t count, cap;
};

static void append(struct known *k, uint64_t id)
{
	if (k->count == k->cap) {
		k->cap = k->cap ? k->cap * 2 : 2;
		k->ids = xreallocarray(k->ids, k->cap, sizeof *k->ids);
	}
	k->ids[k->count++] = id;
}

static void forget(struct known *k, uint32_t i)
{
	k->count--;
	memmove(&k->ids[i], &k->ids[i + 1], (k->count - i) * sizeof *k->ids);
}

static struct method_verdict judge(const struct method_rule *rule, void *state, const struct method_sample *sample)
{
	struct known *k = state;
	uint32_t i = k->count;

	while (i && k->ids[i - 1] != sample->id)
		i--;
	bool new = i == 0;
	if (!new)
		forget(k, i - 1);
	else if (k->count >= (uint32_t)rule->num[KEEP])
		forget(k, 0);
	append(k, sample->id);
	return (struct method_verdict){.score = new};
}

static void release(void *state)
{
	free(((struct known *)state)->ids);
}

static void save(const struct method_rule *rule, const void *state, struct strbuf *out)
{
	const struct known *k = state;

	(void)rule;
	stat_put_u64(out, k->count);
	for (uint32_t i = 0; i < k->count; i++)
		stat_put_u64(out, k->ids[i]);
}

static int load(const struct method_rule *rule, void *state, struct stat_in *in)
{
	struct known k = {0};
	uint64_t count, id;
	int e = stat_get_u64(in, &count);

	(void)rule;
	for (uint64_t i = 0; e == 0 && i < count; i++) {
		e = stat_get_u64(in, &id);
		if (e == 0)
			append(&k, id);
	}
	if (e < 0)
		free(k.ids);
	else
		*(struct known *)state = k;
	return e;
}

const struct method method_new = {
	.name = "new",
	.help = "a value that is new for the key",
	.limit = -1,
	.wants = METHOD_VALUE,
	.remembers = true,
	.min_samples = 1, /* the first value of a key is always new */
	.params = {{"field", PARAM_FIELD, true, 0, 0, 0}, {"keep", PARAM_NUMBER, false, 100, 1, 10000}},
	.size = sizeof(struct known),
	.judge = judge,
	.release = release,
	.save = save,
	.load = load,
};
