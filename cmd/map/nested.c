/* Values within JSON text: see nested.h. */
#include "cmd/map/nested.h"

#include "common/data/json_scan.h"
#include "common/data/value_out.h"

/* The last item of the array or object that STEP names. */
static bool find(const char *s, size_t len, const struct path_step *step, struct json_item *ret)
{
	if (*s != (step->name ? '{' : '['))
		return false;
	return step->name ? json_scan_member(s, len, step->name, step->len, ret)
			  : json_scan_element(s, len, step->index, ret);
}

void nested_get(const struct value *v, const struct path *path, size_t from, struct strbuf *text, struct value *ret)
{
	struct json_item item = {.s = v->s, .len = v->len};

	*ret = (struct value){.type = VALUE_MISSING};
	if (v->type != VALUE_OBJECT && v->type != VALUE_ARRAY)
		return;
	for (size_t i = from; i < path->count; i++)
		if (!find(item.s, item.len, &path->steps[i], &item))
			return;
	value_of_json(item.s, item.len, text, ret);
}

bool nested_is_repeated(const struct value *v, const struct path *path, size_t from)
{
	struct json_item item, at = {.s = v->s, .len = v->len};
	struct json_scan scan;

	if (v->type != VALUE_OBJECT && v->type != VALUE_ARRAY)
		return false;
	for (size_t i = from; i < path->count; i++) {
		const struct path_step *step = &path->steps[i];
		size_t count = 0;
		if (!step->name && !find(at.s, at.len, step, &at))
			return false;
		if (!step->name)
			continue;
		if (*at.s != '{')
			return false;
		struct json_item last = at;
		json_scan_begin(&scan, at.s, at.len);
		while (json_scan_next(&scan, &item))
			if (json_scan_is(&item, step->name, step->len)) {
				last = item;
				count++;
			}
		if (count != 1)
			return count > 1;
		at = last;
	}
	return false;
}

/* Append objects for the steps from FROM on, around the JSON at S. */
static bool put_new(const struct path *path, size_t from, const char *s, size_t len, struct strbuf *out)
{
	for (size_t i = from; i < path->count; i++) {
		if (!path->steps[i].name)
			return false;
		strbuf_addch(out, '{');
		value_add_name(out, path->steps[i].name, path->steps[i].len);
		strbuf_addch(out, ':');
	}
	strbuf_add(out, s, len);
	for (size_t i = from; i < path->count; i++)
		strbuf_addch(out, '}');
	return true;
}

/* Append ITEM with the value S, and all white space around it as it was. */
static void put_item(struct strbuf *out, const struct json_item *item, const char *s, size_t len, bool *first)
{
	const char *end = item->s + item->len;

	if (!*first)
		strbuf_addch(out, ',');
	*first = false;
	strbuf_add(out, item->start, (size_t)(item->s - item->start));
	strbuf_add(out, s, len);
	strbuf_add(out, end, (size_t)(item->stop - end));
}

/* The inner texts are made from the innermost one outwards, each into a buffer of its own. */
static bool put_text(const char *text, size_t text_len, const struct path *path, size_t from, const char *s, size_t len,
	struct strbuf *out)
{
	struct json_scan scan;
	struct json_item item, last;
	bool first = true, found = find(text, text_len, &path->steps[from], &last), object = *text == '{';

	if (!found && (!s || !path->steps[from].name || !object))
		return false;
	json_scan_begin(&scan, text, text_len);
	strbuf_addch(out, *text);
	while (json_scan_next(&scan, &item))
		if (found && item.s == last.s) {
			if (s)
				put_item(out, &item, s, len, &first);
		} else if (!found || !item.key || !json_scan_is(&item, path->steps[from].name, path->steps[from].len)) {
			put_item(out, &item, item.s, item.len, &first);
		}
	if (!found && s) {
		if (!first)
			strbuf_addch(out, ',');
		value_add_name(out, path->steps[from].name, path->steps[from].len);
		strbuf_addch(out, ':');
		strbuf_add(out, s, len);
	}
	strbuf_addch(out, object ? '}' : ']');
	return true;
}

bool nested_put(
	const struct value *v, const struct path *path, size_t from, const char *s, size_t len, struct strbuf *out)
{
	struct json_item at[PATH_MAX_STEPS + 1];
	struct strbuf inner = STRBUF_INIT, outer = STRBUF_INIT;
	size_t depth = from;
	bool good;

	if (v->type <= VALUE_NULL)
		return s ? put_new(path, from, s, len, out) : false;
	if (v->type != VALUE_OBJECT && v->type != VALUE_ARRAY)
		return false;
	at[from] = (struct json_item){.s = v->s, .len = v->len};
	while (depth + 1 < path->count && find(at[depth].s, at[depth].len, &path->steps[depth], &at[depth + 1]) &&
		(*at[depth + 1].s == '{' || *at[depth + 1].s == '['))
		depth++;
	/* at[depth] is the innermost array or object that there is. */
	if (!s && depth + 1 < path->count)
		return false;
	struct json_item there;
	bool blocked = depth + 1 < path->count && find(at[depth].s, at[depth].len, &path->steps[depth], &there) &&
		       *there.s != 'n';
	good = !blocked && (!s || put_new(path, depth + 1, s, len, &inner));
	for (size_t i = depth + 1; good && i-- > from;) {
		strbuf_clear(&outer);
		good = put_text(at[i].s, at[i].len, path, i, s ? inner.s : NULL, inner.len, &outer);
		struct strbuf swap = inner;
		inner = outer;
		outer = swap;
		if (!s && i == depth)
			s = ""; /* the next ones outwards get the text that is left */
	}
	strbuf_add(out, inner.s, inner.len);
	strbuf_release(&inner);
	strbuf_release(&outer);
	return good;
}
