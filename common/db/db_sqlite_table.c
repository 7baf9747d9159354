/* SQLite: tables and the types of their columns.  See db_sqlite.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/uuid.h"
#include "common/db/db_sql.h"
#include "common/db/db_sqlite_impl.h"

#define TAG "weir_" /* before the UUID in the name of a table's index */

/*
 * Whether a declared type means KIND.  SQLite itself looks only for INT, CHAR, CLOB, TEXT, BLOB, REAL, FLOA and DOUB
 * (its manual, "Determination Of Column Affinity"); the others say how records are read.
 */
static const struct sqlite_word {
	const char *word;
	enum db_kind kind;
} words[] = {
	{"JSON", DB_JSON},
	{"DECIMAL_TEXT", DB_DECIMAL},
	{"BOOL", DB_BOOL},
	{"TIMESTAMP", DB_TIMESTAMP},
	{"DATETIME", DB_TIMESTAMP},
	{"INT", DB_INT},
	{"CHAR", DB_TEXT},
	{"CLOB", DB_TEXT},
	{"TEXT", DB_TEXT},
	{"BLOB", DB_BYTES},
	{"REAL", DB_DOUBLE},
	{"FLOA", DB_DOUBLE},
	{"DOUB", DB_DOUBLE},
	{"DATE", DB_DATE},
};

void sqlite_kind(const char *type, struct db_column *ret)
{
	unsigned precision, scale;
	ret->kind = DB_ANY;
	ret->bits = 64;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasestr(type, words[i].word)) {
			ret->kind = words[i].kind;
			break;
		}
	const char *sizes = strchr(type, '(');
	if (ret->kind == DB_DECIMAL && sizes && sscanf(sizes, "(%u,%u)", &precision, &scale) == 2 && precision <= 38 &&
		scale <= precision) {
		ret->precision = (uint8_t)precision;
		ret->scale = (uint8_t)scale;
	}
}

void sqlite_add_type(const struct schema_field *f, struct strbuf *out)
{
	static const char *const names[] = {[SCHEMA_BOOL] = "BOOLEAN",
		[SCHEMA_INT32] = "INTEGER",
		[SCHEMA_INT64] = "INTEGER",
		[SCHEMA_FLOAT] = "REAL",
		[SCHEMA_DOUBLE] = "REAL",
		[SCHEMA_STRING] = "TEXT",
		[SCHEMA_BINARY] = "BLOB",
		[SCHEMA_DATE] = "DATE",
		[SCHEMA_TIMESTAMP] = "TIMESTAMP",
		[SCHEMA_TIMESTAMP_NTZ] = "TIMESTAMP",
		[SCHEMA_STRUCT] = "JSON_TEXT",
		[SCHEMA_LIST] = "JSON_TEXT",
		[SCHEMA_MAP] = "JSON_TEXT"};
	if (f->type == SCHEMA_DECIMAL) /* a NUMERIC would become a double */
		strbuf_addf(out, "DECIMAL_TEXT(%u,%u)", f->precision, f->scale);
	else
		strbuf_addstr(out, names[f->type]);
}

/* Read row I of table_xinfo: name, type, notnull, dflt_value, pk, hidden. */
static void take_column(const struct db_answer *info, size_t i, size_t keys, struct db_column *ret)
{
	const char *type = db_answer_get(info, i, 1), *hidden = db_answer_get(info, i, 5);
	bool key = strcmp(db_answer_get(info, i, 4), "0") != 0;
	*ret = (struct db_column){.name = xstrdup(db_answer_get(info, i, 0)), .type = xstrdup(type)};
	sqlite_kind(type, ret);
	ret->generated = strcmp(hidden, "2") == 0 || strcmp(hidden, "3") == 0;
	ret->given = db_answer_get(info, i, 3);
	ret->required = strcmp(db_answer_get(info, i, 2), "0") != 0;
	if (key && keys == 1 && strcasecmp(type, "INTEGER") == 0) {
		ret->required = false;
		ret->numbered = true; /* the rowid */
	}
}

/* The index that is the object of the table NAME, if it has one. */
static int find_object(struct db *db, const char *name, char **ret, struct strbuf *err)
{
	struct db_answer answer;
	int r = sqlite_query(db,
		"SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = $1 AND name GLOB '" TAG
		"[0-9a-f]*-*' ORDER BY rowid LIMIT 1",
		&name, 1, &answer, err);
	if (r < 0)
		return r;
	*ret = answer.rows ? xstrdup(db_answer_get(&answer, 0, 0)) : NULL;
	db_answer_release(&answer);
	return 0;
}

static int find_columns(struct db *db, struct db_table *t, struct strbuf *err)
{
	struct db_answer info;
	size_t keys = 0;
	const char *name = t->name;
	int r = sqlite_query(db,
		"SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo($1) WHERE hidden <> 1",
		&name, 1, &info, err);
	if (r < 0)
		return r;
	t->columns = xcalloc(info.rows ? info.rows : 1, sizeof *t->columns);
	for (size_t i = 0; i < info.rows; i++)
		keys += strcmp(db_answer_get(&info, i, 4), "0") != 0;
	for (size_t i = 0; i < info.rows; i++)
		take_column(&info, i, keys, &t->columns[t->count++]);
	db_answer_release(&info);
	return 0;
}

int sqlite_find(struct db *db, const char *name, struct db_table *ret, struct strbuf *err)
{
	struct strbuf none = STRBUF_INIT, bare = STRBUF_INIT, quoted = STRBUF_INIT;
	struct db_answer answer;
	sql_split_table(name, 1, &none, &bare);
	const char *param = bare.s;
	int r = sqlite_query(db,
		"SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND lower(name) = lower($1)",
		&param, 1, &answer, err);
	strbuf_release(&bare);
	if (r < 0)
		return r;
	if (!answer.rows) {
		strbuf_addf(err, "there is no table '%s' in %s", name, db->url);
		r = -ENOENT;
	} else if (strcmp(db_answer_get(&answer, 0, 1), "view") == 0) {
		strbuf_addf(err, "'%s' is a view, and rows go into tables only", name);
		r = -EPERM;
	}
	*ret = (struct db_table){.name = r == 0 ? xstrdup(db_answer_get(&answer, 0, 0)) : NULL};
	db_answer_release(&answer);
	if (r == 0) {
		sql_add_name(&quoted, ret->name);
		ret->quoted = strbuf_detach(&quoted);
		ret->beside = xstrdup("");
		ret->bare = ret->name;
		r = find_columns(db, ret, err);
	}
	if (r == 0)
		r = find_object(db, ret->name, &ret->object, err);
	if (r < 0)
		db_table_release(ret);
	return r;
}

/* Give the table an object. */
static int new_object(struct db *db, struct db_table *t, struct strbuf *err)
{
	struct strbuf sql = STRBUF_INIT, name = STRBUF_INIT;
	char uuid[UUID_LEN + 1];
	int r = uuid_new(uuid, err);
	strbuf_addf(&name, TAG "%s", uuid);
	strbuf_addstr(&sql, "CREATE INDEX ");
	sql_add_name(&sql, name.s);
	strbuf_addf(&sql, " ON %s (", t->quoted);
	sql_add_name(&sql, t->columns[0].name);
	strbuf_addstr(&sql, ") WHERE 0");
	if (r == 0)
		r = sqlite_query(db, sql.s, NULL, 0, NULL, err);
	if (r == 0)
		t->object = strbuf_detach(&name);
	strbuf_release(&sql);
	strbuf_release(&name);
	return r;
}

int sqlite_tag(struct db *db, struct db_table *t, struct strbuf *err)
{
	char *object;
	int r = find_object(db, t->name, &object, err);
	if (r < 0)
		return r;
	if (!object && !t->object)
		return new_object(db, t, err);
	bool same = object && t->object && strcmp(object, t->object) == 0;
	if (!t->object) { /* another writer was the first */
		t->object = object;
		return 0;
	}
	free(object);
	if (same)
		return 0;
	strbuf_addf(err, "the table '%s' was dropped and made again while this program ran", t->name);
	return -ESTALE;
}
