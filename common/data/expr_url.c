/* Expressions: URLs, after RFC 3986, and the parameters in them, as HTML forms write them. */
#include <string.h>

#include "common/base/ascii.h"
#include "common/data/expr_func.h"
#include "common/data/value_out.h"

/* Append the LEN bytes at S with %XX resolved, and '+' as a blank if PLUS; a '%' without digits stays. */
static void add_decoded(struct strbuf *out, const char *s, size_t len, bool plus)
{
	for (size_t i = 0; i < len; i++) {
		int high = i + 2 < len ? ascii_hex_value(s[i + 1]) : -1,
		    low = i + 2 < len ? ascii_hex_value(s[i + 2]) : -1;
		if (s[i] == '%' && high >= 0 && low >= 0) {
			strbuf_addch(out, (char)(high << 4 | low));
			i += 2;
		} else {
			strbuf_addch(out, plus && s[i] == '+' ? ' ' : s[i]);
		}
	}
}

const struct value *expr_call_unurl(struct expr *e, struct expr_node *n, struct value *tmp)
{
	if (!expr_strings(e, n, 1, tmp))
		return tmp;
	add_decoded(expr_text(n), n->args[0]->s, n->args[0]->len, true);
	return expr_give_text(e, n, VALUE_STRING, tmp);
}

static void add_member(struct strbuf *out, const char *name, const char *s, size_t len)
{
	strbuf_addf(out, "%s\"%s\":", out->len > 1 ? "," : "", name);
	value_add_string(out, s, len);
}

/* Take what comes before the first of the bytes STOPS, or all, from *S. */
static size_t until(const char *s, size_t len, const char *stops)
{
	size_t i = 0;

	while (i < len && !strchr(stops, s[i]))
		i++;
	return i;
}

/* user@host:port; an address in brackets may hold ':'. */
static void add_authority(struct strbuf *out, const char *s, size_t len)
{
	const char *at = memrchr(s, '@', len);

	if (at) {
		add_member(out, "user", s, (size_t)(at - s));
		len -= (size_t)(at + 1 - s);
		s = at + 1;
	}
	const char *bracket = memrchr(s, ']', len), *from = bracket ? bracket : s;
	const char *colon = memchr(from, ':', len - (size_t)(from - s));
	size_t host = colon ? (size_t)(colon - s) : len;
	add_member(out, "host", s, host);
	if (!colon)
		return;
	size_t digits = len - host - 1;
	bool number = digits && digits < 6 && colon[1] != '0';
	for (size_t i = 0; i < digits; i++)
		number &= ascii_is_digit(colon[1 + i]);
	if (number)
		strbuf_addf(out, ",\"port\":%.*s", (int)digits, colon + 1);
}

const struct value *expr_call_url(struct expr *e, struct expr_node *n, struct value *tmp)
{
	if (!expr_strings(e, n, 1, tmp))
		return tmp;
	const char *s = n->args[0]->s, *end = s + n->args[0]->len;
	struct strbuf *out = expr_text(n);
	size_t part = until(s, (size_t)(end - s), ":/?#");

	strbuf_addch(out, '{');
	if (part && s + part < end && s[part] == ':') {
		add_member(out, "scheme", s, part);
		s += part + 1;
	}
	if (end - s >= 2 && s[0] == '/' && s[1] == '/') {
		s += 2;
		part = until(s, (size_t)(end - s), "/?#");
		add_authority(out, s, part);
		s += part;
	}
	part = until(s, (size_t)(end - s), "?#");
	add_member(out, "path", s, part);
	s += part;
	if (s < end && *s == '?') {
		s++;
		part = until(s, (size_t)(end - s), "#");
		add_member(out, "query", s, part);
		s += part;
	}
	if (s < end && *s == '#')
		add_member(out, "fragment", s + 1, (size_t)(end - s - 1));
	strbuf_addch(out, '}');
	return expr_give_text(e, n, VALUE_OBJECT, tmp);
}

/* Append the parameter of LEN bytes at S as a member. */
static void add_parameter(struct strbuf *out, struct strbuf *text, const char *s, size_t len)
{
	size_t name = until(s, len, "=");

	if (!len)
		return;
	if (out->len > 1)
		strbuf_addch(out, ',');
	strbuf_clear(text);
	add_decoded(text, s, name, true);
	value_add_name(out, text->s, text->len);
	strbuf_addch(out, ':');
	strbuf_clear(text);
	if (name < len)
		add_decoded(text, s + name + 1, len - name - 1, true);
	value_add_string(out, text->s, text->len);
}

const struct value *expr_call_query(struct expr *e, struct expr_node *n, struct value *tmp)
{
	if (!expr_strings(e, n, 1, tmp))
		return tmp;
	const char *s = n->args[0]->s, *end = s + n->args[0]->len, *question = memchr(s, '?', n->args[0]->len);
	struct strbuf *out = expr_text(n), text = STRBUF_INIT;

	if (question)
		s = question + 1;
	end = s + until(s, (size_t)(end - s), "#");
	strbuf_addch(out, '{');
	while (s < end) {
		size_t part = until(s, (size_t)(end - s), "&;");
		add_parameter(out, &text, s, part);
		s += part + 1;
	}
	strbuf_addch(out, '}');
	strbuf_release(&text);
	return expr_give_text(e, n, VALUE_OBJECT, tmp);
}
