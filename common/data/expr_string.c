/* Expressions: functions of strings. */
#include <string.h>

#include "common/data/expr_func.h"
#include "common/data/letters.h"
#include "common/data/value_out.h"

const struct value *expr_call_concat(struct expr *e, struct expr_node *n, struct value *tmp)
{
	struct strbuf *out = expr_text(n);

	for (size_t i = 0; i < n->count; i++)
		value_add_text(out, n->args[i]);
	return expr_give_text(e, n, VALUE_STRING, tmp);
}

const struct value *expr_call_string(struct expr *e, struct expr_node *n, struct value *tmp)
{
	const struct value *v = n->args[0];

	if (!expr_is_string(v))
		return expr_call_concat(e, n, tmp);
	if (v->type == VALUE_STRING || !v->len) /* an empty column stays null */
		return v;
	*tmp = (struct value){.type = VALUE_STRING, .s = v->s, .len = v->len}; /* whatever the column looks like */
	return tmp;
}

static const struct value *change_case(
	struct expr *e, struct expr_node *n, void (*change)(struct strbuf *, const char *, size_t), struct value *tmp)
{
	if (!expr_strings(e, n, 1, tmp))
		return tmp;
	change(expr_text(n), n->args[0]->s, n->args[0]->len);
	return expr_give_text(e, n, VALUE_STRING, tmp);
}

const struct value *expr_call_lower(struct expr *e, struct expr_node *n, struct value *tmp)
{
	return change_case(e, n, letters_lower, tmp);
}

const struct value *expr_call_upper(struct expr *e, struct expr_node *n, struct value *tmp)
{
	return change_case(e, n, letters_upper, tmp);
}

const struct value *expr_call_casefold(struct expr *e, struct expr_node *n, struct value *tmp)
{
	return change_case(e, n, letters_fold, tmp);
}

const struct value *expr_call_trim(struct expr *e, struct expr_node *n, struct value *tmp)
{
	if (!expr_strings(e, n, 1, tmp))
		return tmp;
	*tmp = (struct value){.type = VALUE_STRING, .s = n->args[0]->s, .len = n->args[0]->len};
	letters_trim(&tmp->s, &tmp->len);
	return tmp;
}

const struct value *expr_call_substr(struct expr *e, struct expr_node *n, struct value *tmp)
{
	const struct value *a = n->args[0];
	int64_t from, want = INT64_MAX;

	if (!expr_strings(e, n, 1, tmp) || !expr_whole(e, n, 1, &from, tmp) ||
		(n->count > 2 && !expr_whole(e, n, 2, &want, tmp)))
		return tmp;
	if (want < 0)
		return expr_fail(e, n, "the length of a part is not negative", tmp);
	int64_t count = from < 0 ? (int64_t)expr_char_count(a->s, a->len) : 0;
	if (from < 0)
		from = from < -count ? 0 : from + count;
	size_t start = expr_char_at(a->s, a->len, (uint64_t)from);
	*tmp = (struct value){.type = VALUE_STRING, .s = a->s + start};
	tmp->len = expr_char_at(tmp->s, a->len - start, (uint64_t)want);
	return tmp;
}

/* The string from the end, each character as it is. */
static void reverse_string(struct strbuf *out, const char *s, size_t len)
{
	size_t end = len;

	for (size_t i = len; i-- > 0;)
		if (i == 0 || ((unsigned char)s[i] & 0xc0) != 0x80) {
			strbuf_add(out, s + i, end - i);
			end = i;
		}
}

/* The elements from the last to the first: there is room for all, which is filled from its end. */
static void reverse_array(struct strbuf *out, const char *s, size_t len)
{
	struct json_scan scan;
	struct json_item item;
	char *room = strbuf_grow(out, len), *p = room + len - 1, *end = p;

	*p = ']';
	json_scan_begin(&scan, s, len);
	while (json_scan_next(&scan, &item)) {
		if (p < end)
			*--p = ',';
		p -= item.len;
		memcpy(p, item.s, item.len);
	}
	*--p = '[';
	memmove(room, p, (size_t)(end + 1 - p));
	strbuf_extend(out, (size_t)(end + 1 - p));
}

const struct value *expr_call_reverse(struct expr *e, struct expr_node *n, struct value *tmp)
{
	const struct value *a = n->args[0];
	bool array = a->type == VALUE_ARRAY;

	if (!array && !expr_strings(e, n, 1, tmp))
		return tmp;
	if (array)
		reverse_array(expr_text(n), a->s, a->len);
	else
		reverse_string(expr_text(n), a->s, a->len);
	return expr_give_text(e, n, array ? VALUE_ARRAY : VALUE_STRING, tmp);
}

/* Append the fill character of lpad() and rpad() as often as the text of the first argument is too short. */
static bool fill(struct expr *e, struct expr_node *n, struct strbuf *out, struct value *tmp)
{
	static const struct value blank = {.type = VALUE_STRING, .s = " ", .len = 1};
	const struct value *with = n->count > 2 ? n->args[2] : &blank;
	struct strbuf text = STRBUF_INIT;
	int64_t width;

	if (!expr_whole(e, n, 1, &width, tmp))
		return false;
	if (!expr_is_string(with) || expr_char_count(with->s, with->len) != 1) {
		(void)expr_fail(e, n, "a string is filled up with one character", tmp);
		return false;
	}
	value_add_text(&text, n->args[0]);
	uint64_t count = expr_char_count(text.s, text.len);
	strbuf_release(&text);
	uint64_t more = width > 0 && (uint64_t)width > count ? (uint64_t)width - count : 0;
	if (more > EXPR_MAX_TEXT / with->len) {
		(void)expr_fail(e, n, expr_too_long, tmp);
		return false;
	}
	for (; more; more--)
		strbuf_add(out, with->s, with->len);
	return true;
}

const struct value *expr_call_lpad(struct expr *e, struct expr_node *n, struct value *tmp)
{
	if (!fill(e, n, expr_text(n), tmp))
		return tmp;
	value_add_text(&n->text, n->args[0]);
	return expr_give_text(e, n, VALUE_STRING, tmp);
}

const struct value *expr_call_rpad(struct expr *e, struct expr_node *n, struct value *tmp)
{
	value_add_text(expr_text(n), n->args[0]);
	return fill(e, n, &n->text, tmp) ? expr_give_text(e, n, VALUE_STRING, tmp) : tmp;
}

/* Append the LEN bytes at S as an element of the array in OUT. */
static void add_element(struct strbuf *out, const char *s, size_t len)
{
	if (out->len > 1)
		strbuf_addch(out, ',');
	value_add_string(out, s, len);
}

/* Where the separator is next found from S on; END: nowhere.  Without one, each character is an element. */
static const char *find_end(const char *s, const char *end, const struct value *separator)
{
	if (!separator->len)
		return s + expr_char_at(s, (size_t)(end - s), 1);
	const char *found = memmem(s, (size_t)(end - s), separator->s, separator->len);
	return found ? found : end;
}

const struct value *expr_call_split(struct expr *e, struct expr_node *n, struct value *tmp)
{
	if (!expr_strings(e, n, 2, tmp))
		return tmp;
	struct strbuf *out = expr_text(n);
	const struct value *separator = n->args[1];
	const char *s = n->args[0]->s, *end = s + n->args[0]->len, *stop;

	strbuf_addch(out, '[');
	while (s < end) {
		stop = find_end(s, end, separator);
		add_element(out, s, (size_t)(stop - s));
		if (stop < end && stop + separator->len == end && separator->len) /* "a,": an empty one comes last */
			add_element(out, end, 0);
		s = stop < end ? stop + separator->len : end;
	}
	strbuf_addch(out, ']');
	return expr_give_text(e, n, VALUE_ARRAY, tmp);
}

const struct value *expr_call_join(struct expr *e, struct expr_node *n, struct value *tmp)
{
	const struct value *a = n->args[0], *separator = n->args[1];
	struct strbuf *out = expr_text(n), text = STRBUF_INIT;
	struct json_scan scan;
	struct json_item item;
	struct value v;
	bool first = true;

	if (a->type != VALUE_ARRAY || !expr_is_string(separator))
		return expr_fail(e, n, "join needs an array and a string", tmp);
	json_scan_begin(&scan, a->s, a->len);
	while (json_scan_next(&scan, &item) && out->len <= EXPR_MAX_TEXT) {
		if (!first)
			strbuf_add(out, separator->s, separator->len);
		first = false;
		value_of_json(item.s, item.len, &text, &v);
		value_add_text(out, &v);
	}
	strbuf_release(&text);
	return expr_give_text(e, n, VALUE_STRING, tmp);
}

const struct value *expr_call_replace(struct expr *e, struct expr_node *n, struct value *tmp)
{
	if (!expr_strings(e, n, 3, tmp))
		return tmp;
	const struct value *a = n->args[0], *from = n->args[1], *to = n->args[2];
	struct strbuf *out = expr_text(n);
	const char *s = a->s, *end = s + a->len, *found;

	if (!from->len)
		return a;
	while (out->len <= EXPR_MAX_TEXT && (found = memmem(s, (size_t)(end - s), from->s, from->len)) != NULL) {
		strbuf_add(out, s, (size_t)(found - s));
		strbuf_add(out, to->s, to->len);
		s = found + from->len;
	}
	strbuf_add(out, s, (size_t)(end - s));
	return expr_give_text(e, n, VALUE_STRING, tmp);
}
