/* Expressions: functions. */
#include "common/data/expr_impl.h"

#include <errno.h>
#include <string.h>

#include "common/base/ascii.h"
#include "common/base/opt.h"
#include "common/data/json_impl.h"

static const char wants_string[] = "a function needs a string";

/*
 * Whether both are strings.  If not, the result of the function is in *tmp: false, and a fault unless one of them is
 * null.
 */
static bool two_strings(
	struct expr *e, const struct expr_node *n, const struct value *a, const struct value *b, struct value *tmp)
{
	if (expr_is_string(a) && expr_is_string(b))
		return true;
	if (!expr_is_null(a) && !expr_is_null(b))
		(void)expr_fail(e, n, wants_string, tmp);
	(void)expr_bool(tmp, false);
	return false;
}

static const struct value *call_startswith(
	struct expr *e, struct expr_node *n, const struct value *a, const struct value *b, struct value *tmp)
{
	if (!two_strings(e, n, a, b, tmp))
		return tmp;
	return expr_bool(tmp, a->len >= b->len && memcmp(a->s, b->s, b->len) == 0);
}

static const struct value *call_endswith(
	struct expr *e, struct expr_node *n, const struct value *a, const struct value *b, struct value *tmp)
{
	if (!two_strings(e, n, a, b, tmp))
		return tmp;
	return expr_bool(tmp, a->len >= b->len && memcmp(a->s + a->len - b->len, b->s, b->len) == 0);
}

static const struct value *call_contains(
	struct expr *e, struct expr_node *n, const struct value *a, const struct value *b, struct value *tmp)
{
	if (!two_strings(e, n, a, b, tmp))
		return tmp;
	return expr_bool(tmp, memmem(a->s, a->len, b->s, b->len) != NULL);
}

/* The elements or members of the container at S, which is known to be JSON. */
static int64_t count_elements(const char *s, size_t len)
{
	int64_t count = 0;
	bool empty = true;
	int depth = 0;

	for (size_t i = 1; i + 1 < len; i++) {
		if (s[i] == '"') {
			for (i++; s[i] != '"'; i++)
				i += s[i] == '\\';
			empty = false;
			continue;
		}
		depth += (s[i] == '[' || s[i] == '{') - (s[i] == ']' || s[i] == '}');
		count += depth == 0 && s[i] == ',';
		empty &= ascii_is_blank(s[i]);
	}
	return empty ? 0 : count + 1;
}

static const struct value *call_length(
	struct expr *e, struct expr_node *n, const struct value *a, const struct value *b, struct value *tmp)
{
	int64_t length = 0;

	(void)b;
	if (expr_is_string(a)) {
		for (size_t i = 0; i < a->len; i++)
			length += (a->s[i] & 0xc0) != 0x80; /* characters, not bytes */
	} else if (a->type == VALUE_ARRAY || a->type == VALUE_OBJECT) {
		length = count_elements(a->s, a->len);
	} else if (!expr_is_null(a)) {
		return expr_fail(e, n, "length needs a string, an array or an object", tmp);
	}
	*tmp = (struct value){.type = VALUE_INT, .i = length};
	return tmp;
}

/* Change the case of the letters from LOW to HIGH. */
static const struct value *change_case(
	struct expr *e, struct expr_node *n, const struct value *a, char low, char high, struct value *tmp)
{
	if (expr_is_null(a)) {
		*tmp = (struct value){.type = VALUE_NULL};
		return tmp;
	}
	if (!expr_is_string(a))
		return expr_fail(e, n, wants_string, tmp);
	char *text = expr_room(n, a->len);
	for (size_t i = 0; i < a->len; i++)
		text[i] = (char)(a->s[i] >= low && a->s[i] <= high ? a->s[i] ^ 0x20 : a->s[i]);
	*tmp = (struct value){.type = VALUE_STRING, .s = text, .len = a->len};
	return tmp;
}

static const struct value *call_lower(
	struct expr *e, struct expr_node *n, const struct value *a, const struct value *b, struct value *tmp)
{
	(void)b;
	return change_case(e, n, a, 'A', 'Z', tmp);
}

static const struct value *call_upper(
	struct expr *e, struct expr_node *n, const struct value *a, const struct value *b, struct value *tmp)
{
	(void)b;
	return change_case(e, n, a, 'a', 'z', tmp);
}

static const struct value *call_exists(
	struct expr *e, struct expr_node *n, const struct value *a, const struct value *b, struct value *tmp)
{
	(void)e, (void)n, (void)b;
	return expr_bool(tmp, !expr_is_null(a));
}

static const struct value *give_time(const struct timespec *t, struct value *tmp)
{
	*tmp = (struct value){.type = VALUE_TIME, .i = (int64_t)t->tv_sec * 1000000 + t->tv_nsec / 1000};
	return tmp;
}

static const struct value *call_time(
	struct expr *e, struct expr_node *n, const struct value *a, const struct value *b, struct value *tmp)
{
	struct value tn;
	struct timespec t;
	size_t used = 0;
	int r;

	(void)b; /* is n->format */
	if (expr_is_null(a)) {
		*tmp = (struct value){.type = VALUE_NULL};
		return tmp;
	}
	if (!n->format)
		r = value_time(a, &e->times, &t);
	else if (expr_is_string(a) || (expr_number(a, &tn) && a->raw)) /* a number of the record: by its digits */
		r = time_format_parse(n->format, a->s, a->len, &used, &t);
	else
		r = -EINVAL;
	if (r == 0 && n->format && used < a->len)
		r = -EINVAL;
	if (r < 0)
		return expr_fail(
			e, n, r == -ERANGE ? "a time is outside of the years 1 to 9999" : "this is not a time", tmp);
	return give_time(&t, tmp);
}

static const struct value *call_now(
	struct expr *e, struct expr_node *n, const struct value *a, const struct value *b, struct value *tmp)
{
	struct timespec t;

	(void)e, (void)n, (void)a, (void)b;
	(void)clock_gettime(CLOCK_REALTIME, &t); /* fails for bad arguments only */
	return give_time(&t, tmp);
}

static const struct expr_func funcs[] = {
	{"contains", 2, 2, call_contains, "contains(x, y)", "the text x contains y"},
	{"endswith", 2, 2, call_endswith, "endswith(x, y)", "the text x ends with y"},
	{"exists", 1, 1, call_exists, "exists(x)", "x is neither missing nor null"},
	{"length", 1, 1, call_length, "length(x)", "number of characters, of array elements or of object members"},
	{"lower", 1, 1, call_lower, "lower(x)", "the text in lower case"},
	{"now", 0, 0, call_now, "now", "the time"},
	{"startswith", 2, 2, call_startswith, "startswith(x, y)", "the text x begins with y"},
	{"time", 1, 2, call_time, "time(x[, pattern])", "x as a time: RFC 3339, a number, or by the pattern"},
	{"upper", 1, 1, call_upper, "upper(x)", "the text in upper case"},
};

#define FUNCS (sizeof funcs / sizeof *funcs)

const struct expr_func *expr_func_find(const char *name)
{
	for (size_t i = 0; i < FUNCS; i++)
		if (strcmp(funcs[i].name, name) == 0)
			return &funcs[i];
	return NULL;
}

const char *expr_func_name(size_t i)
{
	return i < FUNCS ? funcs[i].name : NULL;
}

void expr_func_help(struct strbuf *out)
{
	for (size_t i = 0; i < FUNCS; i++)
		opt_line(out, funcs[i].form, funcs[i].help);
}
