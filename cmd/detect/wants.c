/* Fields of options: see wants.h. */
#include "cmd/detect/wants.h"

#include <errno.h>
#include <string.h>

#include "common/data/utf8.h"

/* The slot of the field TEXT of OPTION, or -EINVAL. */
static int add_field(struct records *r, const char *option, const char *text, struct strbuf *err)
{
	struct expr_field field;
	struct strbuf why = STRBUF_INIT;
	int slot = records_field(&field, text, &why);

	if (slot < 0) {
		strbuf_addf(err, "%s: %s", option, why.s);
	} else {
		slot = records_add(r, &field, err);
		path_release(&field.path);
	}
	strbuf_release(&why);
	return slot;
}

/* Find the value that the method judges: that of --value, or the one that the method itself names. */
static int find_value(const struct wants *w, struct records *r, struct judge *j, struct strbuf *err)
{
	const struct method_rule *rule = &j->rule;
	bool wanted = !rule->has_field && rule->wants != METHOD_NOTHING;

	j->value = -1;
	if (wanted != (w->value != NULL)) {
		strbuf_addf(err, "%s %s --value", method_name(rule), wanted ? "needs" : "takes no");
		return -EINVAL;
	}
	if (wanted)
		j->value = add_field(r, "--value", w->value, err);
	else if (rule->has_field)
		j->value = records_add(r, &rule->field, err);
	return j->value < 0 && rule->wants != METHOD_NOTHING ? -EINVAL : 0;
}

static bool is_name(const char *s)
{
	for (const char *p = s; *p; p++)
		if ((unsigned char)*p < ' ')
			return false;
	return *s && utf8_valid(s, strlen(s));
}

/* Find a member with the name that we write. */
static int find_own(const struct wants *w, struct records *r, const struct judge *j, int *ret_own, struct strbuf *err)
{
	struct path_step step = {.name = (char *)(uintptr_t)w->as, .len = strlen(w->as)};
	struct expr_field field = {.path = {.steps = &step, .count = 1}};
	int own = records_add(r, &field, err);

	if (own < 0)
		return own;
	bool read = own == j->value || when_reads(&j->time, own);
	for (size_t i = 0; i < j->keys.count; i++)
		read |= fields_reads(&j->keys.all[i], own);
	if (read) { /* its value would be missing in the output */
		strbuf_addf(err, "--as '%s' is a field that is read", w->as);
		return -EINVAL;
	}
	*ret_own = own;
	return 0;
}

static int find_time(const char *text, struct records *r, struct judge *j, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	int e = when_init(&j->time, text, r, &why);

	if (e < 0)
		strbuf_addf(err, "--time: %s", why.s);
	strbuf_release(&why);
	return e;
}

int wants_find(const struct wants *w, struct records *r, int format, struct judge *j, int *ret_own, struct strbuf *err)
{
	int e = find_value(w, r, j, err);

	if (e == 0 && w->by)
		e = fields_add(&j->keys, w->by, r, err);
	if (e == 0 && w->time)
		e = find_time(w->time, r, j, err);
	if (e < 0)
		return e;
	if (!is_name(w->as)) {
		strbuf_addf(err, "--as '%s' is not a name", w->as);
		return -EINVAL;
	}
	/* Without any field the input is JSON, unless --input is given. */
	bool none = !w->by && j->time.kind == WHEN_NOW && j->value < 0;
	bool json = records_format(r) == RECORDS_JSON || (none && format == RECORDS_AUTO);
	return json ? find_own(w, r, j, ret_own, err) : 0;
}
