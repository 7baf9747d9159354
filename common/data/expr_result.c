/* Expressions: what all evaluating functions need: counting faults, arguments, and room for texts. */
#include "common/data/expr_impl.h"

const char expr_too_long[] = "a text is longer than 256 MiB";

const struct value *expr_fail(struct expr *e, const struct expr_node *n, const char *what, struct value *tmp)
{
	e->fault.count++;
	e->fault.what = what;
	e->fault.pos = n->pos;
	*tmp = (struct value){.type = VALUE_NULL};
	return tmp;
}

struct strbuf *expr_text(struct expr_node *n)
{
	strbuf_clear(&n->text);
	return &n->text;
}

char *expr_room(struct expr_node *n, size_t len)
{
	return strbuf_grow(expr_text(n), len);
}

const struct value *expr_give_text(struct expr *e, const struct expr_node *n, enum value_type type, struct value *tmp)
{
	bool json = type != VALUE_STRING;

	if (n->text.len > EXPR_MAX_TEXT)
		return expr_fail(e, n, expr_too_long, tmp);
	*tmp = (struct value){.type = type,
		.raw = json ? n->text.s : NULL,
		.raw_len = json ? n->text.len : 0,
		.s = n->text.s,
		.len = n->text.len};
	return tmp;
}

bool expr_strings(struct expr *e, const struct expr_node *n, size_t count, struct value *tmp)
{
	for (size_t i = 0; i < count && i < n->count; i++)
		if (!expr_is_string(n->args[i])) {
			(void)expr_fail(e, n, "a function needs a string", tmp);
			return false;
		}
	return true;
}

bool expr_whole(struct expr *e, const struct expr_node *n, size_t i, int64_t *ret, struct value *tmp)
{
	struct value number;
	const struct value *v = expr_number(n->args[i], &number);

	if (!v || v->type != VALUE_INT) {
		(void)expr_fail(e, n, "a function needs a whole number", tmp);
		return false;
	}
	*ret = v->i;
	return true;
}

size_t expr_char_at(const char *s, size_t len, uint64_t n)
{
	size_t i = 0;

	for (; i < len; i++)
		if ((s[i] & 0xc0) != 0x80 && n-- == 0)
			break;
	return i;
}

uint64_t expr_char_count(const char *s, size_t len)
{
	uint64_t count = 0;

	for (size_t i = 0; i < len; i++)
		count += (s[i] & 0xc0) != 0x80;
	return count;
}
