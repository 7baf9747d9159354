/* The schema of a Parquet file: see file_schema.h.  It is written as text, whose parser checks names and limits. */
#include "common/parquet/file_schema.h"

#include <errno.h>
#include <string.h>

#include "common/base/visible.h"
#include "common/data/schema_name.h"
#include "common/data/schema_text.h"

/* Numbers of the format: repetition, ConvertedType, and the fields of the union LogicalType. */
enum { REQUIRED, OPTIONAL, REPEATED };
enum { CONVERTED_MAP = 1, CONVERTED_MAP_KEY_VALUE, CONVERTED_LIST };
enum { LOGICAL_MAP = 2, LOGICAL_LIST, LOGICAL_TIMESTAMP = 8 };

/* A file whose schema is being written as text. */
struct file_text {
	const struct pq_file *file;
	size_t at;          /* the next element */
	struct strbuf path; /* of the current column */
	struct strbuf *out, *err;
};

static int put_type(struct file_text *t, const struct pq_element *e);

static int refuse(struct file_text *t, const char *what)
{
	strbuf_addstr(t->err, "column ");
	visible_add(t->err, t->path.s, t->path.len);
	strbuf_addf(t->err, " %s", what);
	return -EINVAL;
}

/* What ConvertedType or LogicalType says a leaf is; NULL: nothing, and the physical type counts. */
static const char *marked_type(const struct pq_element *e)
{
	static const char *const converted[] = {[0] = "string",
		[4] = "string",
		[6] = "date",
		[9] = "timestamp",
		[10] = "timestamp",
		[11] = "smallint",
		[12] = "int",
		[13] = "bigint",
		[14] = "decimal(20,0)",
		[15] = "tinyint",
		[16] = "smallint",
		[17] = "int",
		[18] = "bigint",
		[19] = "string"};
	static const char *const logical[] = {
		[1] = "string", [4] = "string", [6] = "date", [12] = "string", [14] = "string", [15] = "float"};
	if (e->logical == LOGICAL_TIMESTAMP)
		return e->utc ? "timestamp" : "timestamp_ntz";
	if (e->logical >= 0 && (size_t)e->logical < sizeof logical / sizeof *logical && logical[e->logical])
		return logical[e->logical];
	if (e->converted >= 0 && (size_t)e->converted < sizeof converted / sizeof *converted)
		return converted[e->converted];
	return NULL;
}

/* The kinds of leaves that tables do not have; NULL: E is none. */
static const char *strange_type(const struct pq_element *e)
{
	if (e->logical == 7 || e->converted == 7 || e->converted == 8)
		return "is a time of day, which is not a type of a table";
	if (e->converted == 21)
		return "is an interval, which is not a type of a table";
	if (e->logical == 10 && e->converted < 0)
		return "is an integer whose size only its logical type says, which is not read";
	return NULL;
}

static int put_leaf(struct file_text *t, const struct pq_element *e)
{
	static const char *const physical[] = {[PQ_BOOLEAN] = "boolean",
		[PQ_INT32] = "int",
		[PQ_INT64] = "bigint",
		[3] = "timestamp",
		[PQ_FLOAT] = "float",
		[PQ_DOUBLE] = "double",
		[PQ_BYTE_ARRAY] = "binary",
		[PQ_FIXED] = "binary"};
	const char *type = marked_type(e), *strange = strange_type(e);
	if (strange)
		return refuse(t, strange);
	if (e->converted == 5 || e->logical == 5) {
		if (e->precision < 1 || e->precision > SCHEMA_MAX_PRECISION || e->scale < 0 || e->scale > e->precision)
			return refuse(t, "is a decimal that is too large, or has no precision");
		strbuf_addf(t->out, "decimal(%d,%d)", e->precision, e->scale);
		return 0;
	}
	strbuf_addstr(t->out, type ? type : physical[e->physical]);
	return 0;
}

/* E, whose element was passed, where a value stands: a repeated one without an annotation is a list. */
static int put_value(struct file_text *t, const struct pq_element *e)
{
	if (e->repetition != REPEATED)
		return put_type(t, e);
	strbuf_addstr(t->out, "array<");
	int r = put_type(t, e);
	strbuf_addstr(t->out, " not null>");
	return r;
}

static int put_fields(struct file_text *t, const struct pq_element *parent)
{
	int r = 0;
	for (int i = 0; r == 0 && i < parent->children; i++) {
		const struct pq_element *e = &t->file->elements[t->at++];
		size_t before = t->path.len;
		if (i)
			strbuf_addstr(t->out, ", ");
		schema_name_print(e->name, strlen(e->name), t->out);
		strbuf_addch(t->out, ' ');
		strbuf_addf(&t->path, "%s%s", before ? "." : "", e->name);
		r = put_value(t, e);
		if (e->repetition != OPTIONAL)
			strbuf_addstr(t->out, " not null");
		strbuf_setlen(&t->path, before);
	}
	return r;
}

/* Whether the repeated element R of the list E is the list's element itself, as older writers had it. */
static bool is_two_levels(const struct pq_element *e, const struct pq_element *r)
{
	size_t len = strlen(e->name);
	return r->children != 1 || strcmp(r->name, "array") == 0 ||
	       (strncmp(r->name, e->name, len) == 0 && strcmp(r->name + len, "_tuple") == 0);
}

static int put_list(struct file_text *t, const struct pq_element *e)
{
	const struct pq_element *element = &t->file->elements[t->at++];
	if (e->children != 1 || element->repetition != REPEATED)
		return refuse(t, "is a list without a repeated element");
	bool two = is_two_levels(e, element);
	if (!two)
		element = &t->file->elements[t->at++];
	strbuf_addstr(t->out, "array<");
	int r = two ? put_type(t, element) : put_value(t, element);
	strbuf_addstr(t->out, two || element->repetition != OPTIONAL ? " not null>" : ">");
	return r;
}

static int put_map(struct file_text *t, const struct pq_element *e)
{
	const struct pq_element *pair = &t->file->elements[t->at++];
	if (e->children != 1 || pair->repetition != REPEATED || pair->children != 2)
		return refuse(t, "is a map without keys and values");
	strbuf_addstr(t->out, "map<");
	int r = put_value(t, &t->file->elements[t->at++]);
	strbuf_addch(t->out, ',');
	if (r < 0)
		return r;
	const struct pq_element *value = &t->file->elements[t->at++];
	r = put_value(t, value);
	strbuf_addstr(t->out, value->repetition != OPTIONAL ? " not null>" : ">");
	return r;
}

/* The type of E, whose element was passed, whatever its repetition. */
static int put_type(struct file_text *t, const struct pq_element *e)
{
	if (!e->children)
		return put_leaf(t, e);
	if (e->logical == LOGICAL_LIST || e->converted == CONVERTED_LIST)
		return put_list(t, e);
	if (e->logical == LOGICAL_MAP || e->converted == CONVERTED_MAP || e->converted == CONVERTED_MAP_KEY_VALUE)
		return put_map(t, e);
	strbuf_addstr(t->out, "struct<");
	int r = put_fields(t, e);
	strbuf_addch(t->out, '>');
	return r;
}

int pq_file_schema(const struct pq_file *file, struct schema *ret, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	struct file_text t = {.file = file, .at = 1, .path = STRBUF_INIT, .out = &text, .err = err};
	int r = 0;
	if (!file->elements[0].children) {
		strbuf_addstr(err, "it has no columns");
		r = -EINVAL;
	}
	if (r == 0)
		r = put_fields(&t, &file->elements[0]);
	if (r == 0)
		r = schema_parse_text(ret, text.s, text.len, err);
	strbuf_release(&t.path);
	strbuf_release(&text);
	return r;
}
