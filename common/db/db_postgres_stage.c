/*
 * PostgreSQL: the statements by which rows go into a table by way of a temporary one, weir_rows.  See db_postgres.h.
 * It is always named with its schema: where the search path has pg_temp at its end, another table may come before it.
 */
#include <string.h>

#include "common/db/db_postgres_impl.h"
#include "common/db/db_sql.h"

static const struct db_column *column_of(const struct db_plan *plan, size_t cell)
{
	return &plan->table->columns[plan->columns[cell]];
}

/* Rows go straight into the table unless some may be there already, or the server has to read texts. */
bool postgres_is_staged(const struct db_plan *plan)
{
	bool staged = plan->conflict != DB_CONFLICT_ERROR || plan->deletes;
	for (size_t i = 0; i < plan->count; i++)
		staged = staged || column_of(plan, i)->kind == DB_ANY;
	return staged;
}

/* Whether the type is an array, such as integer[]. */
static bool is_array(const char *type)
{
	size_t len = strlen(type);
	return len > 2 && strcmp(type + len - 2, "[]") == 0;
}

/* By which two texts may be the same key. */
static const char *collation_of(const struct db_plan *plan, size_t i)
{
	const char *collation = column_of(plan, i)->collation;
	return collation ? collation : "";
}

/* Append cell I of the temporary table; a text as the type of the table, an array of JSON as an array. */
static void add_staged_cell(struct strbuf *sql, const struct db_plan *plan, size_t i)
{
	const char *type = column_of(plan, i)->type, *collation = collation_of(plan, i);
	if (column_of(plan, i)->kind != DB_ANY)
		strbuf_addf(sql, "c%zu", i);
	else if (is_array(type))
		strbuf_addf(sql,
			"CASE WHEN left(c%zu, 1) = '[' THEN ARRAY(SELECT "
			"jsonb_array_elements_text(c%zu::jsonb))::%s ELSE c%zu::%s END",
			i, i, type, i, type);
	else
		strbuf_addf(sql, "c%zu::%s%s", i, type, collation);
}

static void add_staged(struct strbuf *sql, const struct db_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		strbuf_addstr(sql, i ? ", " : "");
		add_staged_cell(sql, plan, i);
	}
}

/* Append the key in the temporary table. */
static void add_staged_key(struct strbuf *sql, const struct db_plan *plan)
{
	for (size_t i = 0; i < plan->keys; i++) {
		strbuf_addstr(sql, i ? ", " : "");
		add_staged_cell(sql, plan, plan->key[i]);
	}
}

/*
 * Append what distinguishes rows whose key has a null from all others; nothing where none can be null.
 */
static void add_null_apart(struct strbuf *sql, const struct db_plan *plan)
{
	const char *between = ", CASE WHEN ";
	if (plan->table->nulls_alike)
		return;
	for (size_t i = 0; i < plan->keys; i++) {
		if (column_of(plan, plan->key[i])->required)
			continue;
		strbuf_addf(sql, "%sc%zu IS NULL", between, plan->key[i]);
		between = " OR ";
	}
	if (*between == ' ')
		strbuf_addstr(sql, " THEN ctid END");
}

static void add_create(const struct db_plan *plan, struct strbuf *sql)
{
	strbuf_addf(sql, "CREATE TEMP TABLE weir_rows (%s", plan->deletes ? "op \"char\", " : "");
	for (size_t i = 0; i < plan->count; i++)
		strbuf_addf(sql, "%sc%zu %s%s", i ? ", " : "", i,
			column_of(plan, i)->kind == DB_ANY ? "text" : column_of(plan, i)->type,
			column_of(plan, i)->kind == DB_ANY ? "" : collation_of(plan, i));
	strbuf_addstr(sql, ") ON COMMIT DROP");
}

/*
 * The rows as if each had been a commit of its own: of those with one key the last one counts, or, where a row that is
 * there stays, the first one after the last deletion.  A key that is deleted anywhere is deleted first (add_remove()).
 * Rows whose key has a null are all put.
 */
static void add_move(const struct db_plan *plan, struct strbuf *sql)
{
	const bool update = plan->conflict == DB_CONFLICT_UPDATE;
	strbuf_addf(sql, "INSERT INTO %s (", plan->table->quoted);
	sql_add_columns(sql, plan);
	strbuf_addstr(sql, ") SELECT ");
	add_staged(sql, plan);
	if (!update && !plan->deletes) {
		strbuf_addstr(sql, " FROM pg_temp.weir_rows");
	} else if (update) {
		strbuf_addstr(sql, " FROM (SELECT DISTINCT ON (");
		add_staged_key(sql, plan);
		add_null_apart(sql, plan);
		strbuf_addstr(sql, ") * FROM pg_temp.weir_rows ORDER BY ");
		add_staged_key(sql, plan);
		add_null_apart(sql, plan);
		strbuf_addstr(sql, ", ctid DESC) s");
	} else {
		strbuf_addstr(
			sql, " FROM (SELECT *, ctid AS at, count(*) FILTER (WHERE op <> 'p') OVER (PARTITION BY ");
		add_staged_key(sql, plan);
		strbuf_addstr(sql, " ORDER BY ctid DESC) AS gone FROM pg_temp.weir_rows) s");
	}
	if (plan->deletes)
		strbuf_addf(sql, " WHERE op = '%c'", DB_OP_PUT);
	if (!update && plan->deletes)
		strbuf_addstr(sql, " AND gone = 0 ORDER BY at");
	sql_add_conflict(sql, plan);
}

static void add_remove(const struct db_plan *plan, struct strbuf *sql)
{
	strbuf_addf(sql, "DELETE FROM %s t USING (SELECT DISTINCT ", plan->table->quoted);
	for (size_t i = 0; i < plan->keys; i++) {
		strbuf_addstr(sql, i ? ", " : "");
		add_staged_cell(sql, plan, plan->key[i]);
		strbuf_addf(sql, " AS k%zu", i);
	}
	strbuf_addf(sql, " FROM pg_temp.weir_rows WHERE op <> '%c') s WHERE ", DB_OP_PUT);
	for (size_t i = 0; i < plan->keys; i++) {
		strbuf_addf(sql, "%st.", i ? " AND " : "");
		sql_add_name(sql, column_of(plan, plan->key[i])->name);
		strbuf_addf(sql, " = s.k%zu", i);
	}
}

void postgres_stage(const struct db_plan *plan, struct strbuf *create, struct strbuf *remove, struct strbuf *move)
{
	add_create(plan, create);
	if (plan->deletes)
		add_remove(plan, remove);
	add_move(plan, move);
}
