/* Expressions: other forms of values: JSON in a text, base64, hexadecimal; and what objects consist of. */
#include <string.h>

#include "common/base/ascii.h"
#include "common/data/base64.h"
#include "common/data/expr_func.h"
#include "common/data/json.h"
#include "common/data/value_out.h"

const struct value *expr_call_text(struct expr *e, struct expr_node *n, struct value *tmp)
{
	value_add_json(expr_text(n), n->args[0]);
	return expr_give_text(e, n, VALUE_STRING, tmp);
}

/* Append the JSON of LEN bytes at S as one line: line ends, which stand outside strings only, and what indents go. */
static void add_one_line(struct strbuf *out, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (s[i] != '\n' && s[i] != '\r')
			strbuf_addch(out, s[i]);
		else
			while (i + 1 < len && (unsigned char)s[i + 1] <= ' ')
				i++;
	}
}

const struct value *expr_call_json(struct expr *e, struct expr_node *n, struct value *tmp)
{
	const struct value *a = n->args[0];
	static const struct path whole;
	struct value v;

	if (!expr_strings(e, n, 1, tmp))
		return tmp;
	if (!n->json && json_new(&n->json) < 0)
		return expr_fail(e, n, "no memory for JSON", tmp);
	json_within(n->json, JSON_MAX_DEPTH / 2); /* what it becomes a part of may be nested, too */
	int slot = json_add(n->json, &whole);
	if (!a->len || json_read(n->json, a->s, a->len) < 0)
		return expr_fail(e, n, "this text is not JSON", tmp);
	v = json_values(n->json)[slot];
	if (v.type == VALUE_STRING && v.s != v.raw + 1) { /* resolved in memory of the reader */
		strbuf_add(expr_text(n), v.s, v.len);
		v.s = n->text.s;
	} else if (v.raw &&
		   (memchr(v.raw, '\n', v.raw_len) || memchr(v.raw, '\r', v.raw_len))) { /* it is part of a line */
		add_one_line(expr_text(n), v.raw, v.raw_len);
		v.raw = v.s = n->text.s;
		v.raw_len = v.len = n->text.len;
	}
	*tmp = v;
	return tmp;
}

const struct value *expr_call_base64(struct expr *e, struct expr_node *n, struct value *tmp)
{
	const struct value *a = n->args[0];

	if (!expr_strings(e, n, 1, tmp))
		return tmp;
	struct strbuf *out = expr_text(n);
	char *p = strbuf_grow(out, BASE64_SIZE(a->len));
	strbuf_extend(out, base64_encode(p, a->s, a->len));
	return expr_give_text(e, n, VALUE_STRING, tmp);
}

const struct value *expr_call_unbase64(struct expr *e, struct expr_node *n, struct value *tmp)
{
	const struct value *a = n->args[0];
	size_t len;

	if (!expr_strings(e, n, 1, tmp))
		return tmp;
	struct strbuf *out = expr_text(n);
	if (base64_decode(strbuf_grow(out, a->len / 4 * 3), a->s, a->len, &len) < 0)
		return expr_fail(e, n, "this text is not base64", tmp);
	strbuf_extend(out, len);
	return expr_give_text(e, n, VALUE_STRING, tmp);
}

const struct value *expr_call_hex(struct expr *e, struct expr_node *n, struct value *tmp)
{
	const struct value *a = n->args[0];

	if (!expr_strings(e, n, 1, tmp))
		return tmp;
	struct strbuf *out = expr_text(n);
	char *p = strbuf_grow(out, a->len * 2);
	strbuf_extend(out, (size_t)(ascii_put_hex(p, a->s, a->len) - p));
	return expr_give_text(e, n, VALUE_STRING, tmp);
}

const struct value *expr_call_unhex(struct expr *e, struct expr_node *n, struct value *tmp)
{
	const struct value *a = n->args[0];

	if (!expr_strings(e, n, 1, tmp))
		return tmp;
	struct strbuf *out = expr_text(n);
	for (size_t i = 0; i + 1 < a->len; i += 2) {
		int high = ascii_hex_value(a->s[i]), low = ascii_hex_value(a->s[i + 1]);
		if (high < 0 || low < 0)
			return expr_fail(e, n, "this text is not hexadecimal", tmp);
		strbuf_addch(out, (char)(high << 4 | low));
	}
	if (a->len % 2)
		return expr_fail(e, n, "this text is not hexadecimal", tmp);
	return expr_give_text(e, n, VALUE_STRING, tmp);
}

/* The names or, with VALUES, the values of the members of an object as an array. */
static const struct value *members(struct expr *e, struct expr_node *n, bool values, struct value *tmp)
{
	const struct value *a = n->args[0];
	struct strbuf *out = expr_text(n);
	struct json_scan scan;
	struct json_item item;

	if (a->type != VALUE_OBJECT)
		return expr_fail(e, n, "a function needs an object", tmp);
	strbuf_addch(out, '[');
	json_scan_begin(&scan, a->s, a->len);
	while (json_scan_next(&scan, &item)) {
		if (out->len > 1)
			strbuf_addch(out, ',');
		strbuf_add(out, values ? item.s : item.key, values ? item.len : item.key_len);
	}
	strbuf_addch(out, ']');
	return expr_give_text(e, n, VALUE_ARRAY, tmp);
}

const struct value *expr_call_keys(struct expr *e, struct expr_node *n, struct value *tmp)
{
	return members(e, n, false, tmp);
}

const struct value *expr_call_values(struct expr *e, struct expr_node *n, struct value *tmp)
{
	return members(e, n, true, tmp);
}

const struct value *expr_call_type(struct expr *e, struct expr_node *n, struct value *tmp)
{
	static const char *const names[] = {"null", "null", "bool", "int", "float", "float", "string", "array",
		"object", "string", "time", "duration"};
	const char *name = names[n->args[0]->type];

	(void)e;
	*tmp = (struct value){.type = VALUE_STRING, .s = name, .len = strlen(name)};
	return tmp;
}
