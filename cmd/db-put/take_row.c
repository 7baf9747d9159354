/* One record as a row: see take_row.h. */
#include "take_row.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/alloc.h"
#include "common/base/visible.h"
#include "common/data/refuse.h"
#include "common/data/utf8.h"
#include "common/db/db_cell.h"
#include "options.h"

#define SHOWN_MAX 64    /* bytes of a value in a message */
#define TOLD_MAX  10000 /* bytes of names */

/* Append `column a: VALUE`. */
static void add_value(struct strbuf *why, const struct db_column *c, const struct value *v)
{
	struct strbuf shown = STRBUF_INIT;
	const char *s = v->raw ? v->raw : v->s;
	size_t len = v->raw ? v->raw_len : v->len;
	utf8_add_valid(&shown, s, len < SHOWN_MAX + 4 ? len : SHOWN_MAX + 4);
	strbuf_addf(why, "column %s: ", c->name);
	visible_add_start(why, shown.s, shown.len, SHOWN_MAX);
	strbuf_release(&shown);
}

void take_row_names(struct take *t)
{
	free(t->names);
	t->names = xcalloc(t->choice->plan.count + 1, sizeof *t->names);
	for (size_t i = 0; i < t->choice->plan.count; i++)
		t->names[i] = t->table->columns[t->choice->columns[i]].name;
}

/* The cell V of column C, with KEY one that finds a row.  0, or -EINVAL with WHY. */
static int add_cell(const struct take *t, struct db_column *c, bool key, const struct value *v, struct strbuf *out,
	struct strbuf *why)
{
	const char *reason = NULL;
	int r = t->db->ops->encode(c, v, out, &reason);
	if (r == -ENODATA && (c->required || key)) {
		strbuf_addf(why, "column %s: it is null or missing, and %smust not be", c->name, key ? "a key " : "");
		return -EINVAL;
	}
	if (r < 0 && r != -ENODATA) {
		add_value(why, c, v);
		strbuf_addf(why, " %s", reason);
		return -EINVAL;
	}
	return 0;
}

int take_row_encode(struct take *t, char op, const struct value *values, struct strbuf *out, struct strbuf *why)
{
	const struct db_plan *plan = &t->choice->plan;
	const bool gone = op != DB_OP_PUT;
	int r = 0;
	db_cell_row(out, (uint16_t)(plan->count + plan->deletes));
	if (plan->deletes)
		db_cell_bytes(out, &op, 1);
	for (size_t i = 0; r == 0 && i < plan->count; i++) {
		struct db_column *c = &t->table->columns[plan->columns[i]];
		bool key = t->choice->is_key[i]; /* a row that is put may have a null in it, which is like no other */
		if (gone && !key)
			db_cell_null(out);
		else
			r = add_cell(t, c, key && (gone || c->given || c->numbered), &values[i], out, why);
	}
	return r;
}

int take_row_hold(struct take *t, const struct sink_place *place, const struct strbuf *row, const char *rec, size_t len,
	struct strbuf *err)
{
	int r = held_add(&t->held, place, row, rec, len);
	if (r < 0)
		strbuf_addf(err, "cannot hold the rows: %s", diag_strerror(r));
	return r;
}

int take_row(struct take *t, char op, struct sink_place *place, const struct value *values, const char *rec, size_t len,
	struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	strbuf_clear(&t->row);
	int r = take_row_encode(t, op, values, &t->row, &why);
	r = r < 0 ? refuse_record(t->rejects, place, rec, len, why.s, err)
		  : take_row_hold(t, place, &t->row, rec, len, err);
	strbuf_release(&why);
	return r;
}

void take_row_unknown(const struct take *t, const struct strbuf *name, struct strbuf *why)
{
	size_t at = db_table_column(t->table, name->s, name->len);
	strbuf_addstr(why, "field ");
	visible_add(why, name->s, name->len);
	if (at != SIZE_MAX && t->table->columns[at].given && !t->table->columns[at].generated) {
		strbuf_addstr(why, ": the database has a value of its own for that column; --columns writes it");
		return;
	}
	if (at != SIZE_MAX) {
		strbuf_addstr(why, ": the database computes that column");
		return;
	}
	for (size_t i = 0; i < t->table->count; i++)
		if (strcasecmp(t->table->columns[i].name, name->s) == 0) {
			strbuf_addf(why, ": the name of the column is '%s'", t->table->columns[i].name);
			return;
		}
	strbuf_addstr(why, ": the table has no such column; --on-new-field ignore leaves such fields out");
}

bool take_row_is_alike(const struct take *t, const struct strbuf *name)
{
	for (size_t i = 0; i < t->table->count; i++)
		if (strcasecmp(t->table->columns[i].name, name->s) == 0)
			return true;
	return false;
}

bool take_row_is_known(const struct take *t, const char *name, size_t len)
{
	for (size_t i = 0; t->delete_on && i < expr_fields(t->delete_on); i++) {
		const struct path *path = &expr_field(t->delete_on, i)->path;
		const struct path_step *step = path->count ? &path->steps[0] : NULL;
		if (step && step->name && step->len == len && memcmp(step->name, name, len) == 0)
			return true;
	}
	return opts.tombstones != TOMBSTONES_ERROR && envelope_has(name, len);
}

/* Whether the LEN bytes at NAME are among the names in TOLD. */
static bool was_told(const struct strbuf *told, const char *name, size_t len)
{
	for (size_t at = 0; at < told->len; at += strlen(told->s + at) + 1)
		if (strlen(told->s + at) == len && memcmp(told->s + at, name, len) == 0)
			return true;
	return false;
}

void take_row_ignore(struct take *t, const char *name, size_t len)
{
	struct strbuf shown = STRBUF_INIT;
	if (t->told.len > TOLD_MAX || memchr(name, '\0', len) || was_told(&t->told, name, len))
		return;
	strbuf_add(&t->told, name, len);
	strbuf_addch(&t->told, '\0');
	visible_add(&shown, name, len);
	warn("field %s: it is not a column that is written, and it is ignored", shown.s);
	strbuf_release(&shown);
}
