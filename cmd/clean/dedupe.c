/* Duplicates: the keys of records, and their state.  See dedupe.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/clean/dedupe.h"
#include "common/data/keys.h"
#include "common/data/when.h"

/* Add a field to the key: equal values are the same here as in the keys of aggregate and detect. */
static void add_key(struct strbuf *key, const struct doc *d, const struct field_edit *c)
{
	bool whole = !c->field->column && !c->field->path.count;
	struct value text = {.type = VALUE_STRING, .s = d->rec, .len = d->len};
	key_add(key, whole ? &text : &c->v);
}

/*
 * The time of the record: that in its field, or now if there is no field or it is null.  False: the field is not a
 * time.
 */
static bool find_time(const struct plan *p, const struct doc *d, struct step *s)
{
	struct timespec t;
	s->at_ms = p->now_ms;
	if (s->rule->key_count == s->rule->field_count)
		return true;
	const struct field_edit *c = &d->cells[s->cells[s->rule->key_count]];
	s->at_ms = INT64_MIN;
	if (cell_null(c))
		return true;
	if (when_value(s->rule->has_format ? &s->rule->format : NULL, &s->times, &c->v, &t) < 0)
		return false;
	s->at_ms = time_ms(&t);
	return !future_too_far(p->future, s->at_ms, p->now_ms);
}

bool apply_dedupe(struct plan *p, struct step *s, struct field_edit *first)
{
	struct doc *d = &p->doc;
	bool null = true;
	(void)first;
	strbuf_clear(&d->out); /* not used until the record is written */
	for (size_t i = 0; i < s->rule->key_count; i++) {
		const struct field_edit *c = &d->cells[s->cells[i]];
		null &= cell_null(c) && (c->field->column || c->field->path.count);
		add_key(&d->out, d, c);
	}
	if (null) {
		s->ticks = find_time(p, d, s);
		return true;
	}
	if (!find_time(p, d, s))
		return false;
	s->key = recent_hash(&s->recent, d->out.s, d->out.len);
	s->waits = true;
	return !recent_has(&s->recent, s->key, s->at_ms);
}

void plan_accept(struct plan *p)
{
	for (size_t i = 0; i < p->count && p->dedupes; i++) {
		struct step *s = &p->steps[i];
		if (s->waits)
			recent_add(&s->recent, s->key, s->at_ms);
		else if (s->ticks)
			recent_tick(&s->recent, s->at_ms);
	}
}

uint64_t plan_evicted(const struct plan *p)
{
	uint64_t n = 0;
	for (size_t i = 0; i < p->count; i++)
		n += p->steps[i].recent.evicted;
	return n;
}

void plan_save(void *self, bool full, struct checkpoint_out *out)
{
	struct plan *p = self;
	for (size_t i = 0; i < p->count; i++)
		if (p->steps[i].rule->kind == RULE_DEDUPE)
			recent_save(&p->steps[i].recent, full, out);
}

int plan_load(void *self, bool full, const char *s, size_t len, struct strbuf *err)
{
	struct plan *p = self;
	const char *end = s + len;
	int r = 0;
	for (size_t i = 0; i < p->count && r == 0; i++)
		if (p->steps[i].rule->kind == RULE_DEDUPE)
			r = recent_load(&p->steps[i].recent, full, &s, end);
	if (r == 0 && s != end)
		r = -EBADMSG;
	if (r < 0)
		strbuf_addstr(err, "the state of dedupe is not understood");
	return r;
}
