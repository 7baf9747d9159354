/* Change events and tombstones as rows: see take_change.h. */
#include "take_change.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "options.h"
#include "take_row.h"

/* The reader of events: its members, and those of consume --envelope. */
static int open_events(struct take *t)
{
	const char *names[UNWRAP_MEMBERS + ENVELOPE_MEMBERS];
	memcpy(names, unwrap_members, sizeof unwrap_members);
	memcpy(names + UNWRAP_MEMBERS, envelope_members, sizeof envelope_members);
	for (size_t i = 0; i < ENVELOPE_MEMBERS; i++)
		t->envelope[i] = UNWRAP_MEMBERS + i;
	int r = members_init(&t->events, names, UNWRAP_MEMBERS + ENVELOPE_MEMBERS);
	return r == 0 ? unwrap_init(&t->unwrap) : r;
}

int take_change_open(struct take *t)
{
	const struct db_plan *plan = &t->choice->plan;
	const char **names = xcalloc(plan->keys + 1, sizeof *names);
	for (size_t i = 0; i < plan->keys; i++)
		names[i] = t->names[plan->key[i]];
	int r = tombstone_init(&t->tombstone, names, plan->keys);
	free(names);
	t->values = xcalloc(plan->count + 1, sizeof *t->values);
	return r == 0 && opts.unwrap == UNWRAP_DEBEZIUM ? open_events(t) : r;
}

void take_change_release(struct take *t)
{
	tombstone_release(&t->tombstone);
	members_release(&t->events);
	unwrap_release(&t->unwrap);
}

bool take_change_knows_envelope(void)
{
	return opts.tombstones == TOMBSTONES_SKIP || opts.tombstones == TOMBSTONES_DELETE;
}

bool take_change_skips(void)
{
	return opts.tombstones == TOMBSTONES_SKIP;
}

struct members *take_change_reader(struct take *t)
{
	return opts.unwrap == UNWRAP_DEBEZIUM ? &t->events : &t->members;
}

static bool is_tombstone(const struct take *t)
{
	const struct members *m = opts.unwrap == UNWRAP_DEBEZIUM ? &t->events : &t->members;
	return take_change_knows_envelope() && envelope_is_all(m, t->envelope);
}

bool take_change_is_one(const struct take *t)
{
	return opts.unwrap == UNWRAP_DEBEZIUM || is_tombstone(t);
}

int take_change_other(struct take *t, const char *rec, const char *s, size_t len, struct strbuf *why)
{
	if (opts.on_new != NEW_ADD || (t->grown == rec && take_row_is_alike(t, &t->other))) {
		take_row_unknown(t, &t->other, why);
		return -EINVAL;
	}
	if (t->grown == rec) { /* its type is not known: it is {} or [] */
		take_row_ignore(t, t->other.s, t->other.len);
		return 0;
	}
	t->fresh = (struct unwrap_image){s, len};
	return TAKE_GROW;
}

/* The row that the tombstone which was read takes away. */
static int take_tombstone(struct take *t, struct strbuf *why)
{
	const struct db_plan *plan = &t->choice->plan;
	const struct members *m = take_change_reader(t);
	const struct value *key;
	if (opts.tombstones == TOMBSTONES_SKIP)
		return 0;
	int r = tombstone_key(&t->tombstone, &m->values[t->envelope[0]], &key, why);
	for (size_t i = 0; r == 0 && i < plan->keys; i++) {
		size_t cell = plan->key[i];
		/* a column such as _key has the value that is in the record */
		bool own = opts.unwrap != UNWRAP_DEBEZIUM && envelope_has(t->names[cell], strlen(t->names[cell]));
		t->values[cell] = own ? m->values[cell] : key[i];
	}
	return r == 0 ? take_row_encode(t, DB_OP_DELETE, t->values, &t->before, why) : r;
}

const struct value *take_change_values(struct take *t, const char *rec, size_t len)
{
	if (!t->asked || json_read(t->asked, rec, len) < 0 || !t->choice->sourced)
		return t->members.values;
	for (size_t i = 0; i < t->choice->plan.count; i++) {
		const struct columns_source *source = &t->choice->sources[i];
		t->values[i] = source->given ? json_values(t->asked)[source->slot] : t->members.values[i];
	}
	return t->values;
}

/* Read IMAGE, which an event has; *RET are the values of the columns. */
static int read_image(struct take *t, const struct unwrap_image *image, const struct value **ret, struct strbuf *why)
{
	const char *rec;
	size_t len;
	t->has_other = false;
	members_span(&t->members, image->s, image->len, '\0'); /* JSON holds no NUL */
	if (members_next(&t->members, &rec, &len) > 0) {
		*ret = take_change_values(t, rec, len);
		return 0;
	}
	strbuf_addstr(why, members_error(&t->members)->what);
	return -EINVAL;
}

/* Keep t->before only if its key is not that of VALUES, which are put: a null in a key is like no other. */
static void compare_keys(struct take *t, const struct value *values)
{
	struct strbuf same = STRBUF_INIT, none = STRBUF_INIT;
	if (take_row_encode(t, DB_OP_MOVE, values, &same, &none) == 0 && same.len == t->before.len &&
		memcmp(same.s, t->before.s, same.len) == 0)
		strbuf_clear(&t->before);
	strbuf_release(&same);
	strbuf_release(&none);
}

/* The row that is gone when BEFORE was the row, if that has its key: an update often has no more than a part of it. */
static int take_before(struct take *t, const struct unwrap_change *c, struct strbuf *why)
{
	const struct db_plan *plan = &t->choice->plan;
	const struct value *values;
	int r = read_image(t, &c->before, &values, why);
	for (size_t i = 0; r == 0 && c->op == UNWRAP_PUT && i < plan->keys; i++)
		if (value_is_null(&values[plan->key[i]]))
			return 0;
	const char op = c->op == UNWRAP_PUT ? DB_OP_MOVE : DB_OP_DELETE;
	return r == 0 ? take_row_encode(t, op, values, &t->before, why) : r;
}

static int take_after(struct take *t, const char *rec, const struct unwrap_change *c, struct strbuf *why)
{
	const struct db_plan *plan = &t->choice->plan;
	const struct value *values;
	int r = read_image(t, &c->after, &values, why);
	if (r == 0 && t->has_other && (r = take_change_other(t, rec, c->after.s, c->after.len, why)) != 0)
		return r;
	for (size_t i = 0; r == 0 && i < plan->count; i++)
		if (unwrap_is_absent(&values[i])) {
			strbuf_addf(why,
				"column %s: the event lacks its value because it did not change; the source table "
				"needs REPLICA IDENTITY FULL",
				t->names[i]);
			return -EINVAL;
		}
	if (r == 0)
		r = take_row_encode(t, DB_OP_PUT, values, &t->row, why);
	if (r == 0 && t->before.len)
		compare_keys(t, values);
	return r;
}

int take_change(struct take *t, const char *rec, struct strbuf *why)
{
	struct unwrap_change c;
	if (is_tombstone(t))
		return take_tombstone(t, why);
	int r = unwrap_event(&t->unwrap, t->events.values, &c, why);
	if (r == 0 && c.op != UNWRAP_NOTHING && c.before.s)
		r = take_before(t, &c, why);
	return r == 0 && c.op == UNWRAP_PUT ? take_after(t, rec, &c, why) : r;
}
