/* What a program knows of records before: see state.h. */
#include "cmd/map/state.h"

#include "cmd/map/running.h"

static void save(void *self, bool full, struct checkpoint_out *out)
{
	struct mapper *m = self;

	dedupe_save(&m->dedupe, full, out);
	if (m->running)
		latest_save(&m->latest, full, out);
}

static int load(void *self, bool full, const char *s, size_t len, struct strbuf *err)
{
	struct mapper *m = self;
	const char *rest;
	int r = dedupe_load(&m->dedupe, full, s, len, m->running ? &rest : NULL, err);

	return r < 0 || !m->running ? r : running_load(m, full, rest, len - (size_t)(rest - s), err);
}

static bool has_state(const struct map_step *s)
{
	return s->kind == STEP_RUNNING || (s->rule && s->rule->kind == RULE_DEDUPE);
}

/* The query of the state: the statements up to the last one that has any, without line feeds. */
static void add_query(const struct mapper *m, struct strbuf *out)
{
	size_t count = m->program.count;

	while (count && !has_state(&m->program.steps[count - 1]))
		count--;
	for (size_t i = 0; i < count; i++) {
		const struct map_step *s = &m->program.steps[i];
		for (const char *c = s->text; *c; c++)
			strbuf_addch(out, *c == '\n' || *c == '\r' ? ' ' : *c);
		if (s->rule)
			rules_key_id(s->rule, m->mac, out);
		strbuf_addch(out, ';');
	}
}

/* Each dedupe has as much memory as all statements step together. */
static int divide(struct mapper *m)
{
	struct strbuf err = STRBUF_INIT;
	uint64_t part = m->opts->memory / (m->dedupe.count + (m->running > 0));
	int r = dedupe_open(&m->dedupe, part * m->dedupe.count, &err);

	if (r == 0)
		r = running_open(m, part, &err);
	if (r < 0)
		warn("%s", err.s);
	strbuf_release(&err);
	return r < 0 ? EXIT_TEMP : OPT_GO;
}

int state_open(struct mapper *m)
{
	static const struct checkpoint_ops form = {.version = 1, .deltas = true, .save = save, .load = load};
	struct strbuf query = STRBUF_INIT;

	m->dedupe.future = &m->opts->future;
	for (size_t i = 0; i < m->program.count; i++)
		m->running += m->program.steps[i].kind == STEP_RUNNING;
	if (!m->running && !m->dedupe.count)
		return OPT_GO;
	int r = divide(m);
	if (r == OPT_GO) {
		add_query(m, &query);
		r = record_filter_state(&m->rf, &m->opts->state, &form, m, query.s, m->running ? "step" : "dedupe");
	}
	strbuf_release(&query);
	return r;
}
