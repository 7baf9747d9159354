/* Schemas from records: values that fit into no column.  See schema_infer_impl.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/base/visible.h"
#include "common/data/json_text.h"
#include "common/data/number.h"
#include "common/data/schema_infer_impl.h"
#include "common/data/schema_name.h"

#define SHOWN_MAX 64 /* bytes of a value in a message */

/* The record as it is checked, and the column where R stands. */
struct infer_check {
	struct infer_record r;
	struct strbuf path;
};

static bool check_value(struct infer_check *c);

static bool misfit(struct infer_check *c, const char *s, size_t len, const char *why)
{
	struct strbuf *text = &c->r.in->misfit;

	strbuf_clear(text);
	strbuf_addf(text, "column %s: ", c->path.s);
	visible_add_start(text, s, len, SHOWN_MAX);
	strbuf_addf(text, " %s", why);
	return false;
}

static bool check_string(struct infer_check *c)
{
	const char *s;
	size_t len, lone = SIZE_MAX;
	bool escapes;

	infer_take_string(&c->r, &s, &len, &escapes);
	if (!escapes)
		return true;
	char *text = xmalloc(len);
	if (json_unescape(text, s, len, &(size_t){0}, &lone) < 0)
		lone = SIZE_MAX; /* the reader has seen that it is valid */
	free(text);
	return lone == SIZE_MAX || misfit(c, s - 1, len + 2, "has one half of a surrogate pair");
}

static bool check_word(struct infer_check *c)
{
	const char *s;
	size_t len;
	struct value v;

	infer_take_word(&c->r, &s, &len);
	if (!len || *s == 't' || *s == 'f' || *s == 'n' || !value_of_text(s, len, &v) || isfinite(number_double(&v)))
		return true;
	return misfit(c, s, len, "is larger than any double");
}

/* Check the members of an object, or the elements of an array, which ends with END. */
static bool check_nested(struct infer_check *c, char end)
{
	struct infer_record *r = &c->r;
	size_t before = c->path.len, len;
	const char *name;
	bool ok = true;

	r->p++;
	r->depth++;
	for (infer_skip_blanks(r); ok && *r->p != end; infer_skip_blanks(r)) {
		if (*r->p == ',')
			r->p++;
		infer_skip_blanks(r);
		if (before)
			strbuf_addch(&c->path, '.');
		if (end == '}') {
			infer_take_name(r, &name, &len);
			schema_name_print(name, len, &c->path);
			infer_skip_blanks(r);
			r->p++; /* the colon */
		} else {
			strbuf_addstr(&c->path, "element");
		}
		ok = check_value(c);
		strbuf_setlen(&c->path, before);
	}
	r->p++;
	r->depth--;
	return ok;
}

/* Check the value at the current position. */
static bool check_value(struct infer_check *c)
{
	struct infer_record *r = &c->r;

	infer_skip_blanks(r);
	bool nested = *r->p == '{' || *r->p == '[';
	if (nested && r->depth >= SCHEMA_MAX_DEPTH) {
		infer_skip_nested(r);
		return true;
	}
	if (nested)
		return check_nested(c, *r->p == '{' ? '}' : ']');
	return *r->p == '"' ? check_string(c) : check_word(c);
}

int infer_check(const struct infer_record *record)
{
	struct infer_check c = {.r = *record, .path = STRBUF_INIT};
	bool ok = check_value(&c);

	strbuf_release(&c.path);
	return ok ? 0 : -ERANGE;
}
