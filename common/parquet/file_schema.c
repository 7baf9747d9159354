/* The schema of a Parquet file: see file_schema.h.  It is written as text, whose parser checks names and limits. */
#include "common/parquet/file_schema.h"

#include <errno.h>
#include <string.h>

#include "common/base/visible.h"
#include "common/data/schema_name.h"
#include "common/data/schema_text.h"
#include "common/parquet/leaf_type.h"

/* Numbers of the format. */
enum { REQUIRED, OPTIONAL, REPEATED };

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

static int put_leaf(struct file_text *t, const struct pq_element *e)
{
	struct pq_leaf_type type;
	const char *why;
	int r = pq_leaf_type(e, &type, &why);
	if (r < 0)
		return refuse(t, why);
	schema_print_type(&type.field, t->out);
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

static int put_list(struct file_text *t, const struct pq_element *e)
{
	const struct pq_element *element = &t->file->elements[t->at++];
	if (e->children != 1 || element->repetition != REPEATED)
		return refuse(t, "is a list without a repeated element");
	bool two = pq_list_is_two_levels(e, element);
	if (!two)
		element = &t->file->elements[t->at++];
	strbuf_addstr(t->out, "array<");
	int r = two ? put_type(t, element) : put_value(t, element);
	strbuf_addstr(t->out, two || element->repetition != OPTIONAL ? " not null>" : ">");
	return r;
}

static int put_map(struct file_text *t, const struct pq_element *e)
{
	int r;
	const struct pq_element *pair = &t->file->elements[t->at++];
	if (e->children != 1 || pair->repetition != REPEATED || pair->children < 1 || pair->children > 2)
		return refuse(t, "is a map without keys and values");
	if (pair->children == 1) { /* a set: keys alone */
		strbuf_addstr(t->out, "array<");
		r = put_value(t, &t->file->elements[t->at++]);
		strbuf_addstr(t->out, " not null>");
		return r;
	}
	strbuf_addstr(t->out, "map<");
	r = put_value(t, &t->file->elements[t->at++]);
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
	if (pq_is_list(e))
		return put_list(t, e);
	if (pq_is_map(e))
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
