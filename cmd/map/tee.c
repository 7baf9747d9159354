/* Records that go into a file, too: see tee.h. */
#include "cmd/map/tee.h"

#include <string.h>

static int fail(struct map_step *s, int r)
{
	s->told = true;
	warn("%s: cannot write '%s': %s", s->text, s->words[0], diag_strerror(r));
	return (int)diag_status(r);
}

/* Whether the file of S is that of an earlier step. */
static bool is_double(const struct mapper *m, const struct map_step *s)
{
	for (const struct map_step *k = m->program.steps; k < s; k++)
		if (k->kind == STEP_TEE && aside_same(&k->aside, &s->aside))
			return true;
	return false;
}

int tee_open(struct mapper *m, char **operands)
{
	for (size_t i = 0; i < m->program.count; i++) {
		struct map_step *s = &m->program.steps[i];
		if (s->kind != STEP_TEE)
			continue;
		int r = aside_open(&s->aside, s->words[0]);
		if (r < 0)
			return fail(s, r);
		const char *clash = is_double(m, s) ? "of another tee" : aside_clash(&s->aside, operands);
		if (clash)
			return opt_usage_error(m->rf.ops->spec, "%s: '%s' is also %s", s->text, s->words[0], clash);
	}
	return OPT_GO;
}

enum next tee_step(struct mapper *m, struct map_step *s, struct flow *flow, int *ret)
{
	const struct value *v;
	enum next next = decide_evaluate(m, s, &v, flow, ret);

	if (next != NEXT_STEP || !decide_is_true(v))
		return next;
	strbuf_clear(&m->out);
	if (m->row.json)
		row_write_json(&m->row, &m->out);
	else
		row_write_columns(&m->row, m->row.csv, m->delim, &m->out);
	const struct aside_record rec = {.reason = s->text,
		.input = records_input(m->rf.records),
		.number = records_number(m->rf.records),
		.rec = m->out.s,
		.len = m->out.len};
	int r = aside_add(&s->aside, flow->input_marked, &rec);
	if (r == 0)
		return NEXT_STEP;
	*ret = fail(s, r);
	return NEXT_STOP;
}

int tee_batch(struct mapper *m, const struct mark *mark)
{
	for (size_t i = 0; i < m->program.count; i++) {
		struct map_step *s = &m->program.steps[i];
		int r = s->kind == STEP_TEE ? aside_batch(&s->aside, mark) : 0;
		if (r < 0)
			return fail(s, r);
	}
	return 0;
}

int tee_close(struct mapper *m)
{
	int status = 0;

	for (size_t i = 0; i < m->program.count; i++) {
		struct map_step *s = &m->program.steps[i];
		bool told = s->kind == STEP_TEE && s->told;
		int r = s->kind == STEP_TEE ? aside_close(&s->aside) : 0;
		if (r < 0)
			status = told ? (int)diag_status(r) : fail(s, r);
	}
	return status;
}
