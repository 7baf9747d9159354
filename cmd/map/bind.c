/* Where fields come from: see bind.h. */
#include "cmd/map/bind.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/json.h"
#include "common/data/rules_apply.h"

/* What the steps so far may have changed. */
struct touched {
	bool all, emitted; /* emitted: the record is a new object */
	const struct expr_field *fields[PROGRAM_MAX_STEPS * 2];
	size_t count;
};

static bool same_top(const struct expr_field *a, const struct expr_field *b)
{
	if (a->column || b->column)
		return a->column == b->column;
	const struct path_step *x = a->path.steps, *y = b->path.steps;
	return x->name && y->name && x->len == y->len && memcmp(x->name, y->name, x->len) == 0;
}

static bool is_touched(const struct touched *t, const struct expr_field *f)
{
	if (t->all || expr_field_is_record(f))
		return t->all || t->count;
	for (size_t i = 0; i < t->count; i++)
		if (same_top(t->fields[i], f))
			return true;
	return false;
}

static void touch(struct touched *t, const struct map_step *s)
{
	switch (s->kind) {
	case STEP_WHERE:
	case STEP_SAMPLE:
	case STEP_TEE:
		return;
	case STEP_SET:
		t->fields[t->count++] = &s->fields[0];
		return;
	case STEP_LOOKUP:
	case STEP_RUNNING:
		t->fields[t->count++] = &s->as;
		return;
	case STEP_RULE:
		if (rules_change(s->rule->kind))
			t->fields[t->count++] = &s->rule->fields[0];
		return;
	default: /* removing, too: what is gone is null from then on */
		t->all = true;
		t->emitted |= s->kind == STEP_EMIT;
	}
}

/* The last step before S that sets F and nothing else; NULL: there is none, or only a part of F or more was set. */
static const struct map_step *setter(const struct mapper *m, const struct map_step *s, const struct expr_field *f)
{
	const struct map_step *last = NULL;

	for (const struct map_step *k = m->program.steps; k < s; k++)
		if ((k->kind == STEP_SET || k->kind == STEP_LOOKUP) && same_top(step_target(k), f))
			last = k;
	return last && !f->column && f->path.count == 1 && step_target(last)->path.count == 1 ? last : NULL;
}

/* Whether S does nothing but drop records, or call them bad. */
static bool drops(const struct map_step *s)
{
	return s->kind == STEP_WHERE || s->kind == STEP_SAMPLE ||
	       (s->kind == STEP_RULE && !rules_change(s->rule->kind));
}

/* Whether S needs no row: it drops records, or sets a member of the record, which the reader finds. */
static bool is_splice(const struct map_step *s, const struct touched *t)
{
	if (s->kind == STEP_SET || s->kind == STEP_LOOKUP)
		return !step_target(s)->column && step_target(s)->path.count == 1 &&
		       (s->kind == STEP_SET || !is_touched(t, &s->fields[0]));
	return drops(s) && s->place >= 0;
}

/* A rule has its fields from the record, unless a step before may have changed them; `.` is the record as read. */
static int bind_rule(struct mapper *m, struct map_step *s, const struct touched *t, struct strbuf *err)
{
	s->sources = xcalloc(s->rule->field_count, sizeof *s->sources);
	s->place = 0;
	for (size_t i = 0; i < s->rule->field_count; i++) {
		const struct expr_field *f = &s->rule->fields[i];
		int slot = -1;
		if (expr_field_is_record(f))
			continue;
		int r = t->emitted ? 0 : records_check(m->rf.records, f, err);
		if (r == 0 && !is_touched(t, f))
			r = slot = records_add(m->rf.records, f, err);
		if (r < 0)
			return r;
		s->sources[i].slot = slot;
		s->place = slot < 0 ? -1 : s->place;
	}
	if (s->rule->kind == RULE_DEDUPE)
		s->dedupe = dedupe_add(&m->dedupe, s->rule);
	return 0;
}

static int bind_step(struct mapper *m, struct map_step *s, const struct touched *t, struct strbuf *err)
{
	size_t count = s->expr ? expr_fields(s->expr) : 0;

	if (s->expr && m->opts->infer)
		expr_infer(s->expr);
	s->sources = xcalloc(count + 1, sizeof *s->sources);
	s->values = xcalloc(count + 1, sizeof *s->values);
	s->texts = xcalloc(count + 1, sizeof *s->texts);
	for (size_t i = 0; i < count; i++) {
		const struct expr_field *f = expr_field(s->expr, i);
		strbuf_init(&s->texts[i]);
		expr_bind(s->expr, i, (int)i);
		s->sources[i].slot = -1;
		if (is_touched(t, f)) {
			s->sources[i].set = setter(m, s, f);
			m->splices &= s->sources[i].set != NULL;
			continue;
		}
		int slot = records_add(m->rf.records, f, err);
		if (slot < 0)
			return slot;
		s->sources[i].slot = slot;
		if (!expr_asks_for(s->expr, i))
			unseen_add(&m->rf.unseen, f, slot);
	}
	return 0;
}

/* Fields that a step reads or writes in the row decide the format, too. */
static int check_fields(struct mapper *m, const struct map_step *s, struct strbuf *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < s->field_count; i++)
		r = records_check(m->rf.records, &s->fields[i], err);
	if (r == 0 && s->has_as)
		r = records_check(m->rf.records, &s->as, err);
	const enum records_format format = m->opts->common.records.format;
	bool columns = format == RECORDS_TSV || format == RECORDS_CSV || m->opts->common.records.header ||
		       (s->field_count && s->fields[0].column);
	bool any = s->kind == STEP_PARSE && !s->has_as && (s->form == PARSE_KV || s->form == PARSE_LOGFMT);
	if (r == 0 && columns && (any || s->kind == STEP_FLATTEN || s->kind == STEP_UNFLATTEN)) {
		strbuf_addf(err, "statement '%s': %s", s->text,
			any ? "'into' is missing: columns are the same in all records" : "it is for JSON");
		r = -EINVAL;
	}
	return r;
}

static int check_name(const struct map_step *s, const struct expr_field *f, struct strbuf *err)
{
	if (!f->column)
		return 0;
	strbuf_addf(err, "statement '%s': after emit the record is an object, whose fields have names", s->text);
	return -EINVAL;
}

/* The fields of a record that was emitted have names, whatever the format is. */
static int check_names(const struct map_step *s, struct strbuf *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < s->field_count; i++)
		r = check_name(s, &s->fields[i], err);
	for (size_t i = 0; r == 0 && s->expr && i < expr_fields(s->expr); i++)
		r = check_name(s, expr_field(s->expr, i), err);
	for (size_t i = 0; r == 0 && s->rule && i < s->rule->field_count; i++)
		r = check_name(s, &s->rule->fields[i], err);
	return r == 0 && s->has_as ? check_name(s, &s->as, err) : r;
}

/*
 * How many levels of arrays and objects a program can add to a value at most.  Records may be nested by so much less
 * than JSON_MAX_DEPTH, so that no record makes one that the next program refuses.
 */
static int levels_added(const struct map_program *p)
{
	size_t levels = 0;

	for (size_t i = 0; i < p->count; i++) {
		const struct map_step *s = &p->steps[i];
		levels += s->field_count && s->fields[0].path.count ? s->fields[0].path.count - 1 : 0;
		levels += s->kind == STEP_RENAME ? s->fields[1].path.count : 0;
		levels += s->rule && rules_change(s->rule->kind) ? s->rule->fields[0].path.count : 0;
		levels += s->kind == STEP_LOOKUP || s->kind == STEP_PARSE ? s->as.path.count + 1 : s->as.path.count;
		levels += s->kind == STEP_UNFLATTEN ? PATH_MAX_STEPS : 0;
		for (const char *c = s->text; *c; c++)
			levels += *c == '[' || *c == '{' || *c == '(';
	}
	return levels < JSON_MAX_DEPTH / 2 ? (int)levels : JSON_MAX_DEPTH / 2;
}

int bind_program(struct mapper *m, struct strbuf *err)
{
	static struct touched t;
	int r = 0;

	records_within(m->rf.records, levels_added(&m->program));
	m->load_at = m->program.count;
	m->splices = m->program.count && !m->opts->common.records.header;
	for (size_t i = 0; r == 0 && i < m->program.count; i++) {
		struct map_step *s = &m->program.steps[i];
		r = t.emitted ? check_names(s, err) : check_fields(m, s, err);
		if (r == 0)
			r = s->rule ? bind_rule(m, s, &t, err) : bind_step(m, s, &t, err);
		m->splices &= is_splice(s, &t);
		touch(&t, s);
		if (m->load_at == m->program.count && !drops(s) && s->kind != STEP_EMIT)
			m->load_at = i;
	}
	return r;
}

int bind_places(struct mapper *m, struct strbuf *err)
{
	for (size_t i = 0; m->splices && i < m->program.count; i++) {
		struct map_step *s = &m->program.steps[i];
		if (s->kind != STEP_SET && s->kind != STEP_LOOKUP)
			continue;
		s->place = records_add(m->rf.records, step_target(s), err);
		s->key_place = s->kind == STEP_LOOKUP ? records_add(m->rf.records, &s->fields[0], err) : 0;
		if (s->place < 0 || s->key_place < 0)
			return s->place < 0 ? s->place : s->key_place;
	}
	return 0;
}

const struct value *bind_evaluate(struct mapper *m, struct map_step *s)
{
	const struct value *values = records_values(m->rf.records);
	size_t count = expr_fields(s->expr);

	for (size_t i = 0; i < count; i++)
		if (s->sources[i].slot >= 0)
			s->values[i] = values[s->sources[i].slot];
		else if (!m->row.loaded && s->sources[i].set)
			s->values[i] = s->sources[i].set->now;
		else
			row_value(&m->row, expr_field(s->expr, i), &s->texts[i], &s->values[i]);
	return expr_value(s->expr, s->values);
}
