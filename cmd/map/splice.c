/* New values between the bytes of a record: see splice.h. */
#include "cmd/map/splice.h"

#include <string.h>

#include "cmd/map/put.h"
#include "cmd/map/rule.h"
#include "common/data/value_out.h"

/* A step that has set a member: its JSON is m->out from START on. */
struct splice_piece {
	const struct map_step *step;
	const char *at; /* the value in the record; NULL: it is new */
	size_t old_len, start, len;
};

/* 147 bytes of JSON hold some 10 members; programs with more assignments take the row. */
#define PIECES 64

struct splice_pieces {
	struct splice_piece all[PIECES];
	size_t count;
};

static bool same_target(const struct map_step *a, const struct map_step *b)
{
	const struct path_step *x = step_target(a)->path.steps, *y = step_target(b)->path.steps;

	return x->len == y->len && memcmp(x->name, y->name, x->len) == 0;
}

/* Note what S has set; pieces are in the order of their places, and new ones come last, in the order of the program. */
static void note(struct mapper *m, struct splice_pieces *p, const struct map_step *s)
{
	const struct value *there = &records_values(m->rf.records)[s->place];
	struct splice_piece piece = {
		.step = s, .at = there->type == VALUE_MISSING ? NULL : there->raw, .old_len = there->raw_len};
	size_t i = 0;

	while (i < p->count && !same_target(p->all[i].step, s))
		i++;
	if (i < p->count) { /* set again */
		p->all[i].step = s;
		return;
	}
	for (i = p->count++; piece.at && i && (!p->all[i - 1].at || p->all[i - 1].at > piece.at); i--)
		p->all[i] = p->all[i - 1];
	p->all[i] = piece;
}

/* Write the JSON of all pieces into m->out, of new ones with their names. */
static void make(struct mapper *m, struct splice_pieces *p)
{
	strbuf_clear(&m->out);
	for (size_t i = 0; i < p->count; i++) {
		struct splice_piece *piece = &p->all[i];
		const struct path_step *name = step_target(piece->step)->path.steps;
		piece->start = m->out.len;
		if (!piece->at) {
			strbuf_addch(&m->out, ',');
			value_add_name(&m->out, name->name, name->len);
			strbuf_addch(&m->out, ':');
		}
		value_add_json(&m->out, &piece->step->now);
		piece->len = m->out.len - piece->start;
	}
}

static char *copy(char *to, const char *s, size_t len)
{
	memcpy(to, s, len);
	return to + len;
}

/* END is the '}' of the record, EMPTY says that nothing is before it. */
static int put(struct mapper *m, const struct splice_pieces *p, const char *end, bool empty, struct flow *flow)
{
	const char *s = m->rec, *stop = m->rec + m->len;
	char *room = flow_reserve(flow, m->len + m->out.len + 1), *to = room;

	if (!room)
		return FLOW_STOP;
	for (size_t i = 0; i < p->count; i++) {
		const struct splice_piece *piece = &p->all[i];
		const char *at = piece->at ? piece->at : end;
		bool comma = !piece->at && empty;
		to = copy(to, s, (size_t)(at - s));
		to = copy(to, m->out.s + piece->start + comma, piece->len - comma);
		empty &= piece->at != NULL;
		s = piece->at ? at + piece->old_len : end;
	}
	to = copy(to, s, (size_t)(stop - s));
	if (memchr(m->out.s, flow->delim, m->out.len)) /* a value of a record that ends with NUL may hold a line feed */
		return record_filter_refuse(&m->rf, NULL, "a value holds what ends a record", flow);
	put_accept(m);
	*to++ = flow->delim;
	return flow_commit(flow, (size_t)(to - room));
}

/* Apply S, whose value is then s->now if it sets a field. */
static enum next step(struct mapper *m, struct map_step *s, struct flow *flow, int *ret)
{
	const struct value *v;

	if (s->kind == STEP_WHERE)
		return decide_where(m, s, flow, ret);
	if (s->kind == STEP_RULE)
		return rule_step(m, s, flow, ret);
	if (s->kind == STEP_SAMPLE)
		return decide_sample(m, s);
	if (s->kind == STEP_LOOKUP)
		return decide_lookup(m, s, &records_values(m->rf.records)[s->key_place], &s->now, flow, ret);
	enum next next = decide_evaluate(m, s, &v, flow, ret);
	s->now = *v;
	return next;
}

/* Apply the steps.  NEXT_STEP: the record is to be written. */
static enum next apply(struct mapper *m, struct splice_pieces *p, struct flow *flow, int *ret)
{
	enum next next = NEXT_STEP;

	for (size_t i = 0; next == NEXT_STEP && i < m->program.count; i++) {
		struct map_step *s = &m->program.steps[i];
		next = step(m, s, flow, ret);
		if (next == NEXT_STEP && (s->kind == STEP_SET || s->kind == STEP_LOOKUP))
			note(m, p, s);
	}
	return next;
}

bool splice_record(struct mapper *m, struct flow *flow, int *ret)
{
	struct splice_pieces pieces;
	const char *end = m->rec + m->len, *last;

	while (end > m->rec && (unsigned char)end[-1] <= ' ')
		end--;
	if (end == m->rec || *--end != '}' || m->program.count > PIECES)
		return false;
	pieces.count = 0;
	*ret = 0;
	if (apply(m, &pieces, flow, ret) != NEXT_STEP)
		return true;
	for (last = end - 1; (unsigned char)*last <= ' ';)
		last--;
	if (!pieces.count) {
		put_accept(m);
		*ret = flow_put(flow, m->rec, m->len);
		return true;
	}
	make(m, &pieces);
	*ret = put(m, &pieces, end, *last == '{', flow);
	return true;
}
