/* Values that depend on records before: see running.h. */
#include "cmd/map/running.h"

#include <errno.h>
#include <string.h>

#include "cmd/map/shape.h"
#include "common/data/json.h"
#include "common/data/keys.h"
#include "common/data/value_out.h"

static const struct value null = {.type = VALUE_NULL};

/* --- the state: values by key, each its type and its text ----------------------------------------------------------
 */

/* Whether encode() can have made the LEN bytes at S: decode() relies on it. */
static bool is_encoded(void *self, const char *s, size_t len)
{
	if (!len || (unsigned char)*s > VALUE_DURATION)
		return false;
	switch ((enum value_type) * s) {
	case VALUE_TIME:
	case VALUE_DURATION:
		return len == 1 + sizeof(int64_t);
	case VALUE_TEXT:
		return true;
	default:
		return json_read(self, s + 1, len - 1) == 0;
	}
}

int running_load(struct mapper *m, bool full, const char *s, size_t len, struct strbuf *err)
{
	const struct path root = {0};
	struct json *json;
	int r = json_new(&json);

	if (r == 0) {
		(void)json_add(json, &root);
		r = latest_load(&m->latest, full, s, len, is_encoded, json);
		json_free(json);
	}
	if (r < 0)
		strbuf_addstr(err, "the state of step is not understood");
	return r;
}

/* Append V as it is kept. */
static void encode(struct strbuf *out, const struct value *v)
{
	strbuf_addch(out, (char)v->type);
	if (v->type == VALUE_TIME || v->type == VALUE_DURATION)
		strbuf_add(out, &v->i, sizeof v->i);
	else if (v->type == VALUE_TEXT)
		strbuf_add(out, v->s, v->len);
	else
		value_add_json(out, v);
}

/* The value of which encode() has made the LEN bytes at S; it lives as long as ROW. */
static struct value decode(struct row *row, const char *s, size_t len)
{
	struct strbuf text = STRBUF_INIT;
	struct value v = {.type = (enum value_type) * s};
	char *room = row_room(row, len);

	memcpy(room, s + 1, --len);
	if (v.type == VALUE_TIME || v.type == VALUE_DURATION) {
		memcpy(&v.i, room, sizeof v.i);
	} else if (v.type == VALUE_TEXT) {
		v.s = v.raw = room;
		v.len = v.raw_len = len;
	} else {
		value_of_json(room, len, &text, &v);
		if (v.s == text.s)
			v.s = memcpy(row_room(row, v.len + 1), text.s, v.len);
	}
	strbuf_release(&text);
	return v;
}

int running_open(struct mapper *m, uint64_t memory, struct strbuf *err)
{
	uint32_t number = 0;

	for (size_t i = 0; i < m->program.count; i++)
		if (m->program.steps[i].kind == STEP_RUNNING)
			m->program.steps[i].number = number++;
	if (!number)
		return 0;
	int r = latest_init(&m->latest, memory);
	if (r < 0)
		strbuf_addf(err, "no random numbers: %s", diag_strerror(r));
	return r;
}

/* --- a record ------------------------------------------------------------------------------------------------------
 */

/* The key of the current record in S: the step, and the values of its fields. */
static void make_key(struct mapper *m, struct map_step *s, struct strbuf *key)
{
	struct strbuf text = STRBUF_INIT;
	struct value v;

	strbuf_clear(key);
	strbuf_add(key, &s->number, sizeof s->number);
	for (size_t i = 1; i < s->field_count; i++) {
		row_value(&m->row, &s->fields[i], &text, &v);
		key_add(key, &v);
	}
	strbuf_release(&text);
}

/* Whether S can do with V. */
static bool is_usable(const struct map_step *s, const struct value *v)
{
	struct value number;

	if (s->running_kind == RUNNING_SHIFT || s->running_kind == RUNNING_COUNT)
		return true;
	return v->type == VALUE_TIME || v->type == VALUE_DURATION || value_number(v, &number) == 0;
}

/* The result for V, the first value of its key; what is known of it is then *RET_KNOWN. */
static struct value first(const struct map_step *s, const struct value *v, struct value *ret_known)
{
	static const struct value one = {.type = VALUE_INT, .i = 1};

	*ret_known = *v;
	if (s->running_kind == RUNNING_COUNT)
		*ret_known = one;
	else if (s->running_kind != RUNNING_SUM && s->running_kind != RUNNING_EWMA)
		return null;
	else if (v->type == VALUE_TEXT)
		(void)!value_number(v, ret_known); /* it is usable */
	return *ret_known;
}

/* The result for V when KNOWN is known; the same. */
static struct value next_value(
	struct map_step *s, const struct value *v, const struct value *known, struct value *ret_known)
{
	const struct value values[2] = {*v, *known};
	struct value result = *expr_value(s->running, values);
	bool follows =
		s->running_kind == RUNNING_SUM || s->running_kind == RUNNING_EWMA || s->running_kind == RUNNING_COUNT;

	*ret_known = follows ? result : *v;
	return result;
}

/* Compute the result for V, and keep what is then known; false: nothing is computed or kept. */
static bool compute(struct mapper *m, struct map_step *s, const struct value *v, struct value *ret)
{
	struct strbuf key = STRBUF_INIT, kept = STRBUF_INIT;
	struct value known;
	const char *old;
	size_t len;
	uint64_t faults = expr_fault(s->running)->count;

	make_key(m, s, &key);
	if (latest_find(&m->latest, key.s, key.len, &old, &len)) {
		known = decode(&m->row, old, len);
		*ret = next_value(s, v, &known, &known);
	} else {
		*ret = first(s, v, &known);
	}
	bool good = expr_fault(s->running)->count == faults;
	encode(&kept, &known);
	if (good)
		latest_set(&m->latest, key.s, key.len, kept.s, kept.len);
	strbuf_release(&key);
	strbuf_release(&kept);
	return good;
}

enum next running_step(struct mapper *m, struct map_step *s, struct flow *flow, int *ret)
{
	struct strbuf text = STRBUF_INIT;
	struct value v, result = null;
	enum next next = NEXT_STEP;

	row_value(&m->row, &s->fields[0], &text, &v);
	if (!value_is_null(&v)) {
		if (!is_usable(s, &v))
			next = decide_fault(m, s, "the value is not a number", flow, ret);
		else if (!compute(m, s, &v, &result))
			next = decide_fault(m, s, expr_fault(s->running)->what, flow, ret);
	}
	strbuf_release(&text);
	if (next == NEXT_STEP && !shape_set(&m->row, &s->as, &result, &s->made))
		next = decide_fault(m, s, "there is no place for a new member", flow, ret);
	return next;
}
