/* PostgreSQL: tables and the types of their columns.  See db_postgres.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/db/db_postgres_impl.h"
#include "common/db/db_sql.h"

/* Types whose binary form is written, by the oids of PostgreSQL's pg_type.dat, which do not change. */
static const struct postgres_type {
	unsigned oid;
	enum db_kind kind;
	uint8_t bits; /* DB_JSON: 1 for jsonb */
} types[] = {
	{16, DB_BOOL, 0},
	{17, DB_BYTES, 0},
	{20, DB_INT, 64},
	{21, DB_INT, 16},
	{23, DB_INT, 32},
	{25, DB_TEXT, 0},
	{114, DB_JSON, 0},
	{700, DB_FLOAT, 0},
	{701, DB_DOUBLE, 0},
	{1042, DB_TEXT, 0},
	{1043, DB_TEXT, 0},
	{1082, DB_DATE, 0},
	{1114, DB_TIMESTAMP_NTZ, 0},
	{1184, DB_TIMESTAMP, 0},
	{1700, DB_DECIMAL, 0},
	{2950, DB_UUID, 0},
	{3802, DB_JSON, 1},
};

#define MODIFIER 4 /* is added to the length or the precision in a type's modifier */

void postgres_kind(unsigned oid, int modifier, struct db_column *ret)
{
	ret->kind = DB_ANY;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (types[i].oid == oid) {
			ret->kind = types[i].kind;
			ret->bits = types[i].bits;
		}
	if (modifier < MODIFIER)
		return;
	modifier -= MODIFIER;
	if (oid == 1042 || oid == 1043)
		ret->length = (uint32_t)modifier;
	if (oid != 1700)
		return;
	unsigned precision = (unsigned)modifier >> 16 & 0xffff, scale = (unsigned)modifier & 0x7ff;
	if (precision > UINT8_MAX || scale > precision) { /* beyond what is checked here: the server reads its text */
		ret->kind = DB_ANY;
		return;
	}
	ret->precision = (uint8_t)precision;
	ret->scale = (uint8_t)scale;
}

void postgres_add_type(const struct schema_field *f, struct strbuf *out)
{
	static const char *const names[] = {[SCHEMA_BOOL] = "boolean",
		[SCHEMA_INT32] = "integer",
		[SCHEMA_INT64] = "bigint",
		[SCHEMA_FLOAT] = "real",
		[SCHEMA_DOUBLE] = "double precision",
		[SCHEMA_STRING] = "text",
		[SCHEMA_BINARY] = "bytea",
		[SCHEMA_DATE] = "date",
		[SCHEMA_TIMESTAMP] = "timestamptz",
		[SCHEMA_TIMESTAMP_NTZ] = "timestamp",
		[SCHEMA_STRUCT] = "jsonb",
		[SCHEMA_LIST] = "jsonb",
		[SCHEMA_MAP] = "jsonb"};
	if (f->type == SCHEMA_DECIMAL)
		strbuf_addf(out, "numeric(%u,%u)", f->precision, f->scale);
	else
		strbuf_addstr(out, f->type == SCHEMA_INT32 && f->bits ? "smallint" : names[f->type]);
}

void postgres_quote(const char *name, struct strbuf *out)
{
	struct strbuf schema = STRBUF_INIT, table = STRBUF_INIT;
	sql_split_table(name, 2, &schema, &table);
	if (schema.len) {
		sql_add_name(out, schema.s);
		strbuf_addch(out, '.');
	}
	sql_add_name(out, table.s);
	strbuf_release(&schema);
	strbuf_release(&table);
}

static bool is_true(const struct db_answer *a, size_t row, size_t column)
{
	const char *s = db_answer_get(a, row, column);
	return s && *s == 't';
}

static bool is_set(const struct db_answer *a, size_t row, size_t column)
{
	const char *s = db_answer_get(a, row, column);
	return s && *s;
}

static int find_columns(struct db *db, struct db_table *t, struct strbuf *err)
{
	struct db_answer info;
	const char *object = t->object;
	int r = postgres_query(db,
		"SELECT attname, CASE WHEN typtype = 'd' THEN format_type(typbasetype, typtypmod) ELSE "
		"format_type(atttypid, atttypmod) END, CASE WHEN typtype = 'd' THEN typbasetype ELSE "
		"atttypid END, "
		"CASE WHEN typtype = 'd' THEN typtypmod ELSE atttypmod END, attnotnull OR typnotnull, atthasdef, "
		"attidentity, attgenerated, (SELECT format(' COLLATE %I.%I', nspname, collname) FROM pg_collation c "
		"JOIN pg_namespace n ON n.oid = collnamespace WHERE c.oid = attcollation AND attcollation <> "
		"typcollation) FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid WHERE attrelid = "
		"$1::oid AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
		&object, 1, &info, err);
	if (r < 0)
		return r;
	t->columns = xcalloc(info.rows ? info.rows : 1, sizeof *t->columns);
	for (size_t i = 0; i < info.rows; i++) {
		struct db_column *c = &t->columns[t->count++];
		const char *identity = db_answer_get(&info, i, 6);
		c->name = xstrdup(db_answer_get(&info, i, 0));
		c->type = xstrdup(db_answer_get(&info, i, 1));
		postgres_kind((unsigned)strtoul(db_answer_get(&info, i, 2), NULL, 10),
			(int)strtol(db_answer_get(&info, i, 3), NULL, 10), c);
		c->required = is_true(&info, i, 4);
		c->generated = is_set(&info, i, 7) || (identity && *identity == 'a');
		c->given = is_true(&info, i, 5) || is_set(&info, i, 6);
		c->collation = is_set(&info, i, 8) ? xstrdup(db_answer_get(&info, i, 8)) : NULL;
	}
	db_answer_release(&info);
	return 0;
}

/* ANSWER has schema, name, oid and kind of the table, and whether nulls conflict in it. */
static int take_table(const struct db_answer *answer, struct db_table *ret, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	const char *schema = db_answer_get(answer, 0, 0), *name = db_answer_get(answer, 0, 1);
	if (!strchr("rp", *db_answer_get(answer, 0, 3))) {
		strbuf_addf(err, "'%s' is a view or something else that is not a table, and rows go into tables only",
			name);
		return -EPERM;
	}
	*ret = (struct db_table){.object = xstrdup(db_answer_get(answer, 0, 2)), .nulls_alike = is_true(answer, 0, 4)};
	strbuf_addf(&text, "%s.%s", schema, name);
	ret->name = strbuf_detach(&text);
	ret->bare = ret->name + strlen(schema) + 1;
	sql_add_name(&text, schema);
	strbuf_addch(&text, '.');
	ret->beside = xstrdup(text.s);
	sql_add_name(&text, name);
	ret->quoted = strbuf_detach(&text);
	return 0;
}

int postgres_find(struct db *db, const char *name, struct db_table *ret, struct strbuf *err)
{
	struct strbuf quoted = STRBUF_INIT;
	struct db_answer answer;
	postgres_quote(name, &quoted);
	const char *param = quoted.s;
	int r = postgres_query(db,
		"SELECT nspname, relname, c.oid, relkind, EXISTS (SELECT FROM pg_index i WHERE indrelid = c.oid AND "
		"to_jsonb(i) @> '{\"indnullsnotdistinct\": true}') FROM pg_class c JOIN pg_namespace n ON n.oid = "
		"relnamespace "
		"WHERE "
		"c.oid = to_regclass($1)",
		&param, 1, &answer, err);
	strbuf_release(&quoted);
	if (r < 0)
		return r;
	if (!answer.rows) {
		strbuf_addf(err, "there is no table '%s' in %s", name, db->url);
		r = -ENOENT;
	} else {
		r = take_table(&answer, ret, err);
	}
	db_answer_release(&answer);
	if (r < 0)
		return r;
	r = find_columns(db, ret, err);
	if (r < 0)
		db_table_release(ret);
	return r;
}

int postgres_lock(struct db *db, const struct db_table *t, struct strbuf *err)
{
	const char *params[] = {t ? t->object : "0"};
	return postgres_query(
		db, "SELECT pg_advisory_xact_lock((x'776569'::bigint << 32) | $1::oid::bigint)", params, 1, NULL, err);
}

int postgres_tag(struct db *db, struct db_table *t, struct strbuf *err)
{
	struct db_answer answer;
	const char *params[] = {t->quoted, t->object};
	struct strbuf sql = STRBUF_INIT, why = STRBUF_INIT;
	strbuf_addf(&sql, "LOCK TABLE %s IN ROW EXCLUSIVE MODE", t->quoted); /* nobody drops it meanwhile */
	int r = postgres_run((struct db_postgres *)db, sql.s, &why);
	strbuf_release(&sql);
	if (r == 0)
		r = postgres_query(db, "SELECT 1 WHERE to_regclass($1)::oid = $2::oid", params, 2, &answer, &why);
	if (r == 0 && !answer.rows)
		r = -ENOENT;
	else if (r == 0)
		db_answer_release(&answer);
	if (r == -ENOENT) {
		strbuf_addf(err, "the table '%s' was dropped, or made again, while this program ran", t->name);
		r = -ESTALE;
	} else if (r < 0) {
		strbuf_addstr(err, why.s);
	}
	strbuf_release(&why);
	return r;
}
