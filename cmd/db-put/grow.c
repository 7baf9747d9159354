/* Columns that are inferred: see grow.h. */
#include "grow.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "common/base/alloc.h"
#include "common/base/visible.h"
#include "common/data/schema_infer.h"
#include "common/data/schema_text.h"
#include "common/db/db_sql.h"
#include "options.h"
#include "take_row.h"

#define AHEAD          1000 /* records */
#define NAME_MAX_BYTES 63   /* PostgreSQL cuts longer names off */

int grow_create(struct db *db, const struct schema *schema, struct strbuf *err)
{
	struct strbuf sql = STRBUF_INIT, quoted = STRBUF_INIT;
	char **key = NULL;
	size_t keys = 0;
	int r = opts.key ? columns_split(opts.key, &key, &keys, err) : 0;
	for (size_t i = 0; r == 0 && i < keys; i++)
		if (!schema_child(&schema->root, key[i], strlen(key[i]))) {
			strbuf_addf(err, "--key: the new table has no column %s", key[i]);
			r = -EINVAL;
		}
	if (r == 0) {
		db->ops->quote(opts.table, &quoted);
		sql_add_create(&sql, db->ops, quoted.s, schema, key, keys);
		r = db->ops->query(db, sql.s, NULL, 0, NULL, err);
	}
	columns_split_release(key, keys);
	strbuf_release(&sql);
	strbuf_release(&quoted);
	return r;
}

/* Choose the columns of the table as it is now. */
static int choose(struct take *t, struct columns_choice *ret, struct strbuf *err)
{
	columns_take_units(t->table, &opts.schema);
	int r = columns_choose(t->table, opts.columns, opts.key, ret, err);
	ret->plan.conflict = (enum db_conflict)opts.conflict;
	ret->plan.deletes = opts.delete_on || opts.unwrap == UNWRAP_DEBEZIUM || opts.tombstones == TOMBSTONES_DELETE;
	return r == 0 ? t->db->ops->check(t->db, &ret->plan, err) : r;
}

int grow_settle(struct take *t, struct strbuf *err)
{
	int r = choose(t, t->choice, err);
	if (r == 0)
		r = db_state_open(t->state, err);
	return r == 0 && opts.once.id ? db_state_has_id(t->state, opts.once.id, err) : r;
}

/* Infer a schema from these records.  -ENOMEM, or -EINVAL with ERR. */
static int look(const char *s, size_t len, char delim, struct schema *ret, struct strbuf *err)
{
	struct schema_infer *in;
	struct strbuf notes = STRBUF_INIT; /* about columns that the table may already have */
	const char *end = s + len;
	int r = schema_infer_new(&in);
	if (r < 0)
		return r;
	schema_infer_check_names(in, "");
	for (size_t i = 0; i < AHEAD && s < end && r != -E2BIG && r != -ENOMEM; i++) {
		const char *stop = memchr(s, delim, (size_t)(end - s));
		/* the code that reads the record reports what is wrong with it */
		r = schema_infer_json(in, s, (size_t)((stop ? stop : end) - s));
		s = stop ? stop + 1 : end;
	}
	r = r == -ENOMEM ? r : schema_infer_known(in, ret, &notes, err);
	schema_infer_free(in);
	strbuf_release(&notes);
	return r < 0 && r != -ENOMEM ? -EINVAL : r;
}

/* Whether the field F, of which the table has none of that name, becomes a column; if not, WHY may say why. */
static bool is_new(const struct take *t, const struct schema_field *f, struct strbuf *why)
{
	size_t len = strlen(f->name);
	if (db_table_column(t->table, f->name, len) != SIZE_MAX || take_row_is_known(t, f->name, len))
		return false;
	for (size_t i = 0; i < t->table->count; i++)
		if (strcasecmp(t->table->columns[i].name, f->name) == 0)
			return false;
	if (len > NAME_MAX_BYTES) {
		strbuf_addstr(why, "field ");
		visible_add_start(why, f->name, len, NAME_MAX_BYTES);
		strbuf_addf(why, "…: the name of a column has %d bytes at most", NAME_MAX_BYTES);
		return false;
	}
	return true;
}

/* Find the table as it is now. */
static int find_again(struct take *t, struct strbuf *err)
{
	struct db_table table;
	int r = t->db->ops->find(t->db, opts.table, &table, err);
	if (r < 0)
		return r;
	db_table_release(t->table);
	*t->table = table;
	return 0;
}

/* Add the column F.  *RET_CHANGED: the table has it now. */
static int add_column(struct take *t, const struct schema_field *f, bool *ret_changed, struct strbuf *err)
{
	struct strbuf sql = STRBUF_INIT, why = STRBUF_INIT, type = STRBUF_INIT;
	t->db->ops->add_type(f, &type);
	strbuf_addf(&sql, "ALTER TABLE %s ADD COLUMN ", t->table->quoted);
	sql_add_name(&sql, f->name);
	strbuf_addf(&sql, " %s", type.s);
	int r = t->db->ops->query(t->db, sql.s, NULL, 0, NULL, &why);
	if (r < 0) { /* another writer may have added it */
		struct strbuf none = STRBUF_INIT;
		if (find_again(t, &none) == 0 && db_table_column(t->table, f->name, strlen(f->name)) != SIZE_MAX)
			r = 0;
		strbuf_release(&none);
	} else {
		inform("table '%s': new column %s, of type %s", t->table->name, f->name, type.s);
	}
	if (r < 0)
		strbuf_addf(err, "column %s cannot be added: %s", f->name, why.s);
	*ret_changed = *ret_changed || r == 0;
	strbuf_release(&sql);
	strbuf_release(&why);
	strbuf_release(&type);
	return r;
}

/* The table has more columns than before: choose them, too, and widen the rows that are held. */
static int widen(struct take *t, struct strbuf *err)
{
	struct columns_choice now;
	struct strbuf before = STRBUF_INIT, after = STRBUF_INIT;
	for (size_t i = 0; i < t->choice->plan.count; i++)
		strbuf_addf(&before, "%s\n", t->table->columns[t->choice->columns[i]].name);
	int r = find_again(t, err);
	if (r == 0)
		r = choose(t, &now, err);
	else
		now = (struct columns_choice){0};
	for (size_t i = 0; r == 0 && i < t->choice->plan.count && i < now.plan.count; i++)
		strbuf_addf(&after, "%s\n", t->table->columns[now.columns[i]].name);
	if (r == 0 && strcmp(before.s, after.s) != 0) {
		strbuf_addf(err, "the columns of the table '%s' were changed while this program ran", t->table->name);
		r = -EAGAIN;
	}
	if (r == 0 && (r = held_widen(&t->held, t->choice->plan.count + t->choice->plan.deletes,
			       now.plan.count - t->choice->plan.count)) < 0)
		strbuf_addf(err, "cannot hold the rows: %s", diag_strerror(r));
	if (r == 0) {
		struct columns_choice old = *t->choice;
		*t->choice = now;
		now = old;
	}
	columns_choice_release(&now);
	strbuf_release(&before);
	strbuf_release(&after);
	return r;
}

/* Make the table that the options ask for. */
static int make_table(struct take *t, const struct schema *seen, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	struct schema columns;
	int r = 0;
	schema_init(&columns);
	for (size_t i = 0; r == 0 && i < seen->root.count; i++)
		if (!take_row_is_known(t, seen->root.children[i].name, strlen(seen->root.children[i].name)))
			r = schema_add(&columns, &columns.root, &seen->root.children[i], err);
	if (r == 0 && !columns.root.count) {
		strbuf_addf(err, "the columns of the table '%s' cannot be inferred: no record has a field with a value",
			opts.table);
		r = -EBADMSG;
	}
	if (r == 0)
		r = grow_create(t->db, &columns, err);
	if (r == 0)
		r = t->db->ops->find(t->db, opts.table, t->table, err);
	if (r == 0) {
		schema_print(&columns, &text);
		inform("table '%s' was made, with the columns %s", t->table->name, text.s);
		t->later = false;
		r = grow_settle(t, err);
	}
	schema_release(&columns);
	strbuf_release(&text);
	return r;
}

/* Add the columns of SEEN that the table lacks. */
static int add_columns(struct take *t, const struct schema *seen, struct strbuf *err)
{
	bool changed = false;
	int r = 0;
	size_t before = err->len;
	for (size_t i = 0; r == 0 && i < seen->root.count; i++)
		if (is_new(t, &seen->root.children[i], err))
			r = add_column(t, &seen->root.children[i], &changed, err);
	if (r == 0 && err->len > before)
		r = -EBADMSG;
	return r == 0 && changed ? widen(t, err) : r;
}

static int grow(struct take *t, const struct schema *seen, struct strbuf *err)
{
	return t->later ? make_table(t, seen, err) : add_columns(t, seen, err);
}

int grow_json(struct take *t, const char *s, size_t len, char delim, struct strbuf *err)
{
	struct schema seen;
	int r = look(s, len, delim, &seen, err);
	if (r < 0)
		return r;
	r = grow(t, &seen, err);
	schema_release(&seen);
	return r;
}

int grow_names(struct take *t, const struct value *names, size_t count, struct strbuf *err)
{
	struct schema seen;
	int r = 0;
	schema_init(&seen);
	for (size_t i = 0; r == 0 && i < count; i++) {
		struct schema_field f = {.name = xstrndup(names[i].s, names[i].len), .type = SCHEMA_STRING};
		if (*f.name && !schema_child(&seen.root, f.name, strlen(f.name)))
			r = schema_add(&seen, &seen.root, &f, err);
		schema_field_release(&f);
	}
	if (r == 0)
		r = grow(t, &seen, err);
	schema_release(&seen);
	return r;
}
