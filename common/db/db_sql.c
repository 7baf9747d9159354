/* Pieces of SQL: see db_sql.h. */
#include "common/db/db_sql.h"

#include <string.h>

static void add_quoted(struct strbuf *out, const char *s, char quote)
{
	strbuf_addch(out, quote);
	for (; *s; s++) {
		if (*s == quote)
			strbuf_addch(out, quote);
		strbuf_addch(out, *s);
	}
	strbuf_addch(out, quote);
}

void sql_add_name(struct strbuf *out, const char *name)
{
	add_quoted(out, name, '"');
}

bool sql_take_name(const char **s, const char *stops, struct strbuf *name)
{
	const char *p = *s;
	bool quoted = *p == '"';
	for (p += quoted; *p && (quoted || !strchr(stops, *p)); p++) {
		if (quoted && *p == '"' && *++p != '"') {
			quoted = false;
			break;
		}
		strbuf_addch(name, *p);
	}
	*s = p;
	return !quoted;
}

void sql_split_table(const char *name, unsigned parts, struct strbuf *ret_schema, struct strbuf *ret_table)
{
	const char *s = name;
	bool fine = sql_take_name(&s, parts > 1 ? "." : "", ret_table);
	if (fine && parts > 1 && *s == '.' && ret_table->len) {
		strbuf_add(ret_schema, ret_table->s, ret_table->len);
		strbuf_clear(ret_table);
		s++;
		fine = sql_take_name(&s, "", ret_table);
	}
	if (fine && !*s && ret_table->len)
		return;
	strbuf_clear(ret_schema);
	strbuf_clear(ret_table);
	strbuf_addstr(ret_table, name);
}

void sql_add_string(struct strbuf *out, const char *s)
{
	add_quoted(out, s, '\'');
}

static const char *name_of(const struct db_plan *plan, size_t cell)
{
	return plan->table->columns[plan->columns[cell]].name;
}

void sql_add_columns(struct strbuf *out, const struct db_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		strbuf_addstr(out, i ? ", " : "");
		sql_add_name(out, name_of(plan, i));
	}
}

void sql_add_key(struct strbuf *out, const struct db_plan *plan)
{
	for (size_t i = 0; i < plan->keys; i++) {
		strbuf_addstr(out, i ? ", " : "");
		sql_add_name(out, name_of(plan, plan->key[i]));
	}
}

static bool in_key(const struct db_plan *plan, size_t cell)
{
	for (size_t i = 0; i < plan->keys; i++)
		if (plan->key[i] == cell)
			return true;
	return false;
}

void sql_add_conflict(struct strbuf *out, const struct db_plan *plan)
{
	bool first = true;
	if (plan->conflict == DB_CONFLICT_ERROR)
		return;
	strbuf_addstr(out, " ON CONFLICT (");
	sql_add_key(out, plan);
	strbuf_addstr(out, ")");
	for (size_t i = 0; plan->conflict == DB_CONFLICT_UPDATE && i < plan->count; i++) {
		if (in_key(plan, i))
			continue;
		strbuf_addstr(out, first ? " DO UPDATE SET " : ", ");
		sql_add_name(out, name_of(plan, i));
		strbuf_addstr(out, " = excluded.");
		sql_add_name(out, name_of(plan, i));
		first = false;
	}
	if (first)
		strbuf_addstr(out, " DO NOTHING");
}

void sql_add_create(struct strbuf *out, const struct db_ops *ops, const char *quoted, const struct schema *schema,
	char *const *key, size_t keys)
{
	const struct schema_field *root = &schema->root;
	strbuf_addf(out, "CREATE TABLE %s (", quoted);
	for (size_t i = 0; i < root->count; i++) {
		strbuf_addstr(out, i ? ", " : "");
		sql_add_name(out, root->children[i].name);
		strbuf_addch(out, ' ');
		ops->add_type(&root->children[i], out);
		if (root->children[i].required)
			strbuf_addstr(out, " NOT NULL");
	}
	for (size_t i = 0; i < keys; i++) {
		strbuf_addstr(out, i ? ", " : ", PRIMARY KEY (");
		sql_add_name(out, key[i]);
	}
	strbuf_addstr(out, keys ? "))" : ")");
}
