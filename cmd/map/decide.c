/* What follows from a step: see decide.h. */
#include "cmd/map/decide.h"

#include "cmd/map/bind.h"
#include "cmd/map/table.h"
#include "common/base/murmur3.h"

static const struct value null = {.type = VALUE_NULL};

enum next decide_fault(struct mapper *m, const struct map_step *s, const char *what, struct flow *flow, int *ret)
{
	m->faults++;
	m->fault = what;
	if (!m->opts->strict)
		return NEXT_STEP;
	*ret = record_filter_refuse(&m->rf, s->text, what, flow);
	return *ret ? NEXT_STOP : NEXT_RECORD;
}

enum next decide_evaluate(struct mapper *m, struct map_step *s, const struct value **ret_v, struct flow *flow, int *ret)
{
	uint64_t before = expr_fault(s->expr)->count;

	*ret_v = bind_evaluate(m, s);
	return expr_fault(s->expr)->count == before ? NEXT_STEP
						    : decide_fault(m, s, expr_fault(s->expr)->what, flow, ret);
}

bool decide_is_true(const struct value *v)
{
	return v->type == VALUE_BOOL ? v->b : v->type > VALUE_NULL;
}

enum next decide_where(struct mapper *m, struct map_step *s, struct flow *flow, int *ret)
{
	const struct value *v;
	enum next next = decide_evaluate(m, s, &v, flow, ret);

	if (next != NEXT_STEP || decide_is_true(v))
		return next;
	s->dropped++;
	return NEXT_RECORD;
}

enum next decide_sample(const struct mapper *m, struct map_step *s)
{
	if (murmur3_32(m->rec, m->len) < s->share * 0x1p32)
		return NEXT_STEP;
	s->dropped++;
	return NEXT_RECORD;
}

enum next decide_lookup(struct mapper *m, struct map_step *s, const struct value *key, struct value *ret_found,
	struct flow *flow, int *ret)
{
	const char *json;
	size_t len;

	*ret_found = null;
	if (table_find(s->table, key, &json, &len)) {
		*ret_found = (struct value){.type = VALUE_OBJECT, .raw = json, .raw_len = len, .s = json, .len = len};
		return NEXT_STEP;
	}
	if (s->otherwise == LOOKUP_NULL)
		return NEXT_STEP;
	if (s->otherwise == LOOKUP_DROP)
		s->dropped++;
	else
		*ret = record_filter_refuse(&m->rf, s->text, "nothing was found", flow);
	return *ret ? NEXT_STOP : NEXT_RECORD;
}
