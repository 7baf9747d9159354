/* Records of JSON: see take_json.h. */
#include "take_json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/refuse.h"
#include "grow.h"
#include "options.h"
#include "take_change.h"
#include "take_row.h"

/* A member of a record that is not a column which is written. */
static void on_other(void *arg, const char *name, size_t len)
{
	struct take *t = arg;
	if (take_row_is_known(t, name, len))
		return;
	if (opts.on_new == NEW_IGNORE) {
		take_row_ignore(t, name, len);
	} else if (!t->has_other) {
		t->has_other = true;
		strbuf_clear(&t->other);
		strbuf_add(&t->other, name, len);
	}
}

/* The reader of rows: the columns and, where tombstones are to be known, what consume --envelope adds. */
static int open_members(struct take *t)
{
	size_t count = t->choice->plan.count, all = count;
	const char **names = xcalloc(count + ENVELOPE_MEMBERS, sizeof *names);
	memcpy(names, t->names, count * sizeof *names);
	for (size_t i = 0; i < ENVELOPE_MEMBERS; i++) {
		size_t at = 0;
		while (at < count && strcmp(names[at], envelope_members[i]) != 0)
			at++;
		if (at == count && take_change_knows_envelope()) {
			at = all;
			names[all++] = envelope_members[i];
		}
		t->envelope[i] = at;
	}
	int r = members_init(&t->members, names, all);
	free(names);
	if (!t->choice->named) {
		t->members.on_other = on_other;
		t->members.arg = t;
	}
	return r;
}

int take_json_open(struct take *t, struct strbuf *err)
{
	int r = open_members(t);
	if (r == 0)
		r = take_change_open(t);
	if (r == 0 && (t->delete_on || t->choice->sourced))
		r = json_new(&t->asked);
	for (size_t i = 0; r == 0 && t->delete_on && i < expr_fields(t->delete_on); i++)
		expr_bind(t->delete_on, i, json_add(t->asked, &expr_field(t->delete_on, i)->path));
	for (size_t i = 0; r == 0 && i < t->choice->plan.count; i++)
		if (t->choice->sources[i].given)
			t->choice->sources[i].slot = json_add(t->asked, &t->choice->sources[i].field.path);
	if (r < 0)
		strbuf_addstr(err, diag_strerror(r));
	return r;
}

void take_json_release(struct take *t)
{
	take_change_release(t);
	members_release(&t->members);
	json_free(t->asked);
	t->asked = NULL;
	free(t->values);
	t->values = NULL;
}

/* The record is an object of the table's columns.  As take_change(). */
static int take_plain(struct take *t, const char *rec, size_t len, struct strbuf *why)
{
	char op = DB_OP_PUT;
	int r = 0;
	if (t->has_other)
		r = take_change_other(t, rec, rec, (size_t)(t->span_end - rec), why);
	if (r)
		return r;
	const struct value *values = take_change_values(t, rec, len);
	if (t->delete_on && expr_test(t->delete_on, json_values(t->asked)))
		op = DB_OP_DELETE;
	return take_row_encode(t, op, values, &t->row, why);
}

/* It is not JSON. */
static int take_unread(struct take *t, const struct sink_place *place, const char *rec, size_t len, struct strbuf *why)
{
	const struct json_error *e = members_error(take_change_reader(t));
	if (!len && take_change_skips())
		return 0;
	strbuf_addf(why, "byte %zu: %s", e->pos + 1, e->what);
	refuse_other_format(why, place, rec, len);
	if (!len && take_change_knows_envelope())
		strbuf_addstr(why, "; a tombstone has its key with consume --envelope");
	return -EINVAL;
}

/*
 * Make rows of the record REC, for which members_next() has returned MORE, and hold them; or TAKE_GROW, and it was not
 * taken.
 */
static int take_record(
	struct take *t, struct sink_place *place, int more, const char *rec, size_t len, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	int r;
	strbuf_clear(&t->before);
	strbuf_clear(&t->row);
	if (more < 0 && more != -EBADMSG) {
		strbuf_addstr(err, diag_strerror(more));
		return more;
	}
	if (more < 0)
		r = take_unread(t, place, rec, len, &why);
	else if (take_change_is_one(t))
		r = take_change(t, rec, &why);
	else
		r = take_plain(t, rec, len, &why);
	if (r == TAKE_GROW) {
		place->record--;
		t->rejects->read--;
	} else if (r < 0) {
		r = refuse_record(t->rejects, place, rec, len, why.s, err);
	} else {
		if (t->before.len)
			r = take_row_hold(t, place, &t->before, rec, len, err);
		if (r == 0 && t->row.len)
			r = take_row_hold(t, place, &t->row, rec, len, err);
	}
	strbuf_release(&why);
	return r;
}

/* Make the table, or add columns, for the LEN bytes of records at S. */
static int grow(struct take *t, const char *s, size_t len, char delim, struct strbuf *err)
{
	int r = grow_json(t, s, len, delim, err);
	if (r < 0)
		return r;
	take_json_release(t);
	take_row_names(t);
	return take_json_open(t, err);
}

int take_json_span(
	struct take *t, struct sink_place *place, const char *s, size_t len, struct flow *flow, struct strbuf *err)
{
	const char *rec = s;
	size_t rec_len;
	int r = t->later && len ? grow(t, s, len, flow->delim, err) : 0, more;
	t->span_end = s + len;
	t->grown = NULL;
	members_span(take_change_reader(t), s, len, flow->delim);
	for (;;) {
		t->has_other = false;
		if (r != 0 || (more = members_next(take_change_reader(t), &rec, &rec_len)) == 0)
			return r;
		place->record++;
		t->rejects->read++;
		r = take_record(t, place, more, rec, rec_len, err);
		if (r == TAKE_GROW) { /* and once more */
			t->grown = rec;
			r = grow(t, t->fresh.s, t->fresh.len, flow->delim, err);
			members_span(take_change_reader(t), rec, (size_t)(t->span_end - rec), flow->delim);
		}
		if (r)
			flow_refuse(flow, rec, rec_len);
	}
}
