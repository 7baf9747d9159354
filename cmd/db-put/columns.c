/* Which columns are written: see columns.h. */
#include "columns.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/records.h"
#include "common/db/db_sql.h"

int columns_split(const char *list, char ***ret, size_t *ret_count, struct strbuf *err)
{
	struct strbuf name = STRBUF_INIT;
	*ret = NULL;
	*ret_count = 0;
	for (const char *s = list;; s++) {
		if (!sql_take_name(&s, ",", &name) || !name.len || (*s && *s != ',')) {
			strbuf_addf(err, "'%s' is not a list of columns, such as id,name,\"two words\"", list);
			columns_split_release(*ret, *ret_count);
			strbuf_release(&name);
			*ret = NULL;
			*ret_count = 0;
			return -EINVAL;
		}
		*ret = xroom(*ret, *ret_count, sizeof **ret);
		(*ret)[(*ret_count)++] = strbuf_detach(&name);
		if (!*s)
			return 0;
	}
}

void columns_split_release(char **names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
}

void columns_choice_release(struct columns_choice *c)
{
	free(c->columns);
	free(c->key);
	free(c->is_key);
	for (size_t i = 0; c->sources && i < c->plan.count; i++)
		path_release(&c->sources[i].field.path);
	free(c->sources);
	*c = (struct columns_choice){0};
}

static bool is_chosen(const struct columns_choice *c, size_t column)
{
	for (size_t i = 0; i < c->plan.count; i++)
		if (c->columns[i] == column)
			return true;
	return false;
}

/* The column NAME is the next one. */
static int choose_column(const struct db_table *table, const char *name, struct columns_choice *c, struct strbuf *err)
{
	size_t at = db_table_column(table, name, strlen(name));
	const char *why = at == SIZE_MAX                 ? "the table has no such column"
			  : is_chosen(c, at)             ? "it is named twice"
			  : table->columns[at].generated ? "the database computes it"
							 : NULL;
	if (why) {
		strbuf_addf(err, "column %s: %s", name, why);
		return -EINVAL;
	}
	c->columns[c->plan.count++] = at;
	return 0;
}

/* Read the field at *S, which ends at a comma outside of quotes, for the last column, and move *S behind it. */
static int take_source(const char **s, struct columns_choice *c, struct strbuf *err)
{
	struct columns_source *source = &c->sources[c->plan.count - 1];
	const char *end = *s;
	for (bool quoted = false; *end && (quoted || *end != ','); end++) {
		quoted = quoted != (*end == '"');
		if (quoted && *end == '\\' && end[1])
			end++;
	}
	char *text = xstrndup(*s, (size_t)(end - *s));
	int r = records_field(&source->field, text, err);
	free(text);
	source->given = c->sourced = r == 0;
	*s = end;
	return r;
}

static int choose(const struct db_table *table, const char *list, struct columns_choice *c, struct strbuf *err)
{
	struct strbuf name = STRBUF_INIT;
	int r = 0;
	for (size_t i = 0; !list && i < table->count; i++)
		if (!table->columns[i].generated && !table->columns[i].given)
			c->columns[c->plan.count++] = i;
	c->named = list;
	for (const char *s = list; s && r == 0;) {
		strbuf_clear(&name);
		if (!sql_take_name(&s, ",=", &name) || !name.len || (*s && !strchr(",=", *s))) {
			strbuf_addf(
				err, "'%s' is not a list of columns, such as id,name=.user.name,\"two words\"", list);
			r = -EINVAL;
		} else {
			r = choose_column(table, name.s, c, err);
		}
		if (r == 0 && *s == '=') {
			s++;
			r = take_source(&s, c, err);
		}
		if (!*s)
			break;
		s++;
	}
	strbuf_release(&name);
	return r;
}

/* A required column that nobody has a value for. */
static int check_required(const struct columns_choice *c, struct strbuf *err)
{
	const struct db_table *table = c->plan.table;
	for (size_t i = 0; i < table->count; i++) {
		const struct db_column *column = &table->columns[i];
		if (column->required && !column->given && !column->generated && !is_chosen(c, i)) {
			strbuf_addf(
				err, "column %s: it must not be null, and --columns does not name it", column->name);
			return -EINVAL;
		}
	}
	return 0;
}

static int choose_key(const char *list, struct columns_choice *c, struct strbuf *err)
{
	char **names;
	size_t count;
	int r = columns_split(list, &names, &count, err);
	c->key = r == 0 ? xcalloc(count, sizeof *c->key) : NULL;
	for (size_t i = 0; r == 0 && i < count; i++) {
		size_t cell = 0;
		while (cell < c->plan.count && strcmp(c->plan.table->columns[c->columns[cell]].name, names[i]) != 0)
			cell++;
		if (cell == c->plan.count) {
			strbuf_addf(err, "--key: %s is not a column that is written", names[i]);
			r = -EINVAL;
		}
		c->key[c->plan.keys++] = cell;
		c->is_key[cell] = true;
	}
	columns_split_release(names, count);
	return r;
}

int columns_choose(const struct db_table *table, const char *names, const char *key, struct columns_choice *ret,
	struct strbuf *err)
{
	*ret = (struct columns_choice){.plan = {.table = table}};
	ret->columns = xcalloc(table->count + 1, sizeof *ret->columns);
	ret->is_key = xcalloc(table->count + 1, sizeof *ret->is_key);
	ret->sources = xcalloc(table->count + 1, sizeof *ret->sources);
	int r = choose(table, names, ret, err);
	if (r == 0)
		r = check_required(ret, err);
	if (r == 0 && key)
		r = choose_key(key, ret, err);
	if (r == 0 && !ret->plan.count) {
		strbuf_addf(err, "the table '%s' has no column that could be written", table->name);
		r = -EINVAL;
	}
	ret->plan.columns = ret->columns;
	ret->plan.key = ret->key;
	return r;
}

void columns_take_units(struct db_table *table, const struct schema *schema)
{
	for (size_t i = 0; i < table->count; i++) {
		struct db_column *c = &table->columns[i];
		const struct schema_field *f = schema_child(&schema->root, c->name, strlen(c->name));
		c->unit = f ? f->unit : TIME_AUTO;
	}
}
