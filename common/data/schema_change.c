/* Schemas: adding fields, and checking whether two schemas are compatible.  See schema.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/data/schema_clash.h"
#include "common/data/schema_impl.h"
#include "common/data/schema_name.h"
#include "common/data/schema_text.h"

static void forget_ids(struct schema_field *f)
{
	f->id = 0;
	for (size_t i = 0; i < f->count; i++)
		forget_ids(&f->children[i]);
}

/* Add a copy of FIELD to PARENT, as schema_add(), but without checks. */
static void append(struct schema *s, struct schema_field *parent, const struct schema_field *field)
{
	struct schema_field *f = schema_field_append(parent);

	schema_field_copy(f, field);
	f->required = false;
	forget_ids(f);
	f->id = ++s->last_id;
	schema_give_ids(f, &s->last_id);
}

/* Whether what was appended to PARENT, F last, is as schema_add() requires. */
static int check_added(
	const struct schema *s, const struct schema_field *parent, const struct schema_field *f, struct strbuf *err)
{
	int r = schema_clash(parent, err);

	if (r == 0 && schema_field_count(&s->root) > SCHEMA_MAX_FIELDS) {
		strbuf_addf(err, "with '%s' there are more than %d fields", f->name, SCHEMA_MAX_FIELDS);
		r = -E2BIG;
	}
	if (r == 0 && schema_field_depth(&s->root) > SCHEMA_MAX_DEPTH + 1) {
		strbuf_addf(err, "'%s' has more than %d levels of types", f->name, SCHEMA_MAX_DEPTH);
		r = -E2BIG;
	}
	return r;
}

int schema_add(struct schema *s, struct schema_field *parent, const struct schema_field *field, struct strbuf *err)
{
	int last_id = s->last_id;

	append(s, parent, field);
	struct schema_field *f = &parent->children[parent->count - 1];
	int r = check_added(s, parent, f, err);
	if (r < 0) {
		schema_field_release(f);
		parent->count--;
		s->last_id = last_id;
	}
	return r;
}

/* Two schemas that are compared. */
struct pair {
	const struct schema *have, *given;
	struct strbuf fresh; /* names of new fields */
	size_t fresh_count;
	struct strbuf *err;
};

/* Begin a message about FIELD of S, which is not as it should be. */
static int differs(struct pair *p, const struct schema *s, const struct schema_field *field, const char *what)
{
	strbuf_addstr(p->err, "column '");
	schema_path(s, field, p->err);
	strbuf_addf(p->err, "' %s", what);
	return -EINVAL;
}

const struct schema_field *schema_child_alike(const struct schema_field *parent, const char *name, size_t len)
{
	struct strbuf folded = STRBUF_INIT, other = STRBUF_INIT;
	const struct schema_field *found = NULL;

	schema_name_fold(name, len, &folded);
	for (size_t i = 0; !found && i < parent->count; i++) {
		strbuf_clear(&other);
		schema_name_fold(parent->children[i].name, strlen(parent->children[i].name), &other);
		if (folded.len == other.len && memcmp(folded.s, other.s, other.len) == 0)
			found = &parent->children[i];
	}
	strbuf_release(&folded);
	strbuf_release(&other);
	return found;
}

/* Handle GIVEN, which is not in the struct HAVE. */
static int note_fresh(struct pair *p, const struct schema_field *have, const struct schema_field *given)
{
	const struct schema_field *alike = schema_child_alike(have, given->name, strlen(given->name));

	if (alike) {
		int r = differs(p, p->given, given, "is called '");
		schema_path(p->have, alike, p->err);
		strbuf_addstr(p->err, "' in the table");
		return r;
	}
	strbuf_addstr(&p->fresh, p->fresh.len ? ", '" : "'");
	schema_path(p->given, given, &p->fresh);
	strbuf_addch(&p->fresh, '\'');
	p->fresh_count++;
	return 0;
}

static bool is_type_alike(const struct schema_field *a, const struct schema_field *b)
{
	return a->type == b->type && a->precision == b->precision && a->scale == b->scale && a->bits == b->bits;
}

static int compare(struct pair *p, const struct schema_field *have, const struct schema_field *given)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < given->count; i++) {
		const struct schema_field *g = &given->children[i], *h = schema_child(have, g->name, strlen(g->name));
		if (!h) {
			r = note_fresh(p, have, g);
		} else if (is_type_alike(h, g)) {
			r = compare(p, h, g);
		} else {
			r = differs(p, p->have, h, "is ");
			schema_print_type(h, p->err);
			strbuf_addstr(p->err, " in the table, not ");
			schema_print_type(g, p->err);
		}
	}
	for (size_t i = 0; r == 0 && i < have->count; i++) {
		const struct schema_field *h = &have->children[i];
		if (h->required && !schema_child(given, h->name, strlen(h->name)))
			r = differs(p, p->have, h, "of the table must not be null, and is not given");
	}
	return r;
}

int schema_compatible(const struct schema *have, const struct schema *given, struct strbuf *err)
{
	struct pair p = {.have = have, .given = given, .fresh = STRBUF_INIT, .err = err};
	int r = compare(&p, &have->root, &given->root);

	if (r == 0 && p.fresh_count) {
		strbuf_addf(err, "the table has no %s %s", diag_plural(p.fresh_count, "column", "columns"), p.fresh.s);
		r = -ENOENT;
	}
	strbuf_release(&p.fresh);
	return r;
}

/*
 * Add to HAVE, a field of S, the fields that only GIVEN has; where the types differ, nothing is added.  Returns how
 * many were added, or an error of schema_add().
 */
static int add_more(struct schema *s, struct schema_field *have, const struct schema_field *given, struct strbuf *err)
{
	size_t before = have->count;
	int added = 0, r = 0;

	for (size_t i = 0; r >= 0 && have->type == given->type && i < given->count; i++) {
		const struct schema_field *g = &given->children[i];
		struct schema_field *h = schema_child(have, g->name, strlen(g->name));
		r = h ? add_more(s, h, g, err) : 0;
		if (!h)
			append(s, have, g);
		added += h ? r : 1;
	}
	if (r >= 0 && have->count > before) /* once for all: a header may bring thousands */
		r = check_added(s, have, &have->children[have->count - 1], err);
	return r < 0 ? r : added;
}

int schema_extend(struct schema *s, const struct schema *seen, struct strbuf *err)
{
	struct schema copy;

	schema_copy(&copy, s);
	int r = add_more(&copy, &copy.root, &seen->root, err);
	if (r < 0) {
		schema_release(&copy);
		return r;
	}
	schema_release(s);
	*s = copy;
	return r;
}

int schema_merge(struct schema *s, const struct schema *given, struct strbuf *err)
{
	struct strbuf reason = STRBUF_INIT;
	int r = schema_compatible(s, given, &reason);

	if (r == -ENOENT) {
		strbuf_clear(&reason);
		r = schema_extend(s, given, &reason);
	}
	strbuf_add(err, reason.s, reason.len);
	strbuf_release(&reason);
	return r < 0 ? r : 0;
}
