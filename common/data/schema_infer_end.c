/* Schemas from records: making the schema.  See schema_infer.h. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/schema_clash.h"
#include "common/data/schema_impl.h"
#include "common/data/schema_infer.h"
#include "common/data/schema_infer_impl.h"
#include "common/data/schema_name.h"

/*
 * If an object has at least this many fields, and records have less than a tenth of them, its names may be keys of a
 * map.
 */
#define MAP_FIELDS 100

/* The schema in the making. */
struct infer_end {
	struct strbuf path; /* the path of the field, for notes */
	struct strbuf *notes, *err;
	bool known; /* leave out fields of unknown type */
};

static int fill(struct infer_end *e, const struct infer_node *node, struct schema_field *f);

static void say(struct infer_end *e, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void say(struct infer_end *e, const char *fmt, ...)
{
	va_list args;

	strbuf_addf(e->notes, "column '%s' ", e->path.s);
	va_start(args, fmt);
	strbuf_vaddf(e->notes, fmt, args);
	va_end(args);
	strbuf_addch(e->notes, '\n');
}

/* Families: kinds that can share a column, as bits. */
#define BIT(kind) (1u << (kind))
static const unsigned families[] = {
	BIT(INFER_BOOL),
	BIT(INFER_INT) | BIT(INFER_LONG) | BIT(INFER_DOUBLE),
	BIT(INFER_DATE) | BIT(INFER_TIME) | BIT(INFER_STRING),
	BIT(INFER_OBJECT) | BIT(INFER_DEEP),
	BIT(INFER_ARRAY),
};
#define FAMILIES (sizeof families / sizeof *families)

static const char *const family_names[] = {"a boolean", "a number", "a string", "an object", "an array"};

static unsigned kinds_of(const struct infer_node *node)
{
	unsigned kinds = 0;

	for (enum infer_kind kind = 0; kind < INFER_KINDS; kind++)
		kinds |= node->seen[kind] ? BIT(kind) : 0;
	return kinds;
}

/* The record that first had a value of a FAMILY. */
static uint64_t first_of(const struct infer_node *node, unsigned family)
{
	uint64_t first = UINT64_MAX;

	for (enum infer_kind kind = 0; kind < INFER_KINDS; kind++)
		if ((family & BIT(kind)) && node->seen[kind] && node->seen[kind] < first)
			first = node->seen[kind];
	return first;
}

/* NODE has values of KINDS that are of different families. */
static void say_mixed(struct infer_end *e, const struct infer_node *node, unsigned kinds)
{
	struct strbuf what = STRBUF_INIT;

	for (size_t i = 0; i < FAMILIES; i++)
		if (kinds & families[i])
			strbuf_addf(&what, "%s%s in record %" PRIu64, what.len ? ", " : "", family_names[i],
				first_of(node, families[i]));
	say(e, "is a string of JSON: it is %s", what.s);
	strbuf_release(&what);
}

static bool is_mixed(unsigned kinds)
{
	size_t n = 0;

	for (size_t i = 0; i < FAMILIES; i++)
		n += (kinds & families[i]) != 0;
	return n > 1;
}

/* The type of NODE, whose values are of KINDS, unless it is a string or nested. */
static enum schema_type scalar_of(unsigned kinds)
{
	if (kinds & BIT(INFER_BOOL))
		return SCHEMA_BOOL;
	if (kinds & BIT(INFER_DOUBLE))
		return SCHEMA_DOUBLE;
	if (kinds & BIT(INFER_LONG))
		return SCHEMA_DECIMAL;
	if (kinds & BIT(INFER_INT))
		return SCHEMA_INT64;
	return kinds == BIT(INFER_TIME) ? SCHEMA_TIMESTAMP : kinds == BIT(INFER_DATE) ? SCHEMA_DATE : SCHEMA_STRING;
}

static int fill_child(
	struct infer_end *e, const struct infer_node *node, const char *name, size_t len, struct schema_field *parent)
{
	struct schema_field *f = schema_field_append(parent);
	const char *fault = schema_name_fault(name, len);
	size_t before = e->path.len;

	f->name = xstrndup(name, len);
	if (fault) {
		strbuf_addstr(e->err, "a field's name ");
		strbuf_addf(e->err, "%s%s%s", fault, before ? ", in " : "", e->path.s);
		return -EINVAL;
	}
	if (before)
		strbuf_addch(&e->path, '.');
	schema_name_print(name, len, &e->path);
	int r = fill(e, node, f);
	strbuf_setlen(&e->path, before);
	return r;
}

/* Records have few of many fields. */
static bool looks_like_map(const struct infer_node *node)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < node->count; i++)
		sum += node->child[i]->records;
	return node->count >= MAP_FIELDS && node->records && sum / node->records < node->count / 10;
}

/* Whether there was a value that shows the type of NODE. */
static bool is_known(const struct infer_node *node)
{
	unsigned kinds = kinds_of(node);
	bool known = (kinds & ~(BIT(INFER_OBJECT) | BIT(INFER_ARRAY))) || is_mixed(kinds);

	for (size_t i = 0; !known && i < node->count; i++)
		known = is_known(node->child[i]);
	return known || (node->element && is_known(node->element));
}

static int fill_struct(struct infer_end *e, const struct infer_node *node, struct schema_field *f)
{
	int r = 0;

	f->type = SCHEMA_STRUCT;
	if (looks_like_map(node))
		say(e, "has %zu fields, few of them in one record: map<string,...> may be meant", node->count);
	for (size_t i = 0; r == 0 && i < node->count; i++)
		if (!e->known || is_known(node->child[i]))
			r = fill_child(e, node->child[i], node->child[i]->name, node->child[i]->len, f);
	return r < 0 || schema_clash(f, e->err) == 0 ? r : -EINVAL;
}

static int fill_list(struct infer_end *e, const struct infer_node *node, struct schema_field *f)
{
	static const struct infer_node nothing;

	f->type = SCHEMA_LIST;
	return fill_child(e, node->element ? node->element : &nothing, "element", strlen("element"), f);
}

static int fill(struct infer_end *e, const struct infer_node *node, struct schema_field *f)
{
	unsigned kinds = kinds_of(node);

	f->type = SCHEMA_STRING;
	if (is_mixed(kinds)) {
		if (!node->text) /* all of them are text already */
			say_mixed(e, node, kinds);
	} else if (kinds & BIT(INFER_DEEP)) {
		say(e, "is a string of JSON: it is nested deeper than a column can be");
	} else if (kinds == BIT(INFER_OBJECT)) {
		if (node->count)
			return fill_struct(e, node, f);
		say(e, "is a string: there were only empty objects");
	} else if (kinds == BIT(INFER_ARRAY)) {
		return fill_list(e, node, f);
	} else if (!kinds) {
		say(e, "is a string: there was no value but null");
	} else {
		f->type = scalar_of(kinds);
	}
	if (f->type == SCHEMA_DECIMAL) {
		f->precision = SCHEMA_MAX_PRECISION;
		say(e, "is decimal(38,0): record %" PRIu64 " has a number beyond bigint", node->seen[INFER_LONG]);
	}
	return 0;
}

static int end(const struct schema_infer *in, struct infer_end *e, struct schema *ret)
{
	struct schema s;
	int r;

	schema_init(&s);
	r = fill_struct(e, &in->root, &s.root);
	strbuf_release(&e->path);
	if (r < 0) {
		schema_release(&s);
		return r;
	}
	schema_give_ids(&s.root, &s.last_id);
	*ret = s;
	return 0;
}

int schema_infer_end(const struct schema_infer *in, struct schema *ret, struct strbuf *notes, struct strbuf *err)
{
	struct infer_end e = {.path = STRBUF_INIT, .notes = notes, .err = err};

	if (!in->root.count) {
		strbuf_addstr(err, in->records ? "no record has a field" : "there are no records");
		return -ENODATA;
	}
	return end(in, &e, ret);
}

int schema_infer_known(const struct schema_infer *in, struct schema *ret, struct strbuf *notes, struct strbuf *err)
{
	struct infer_end e = {.path = STRBUF_INIT, .notes = notes, .err = err, .known = true};

	return end(in, &e, ret);
}
