#include "common/stat/extreme.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/json_impl.h"
#include "common/data/number.h"

static struct value value_of(const struct extreme_number *n)
{
	if (n->text)
		return (struct value){.type = VALUE_NUMBER, .s = n->text, .len = n->len};
	if (n->is_int)
		return (struct value){.type = VALUE_INT, .i = n->i};
	return (struct value){.type = VALUE_DOUBLE, .d = n->d};
}

int extreme_compare(const struct extreme_number *a, const struct extreme_number *b)
{
	struct value x = value_of(a), y = value_of(b);

	return number_compare(&x, &y);
}

void extreme_number_release(struct extreme_number *n)
{
	free(n->text);
	*n = (struct extreme_number){0};
}

void extreme_number_copy(struct extreme_number *n, const struct extreme_number *from)
{
	char *text = from->text ? xstrndup(from->text, from->len) : NULL;

	free(n->text);
	*n = *from;
	n->text = text;
}

/* V, whose string is V's own or TEXT's. */
static struct extreme_number number_of(const struct value *v, struct strbuf *text)
{
	struct value d = {.type = VALUE_DOUBLE, .d = v->d}, exact = *v;

	if (number_is_long(v))
		return (struct extreme_number){.is_int = true, .text = (char *)(uintptr_t)v->s, .len = v->len};
	if (v->type == VALUE_DOUBLE && v->s && fabs(v->d) >= 0x1p53 && number_compare(v, &d) != 0)
		number_canonical(v, &exact, text);
	if (exact.type == VALUE_INT)
		return (struct extreme_number){.is_int = true, .i = exact.i};
	if (exact.type == VALUE_NUMBER)
		return (struct extreme_number){.text = text->s, .len = text->len};
	return (struct extreme_number){.d = v->d + 0.0}; /* -0.0 becomes 0.0 */
}

void extreme_number_set(struct extreme_number *n, const struct value *v)
{
	/* the usual case */
	if (!n->text && v->type == VALUE_INT) {
		*n = (struct extreme_number){.is_int = true, .i = v->i};
		return;
	}
	if (!n->text && fabs(v->d) < 0x1p53) {
		*n = (struct extreme_number){.d = v->d + 0.0};
		return;
	}
	struct strbuf text = STRBUF_INIT;
	struct extreme_number number = number_of(v, &text);

	extreme_number_copy(n, &number);
	strbuf_release(&text);
}

/* Replace *HOLD by V when V is greater (SIGN 1) or less (SIGN -1), or equal and an integer. */
static void take(struct extreme_number *hold, const struct extreme_number *v, int sign)
{
	bool alike = hold->is_int == v->is_int && !hold->text && !v->text;
	int order = alike && v->is_int ? (v->i > hold->i) - (v->i < hold->i)
		    : alike            ? (v->d > hold->d) - (v->d < hold->d)
				       : extreme_compare(v, hold);

	order *= sign;
	if (order > 0 || (order == 0 && v->is_int))
		extreme_number_copy(hold, v);
}

static void add(struct extreme *e, const struct extreme_number *min, const struct extreme_number *max, uint64_t n)
{
	if (e->n == 0) {
		extreme_number_copy(&e->min, min);
		extreme_number_copy(&e->max, max);
	} else {
		take(&e->min, min, -1);
		take(&e->max, max, 1);
	}
	e->n += n;
}

void extreme_add_int(struct extreme *e, int64_t v)
{
	struct extreme_number number = {.is_int = true, .i = v};

	add(e, &number, &number, 1);
}

void extreme_add_double(struct extreme *e, double v)
{
	struct extreme_number number = {.d = v + 0.0}; /* -0.0 becomes 0.0 */

	if (isnan(v))
		e->nans++;
	else
		add(e, &number, &number, 1);
}

void extreme_add(struct extreme *e, const struct value *v)
{
	struct strbuf text = STRBUF_INIT;
	struct extreme_number number = number_of(v, &text);

	add(e, &number, &number, 1);
	strbuf_release(&text);
}

void extreme_release(struct extreme *e)
{
	extreme_number_release(&e->min);
	extreme_number_release(&e->max);
	*e = (struct extreme){0};
}

void extreme_merge(struct extreme *into, const struct extreme *from)
{
	if (from->n)
		add(into, &from->min, &from->max, from->n);
	into->nans += from->nans;
}

enum { KIND_DOUBLE, KIND_INT, KIND_TEXT, KIND_LONG };

void extreme_number_save(const struct extreme_number *v, struct strbuf *out)
{
	stat_put_u64(out, (v->is_int ? KIND_INT : KIND_DOUBLE) + (v->text ? KIND_TEXT : 0));
	if (v->text)
		stat_put_bytes(out, v->text, v->len);
	else if (v->is_int)
		stat_put_i64(out, v->i);
	else
		stat_put_double(out, v->d);
}

/*
 * Load all digits of a long integer, or a number in the form of number_canonical().  Texts of numbers that have another
 * form are refused.
 */
static int load_text(struct stat_in *in, bool is_long, struct extreme_number *ret)
{
	struct strbuf text = STRBUF_INIT;
	const unsigned char *s;
	struct value v = {0}, exact;
	size_t len;

	if (stat_get_bytes(in, &s, &len) < 0 || !len)
		return -EBADMSG;
	v = (struct value){.s = (const char *)s, .len = len};
	if (!json_take_number(v.s, len, &v) || v.type == VALUE_INT)
		return -EBADMSG;
	number_canonical(&v, &exact, &text);
	bool same = exact.type == VALUE_NUMBER && text.len == len && memcmp(text.s, s, len) == 0;
	if (is_long ? number_is_long(&v) : same)
		*ret = (struct extreme_number){.is_int = is_long, .text = xstrndup(v.s, len), .len = len};
	strbuf_release(&text);
	return ret->text ? 0 : -EBADMSG;
}

int extreme_number_load(struct extreme_number *ret, struct stat_in *in)
{
	uint64_t kind;

	*ret = (struct extreme_number){0};
	if (stat_get_u64(in, &kind) < 0 || kind > KIND_LONG)
		return -EBADMSG;
	if (kind >= KIND_TEXT)
		return load_text(in, kind == KIND_LONG, ret);
	ret->is_int = kind == KIND_INT;
	if (ret->is_int)
		return stat_get_i64(in, &ret->i);
	if (stat_get_double(in, &ret->d) < 0)
		return -EBADMSG;
	return isnan(ret->d) || (ret->d == 0 && signbit(ret->d)) ? -EBADMSG : 0;
}

void extreme_save(const struct extreme *e, struct strbuf *out)
{
	stat_put_u64(out, e->n);
	stat_put_u64(out, e->nans);
	if (e->n) {
		extreme_number_save(&e->min, out);
		extreme_number_save(&e->max, out);
	}
}

int extreme_load(struct extreme *e, struct stat_in *in)
{
	*e = (struct extreme){0};
	int r = stat_get_u64(in, &e->n) < 0 || stat_get_u64(in, &e->nans) < 0 ? -EBADMSG : 0;
	if (r == 0 && e->n)
		r = extreme_number_load(&e->min, in);
	if (r == 0 && e->n)
		r = extreme_number_load(&e->max, in);
	if (r == 0 && e->n && extreme_compare(&e->min, &e->max) > 0)
		r = -EBADMSG;
	if (r < 0)
		extreme_release(e);
	return r;
}

STAT_OPS(extreme);
