/* Schemas: which Delta tables weir can write to.  See schema_delta.h. */
#include <jansson.h>
#include <string.h>

#include "common/data/schema_delta.h"

/* Metadata of a field that writers must honour: keys, or the beginnings of keys. */
static const struct {
	const char *key;
	const char *what;
} demands[] = {
	{"delta.columnMapping.", "is mapped to another name in the files"},
	{"delta.invariants", "has an invariant"},
	{"delta.generationExpression", "is generated"},
	{"delta.identity.", "is an identity column"},
	{"CURRENT_DEFAULT", "has a default"},
	{"EXISTS_DEFAULT", "has a default"},
	{"__CHAR_VARCHAR_TYPE_STRING", "is char(n) or varchar(n)"},
	{"__COLLATIONS", "has a collation"},
};

/* What a writer must honour in the metadata TEXT, such as "has a default"; NULL: nothing. */
static const char *demand_of(const char *text)
{
	json_t *metadata = json_loads(text, 0, NULL);
	const char *what = NULL, *key;
	json_t *value;

	json_object_foreach(metadata, key, value)
	{
		for (size_t i = 0; !what && i < sizeof demands / sizeof *demands; i++)
			if (strncmp(key, demands[i].key, strlen(demands[i].key)) == 0)
				what = demands[i].what;
	}
	json_decref(metadata);
	return what;
}

static bool check_demands(const struct schema *s, const struct schema_field *f, struct strbuf *err)
{
	bool good = true;

	for (size_t i = 0; i < f->count; i++) {
		const struct schema_field *child = &f->children[i];
		const char *what = child->metadata ? demand_of(child->metadata) : NULL;
		if (what) {
			strbuf_addstr(err, err->len ? "; column '" : "column '");
			schema_path(s, child, err);
			strbuf_addf(err, "' %s", what);
			good = false;
		}
		good = check_demands(s, child, err) && good;
	}
	return good;
}

bool schema_delta_appendable(const struct schema *s, struct strbuf *err)
{
	struct strbuf found = STRBUF_INIT;
	bool good = check_demands(s, &s->root, &found);

	strbuf_add(err, found.s, found.len);
	strbuf_release(&found);
	return good;
}

static bool check_names(const struct schema *s, const struct schema_field *f, struct strbuf *err)
{
	for (size_t i = 0; i < f->count; i++) {
		const struct schema_field *child = &f->children[i];
		const char *bad = strpbrk(child->name, SCHEMA_DELTA_REFUSED);
		if (bad) {
			strbuf_addstr(err, "column '");
			schema_path(s, child, err);
			strbuf_addf(err, "' has a '%c' in its name, which Spark refuses", *bad);
			return false;
		}
		if (!check_names(s, child, err))
			return false;
	}
	return true;
}

bool schema_delta_creatable(const struct schema *s, struct strbuf *err)
{
	return check_names(s, &s->root, err);
}

static bool has_ntz(const struct schema_field *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->children[i].type == SCHEMA_TIMESTAMP_NTZ || has_ntz(&f->children[i]))
			return true;
	return false;
}

bool schema_delta_needs_ntz(const struct schema *s)
{
	return has_ntz(&s->root);
}
