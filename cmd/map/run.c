/* Applying steps to a record: see run.h. */
#include "cmd/map/run.h"

#include <errno.h>
#include <string.h>

#include "cmd/map/decide.h"
#include "cmd/map/extract.h"
#include "cmd/map/load.h"
#include "cmd/map/names.h"
#include "cmd/map/put.h"
#include "cmd/map/rule.h"
#include "cmd/map/running.h"
#include "cmd/map/shape.h"
#include "cmd/map/table.h"
#include "cmd/map/tee.h"
#include "common/base/alloc.h"
#include "common/data/json_scan.h"
#include "common/data/value_out.h"

static const struct value null = {.type = VALUE_NULL};

static enum next step_set(struct mapper *m, struct map_step *s, struct flow *flow, int *ret)
{
	const struct value *v;
	enum next next = decide_evaluate(m, s, &v, flow, ret);

	if (next == NEXT_STEP && !shape_set(&m->row, &s->fields[0], v, &s->made))
		next = decide_fault(m, s, "there is no place for a new member", flow, ret);
	return next;
}

static enum next step_emit(struct mapper *m, struct map_step *s, struct flow *flow, int *ret)
{
	const struct value *v;
	enum next next = decide_evaluate(m, s, &v, flow, ret);

	if (next != NEXT_STEP)
		return next;
	if (v->type != VALUE_OBJECT) {
		if (v->type == VALUE_NULL || v->type == VALUE_MISSING) {
			s->dropped++;
			return NEXT_RECORD;
		}
		*ret = record_filter_refuse(&m->rf, s->text, "what is emitted is not an object", flow);
		return *ret ? NEXT_STOP : NEXT_RECORD;
	}
	strbuf_clear(&s->made);
	value_add_json(&s->made, v);
	m->row.json = true;
	(void)row_load_json(&m->row, s->made.s, s->made.len); /* it is an object */
	m->row.emitted = true;
	return NEXT_STEP;
}

static enum next step_lookup(struct mapper *m, struct map_step *s, struct flow *flow, int *ret)
{
	struct strbuf text = STRBUF_INIT;
	struct value key, found;

	row_value(&m->row, &s->fields[0], &text, &key);
	enum next next = decide_lookup(m, s, &key, &found, flow, ret);
	strbuf_release(&text);
	if (next == NEXT_STEP && !shape_set(&m->row, &s->as, &found, &s->made))
		return decide_fault(m, s, "there is no place for a new member", flow, ret);
	return next;
}

/* Set the members of the object in s->made as fields. */
static void merge(struct mapper *m, struct map_step *s)
{
	struct strbuf text = STRBUF_INIT;
	struct json_scan scan;
	struct json_item item;
	struct value name, v;
	char *made = row_room(&m->row, s->made.len + 1);

	memcpy(made, s->made.s, s->made.len);
	json_scan_begin(&scan, made, s->made.len);
	while (json_scan_next(&scan, &item)) {
		value_of_json(item.key, item.key_len, &text, &name);
		char *room = row_room(&m->row, name.len + 1);
		memcpy(room, name.s, name.len);
		struct row_member *member = row_add_name(&m->row, room, name.len);
		value_of_json(item.s, item.len, &text, &v);
		if (v.s == text.s && v.len) {
			room = row_room(&m->row, v.len);
			v.s = memcpy(room, v.s, v.len);
		}
		row_set(&m->row, member, &v);
	}
	strbuf_release(&text);
}

/* The text of V, which may be in TEXT, for as long as the row lives. */
static const char *keep_text(struct row *row, const struct value *v, const struct strbuf *text)
{
	if (v->s < text->s || v->s > text->s + text->len)
		return v->s;
	return memcpy(row_room(row, v->len + 1), v->s, v->len);
}

static enum next step_parse(struct mapper *m, struct map_step *s, struct flow *flow, int *ret)
{
	struct strbuf text = STRBUF_INIT;
	struct value v, made = null;
	int r = 0;

	row_value(&m->row, &s->fields[0], &text, &v);
	strbuf_clear(&s->made);
	if (v.type != VALUE_STRING && v.type != VALUE_TEXT)
		r = 0;
	else if (s->re && !s->has_as)
		r = extract_set(s, &m->row, keep_text(&m->row, &v, &text), v.len);
	else
		r = extract(s, v.s, v.len, &s->made);
	strbuf_release(&text);
	if (r > 0 && !s->has_as) {
		if (!s->re)
			merge(m, s);
		return NEXT_STEP;
	}
	if (r > 0) {
		char *room = row_room(&m->row, s->made.len + 1);
		memcpy(room, s->made.s, s->made.len);
		value_of_json(room, s->made.len, &s->made, &made);
	}
	struct strbuf scratch = STRBUF_INIT;
	bool good = !s->has_as || shape_set(&m->row, &s->as, &made, &scratch);
	strbuf_release(&scratch);
	names_extract(m, s);
	if (r > 0)
		return good ? NEXT_STEP : decide_fault(m, s, "there is no place for a new member", flow, ret);
	if (v.type <= VALUE_NULL)
		return NEXT_STEP;
	return decide_fault(m, s,
		r < 0 ? "a regular expression took too many steps" : "the text does not have this form", flow, ret);
}

/* Nothing to explode.  Columns are the same in all records: what is exploded to another one is gone then, too. */
static int explode_nothing(struct mapper *m, struct map_step *s, size_t next, struct flow *flow)
{
	struct row *row = &m->row;

	if (s->has_as && !row->json && m->output != RECORDS_JSON) {
		shape_del(row, s);
		row_set(row, row_add(row, &s->as), &null);
	}
	return run_steps(m, next, flow);
}

/* There is no place for the elements: the record stays as it was. */
static int explode_nowhere(struct mapper *m, struct map_step *s, size_t next, struct flow *flow)
{
	int r = 0;

	if (decide_fault(m, s, "there is no place for a new member", flow, &r) != NEXT_STEP)
		return r;
	return run_steps(m, next, flow);
}

/* What a record was, with its members. */
struct explode_row {
	struct row state;
	struct row_member *saved;
};

static struct explode_row keep(const struct row *row)
{
	struct explode_row k = {.state = *row, .saved = xreallocarray(NULL, row->count + 1, sizeof *k.saved)};

	memcpy(k.saved, row->m, row->count * sizeof *k.saved);
	return k;
}

/* The array goes from its place once, before the elements come: with each of them its other ones would be read again.
 * False: nothing can be in this place. */
static bool explode_remove(struct row *row, struct map_step *s, struct strbuf *made)
{
	if (!s->has_as)
		return shape_set(row, &s->fields[0], &null, made);
	shape_del(row, s);
	return true;
}

/* Each element of the array V is a record of its own, to which the steps from NEXT on are applied. */
static int explode(struct mapper *m, struct map_step *s, const struct value *v, size_t next, struct flow *flow)
{
	struct strbuf element = STRBUF_INIT, made = STRBUF_INIT;
	struct row *row = &m->row;
	struct json_scan scan;
	struct json_item item;
	struct value each;
	int r = 0;

	const struct explode_row whole = keep(row);
	bool placed = explode_remove(row, s, &made);
	const struct explode_row rest = keep(row);
	json_scan_begin(&scan, v->s, v->len);
	while (r == 0 && placed && json_scan_next(&scan, &item)) {
		row_restore(row, &rest.state, rest.saved);
		value_of_json(item.s, item.len, &element, &each);
		placed = shape_set(row, s->has_as ? &s->as : &s->fields[0], &each, &made);
		if (placed)
			r = run_steps(m, next, flow);
		arena_release(&row->texts);
	}
	if (!placed) {
		row_restore(row, &whole.state, whole.saved);
		r = explode_nowhere(m, s, next, flow);
		arena_release(&row->texts);
	}
	row->texts = rest.state.texts;
	free(whole.saved);
	free(rest.saved);
	strbuf_release(&element);
	strbuf_release(&made);
	return r;
}

static int step_explode(struct mapper *m, struct map_step *s, size_t next, struct flow *flow)
{
	struct strbuf text = STRBUF_INIT;
	struct value v;

	row_value(&m->row, &s->fields[0], &text, &v);
	bool any = v.type == VALUE_ARRAY && !json_scan_is_empty(v.s, v.len);
	int r = any ? explode(m, s, &v, next, flow) : explode_nothing(m, s, next, flow);
	strbuf_release(&text);
	return r;
}

static enum next apply(struct mapper *m, struct map_step *s, struct flow *flow, int *ret)
{
	switch (s->kind) {
	case STEP_SET:
		return step_set(m, s, flow, ret);
	case STEP_WHERE:
		return decide_where(m, s, flow, ret);
	case STEP_SAMPLE:
		return decide_sample(m, s);
	case STEP_EMIT:
		return step_emit(m, s, flow, ret);
	case STEP_LOOKUP:
		return step_lookup(m, s, flow, ret);
	case STEP_PARSE:
		return step_parse(m, s, flow, ret);
	case STEP_TEE:
		return tee_step(m, s, flow, ret);
	case STEP_RULE:
		return rule_step(m, s, flow, ret);
	case STEP_RUNNING:
		return running_step(m, s, flow, ret);
	default:
		break;
	}
	int r = names_shape(m, s);
	if (r == -ENOTDIR)
		return decide_fault(m, s, "there is no place for a new member", flow, ret);
	if (r == -EMSGSIZE)
		return decide_fault(m, s, "the record would be longer than --max-record", flow, ret);
	return r < 0 ? decide_fault(m, s, "a regular expression took too many steps", flow, ret) : NEXT_STEP;
}

int run_steps(struct mapper *m, size_t from, struct flow *flow)
{
	int r = 0;

	for (size_t i = from; i < m->program.count; i++) {
		struct map_step *s = &m->program.steps[i];
		if (i == m->load_at && !m->row.loaded) {
			r = load_row(m, flow);
			if (r || !m->row.loaded)
				return r;
		}
		if (s->kind == STEP_EXPLODE)
			return step_explode(m, s, i + 1, flow);
		enum next next = apply(m, s, flow, &r);
		if (next != NEXT_STEP)
			return next == NEXT_STOP ? r : 0;
	}
	return put_record(m, flow);
}
