/* Expressions: the table of functions. */
#include "common/data/expr_func.h"

#include <string.h>

#include "common/base/opt.h"

/* What is called with all arguments; with PLAIN it gets nulls, too, with NULLS it is null when one of them is. */
#define PLAIN(name, min, max, form, help)                                    \
	{                                                                    \
#name, min, max, expr_call_##name, form, help, .null = false \
	}
#define NULLS(name, min, max, form, help, ...)                                           \
	{                                                                                \
#name, min, max, expr_call_##name, form, help, .null = true, __VA_ARGS__ \
	}
#define LOOP(name, k, min, form, help)                                      \
	{                                                                   \
#name, min, 2, NULL, form, help, .op = EXPR_LOOP, .kind = k \
	}

static const struct expr_func funcs[] = {
	NULLS(abs, 1, 1, "abs(x)", "the number or duration without its sign", 0),
	LOOP(all, EXPR_ALL, 2, "all(x, c)", "c is true for each element of the array, called it"),
	LOOP(any, EXPR_ANY, 2, "any(x, c)", "c is true for one element of the array, called it"),
	NULLS(base64, 1, 1, "base64(x)", "the text in base64", 0),
	NULLS(bool, 1, 1, "bool(x)", "true or false from a text or a number", 0),
	NULLS(casefold, 1, 1, "casefold(x)", "the text such that upper and lower case are the same", 0),
	NULLS(ceil, 1, 1, "ceil(x)", "the whole number at x or above", 0),
	NULLS(cidr, 2, EXPR_MANY, "cidr(x, net, ...)", "the address x is in one of the networks", 0),
	NULLS(concat, 1, EXPR_MANY, "concat(x, y, ...)", "the texts of all values, one after the other", 0),
	PLAIN(contains, 2, 2, "contains(x, y)", "the text x contains y"),
	PLAIN(endswith, 2, 2, "endswith(x, y)", "the text x ends with y"),
	NULLS(epoch, 1, 2, "epoch(t[, unit])", "the time as a whole number since 1970: s (default), ms, us, ns", 0),
	PLAIN(exists, 1, 1, "exists(x)", "x is neither missing nor null"),
	NULLS(exp, 1, 1, "exp(x)", "e to the power of x", 0),
	LOOP(filter, EXPR_SELECT, 2, "filter(x, c)", "an array of the elements, called it, for which c is true"),
	NULLS(float, 1, 1, "float(x)", "the number, or the number in a text, with a fraction", 0),
	NULLS(floor, 1, 1, "floor(x)", "the whole number at x or below", 0),
	NULLS(format, 1, EXPR_MANY, "format(f, ...)", "as printf: %s %d %5.2f %x %%", .prepare = expr_prepare_format),
	NULLS(gsub, 3, 3, "gsub(x, regex, y)", "each match replaced; \\1 is a group", .regex = 2),
	NULLS(hash, 1, 2, "hash(x[, kind])", "xxh64 (default) or sha256 of the text", .prepare = expr_prepare_hash),
	NULLS(hex, 1, 1, "hex(x)", "the bytes of the text in hexadecimal", 0),
	NULLS(hmac, 2, 2, "hmac(x, file)", "HMAC-SHA-256 of the text with the key in the file",
		.prepare = expr_prepare_hmac),
	{"if", 2, 3, NULL, "if(c, a[, b])", "a when c is true, else b", .op = EXPR_IF},
	NULLS(int, 1, 1, "int(x)", "the number, or the number in a text, without its fraction", 0),
	NULLS(join, 2, 2, "join(x, sep)", "the elements of an array as one text", 0),
	NULLS(json, 1, 1, "json(x)", "the value that a text holds as JSON", 0),
	NULLS(keys, 1, 1, "keys(x)", "the names of an object's members", 0),
	PLAIN(length, 1, 1, "length(x)", "number of characters, of array elements or of object members"),
	NULLS(log, 1, 1, "log(x)", "the natural logarithm", 0),
	NULLS(lower, 1, 1, "lower(x)", "the text in lower case", 0),
	NULLS(lpad, 2, 3, "lpad(x, n[, c])", "the text with c before it, n characters at least", 0),
	LOOP(map, EXPR_MAP, 2, "map(x, y)", "an array of y for each element, called it"),
	NULLS(match, 2, 2, "match(x, regex)", "the groups of the first match, or null", .regex = 2),
	NULLS(max, 1, EXPR_MANY, "max(x, ...)", "the greatest of the values, or of an array's elements", 0),
	NULLS(min, 1, EXPR_MANY, "min(x, ...)", "the least of the values, or of an array's elements", 0),
	PLAIN(now, 0, 0, "now", "the time"),
	NULLS(pow, 2, 2, "pow(x, y)", "x to the power of y", 0),
	NULLS(query, 1, 1, "query(x)", "the parameters of a URL or of its query as an object", 0),
	NULLS(replace, 3, 3, "replace(x, y, z)", "the text with each y replaced by z", 0),
	NULLS(reverse, 1, 1, "reverse(x)", "the text or array from its end", 0),
	NULLS(round, 1, 2, "round(x[, n])", "the nearest number with n digits after the point, 0 by default", 0),
	NULLS(rpad, 2, 3, "rpad(x, n[, c])", "the text with c after it, n characters at least", 0),
	NULLS(split, 2, 2, "split(x, sep)", "the parts of a text as an array", 0),
	NULLS(sqrt, 1, 1, "sqrt(x)", "the square root", 0),
	PLAIN(startswith, 2, 2, "startswith(x, y)", "the text x begins with y"),
	NULLS(strftime, 2, 3, "strftime(t, f[, zone])", "the time as text", .prepare = expr_prepare_strftime),
	NULLS(string, 1, 1, "string(x)", "the value as text", 0),
	NULLS(sub, 3, 3, "sub(x, regex, y)", "the first match replaced; \\1 is a group", .regex = 2),
	NULLS(substr, 2, 3, "substr(x, i[, n])", "n characters from number i, 0 being the first", 0),
	LOOP(sum, EXPR_SUM, 1, "sum(x[, y])", "the sum of y for each element, called it"),
	PLAIN(text, 1, 1, "text(x)", "the value as JSON, in a text"),
	NULLS(time, 1, 2, "time(x[, pattern])", "x as a time: RFC 3339, a number, or by the pattern",
		.prepare = expr_prepare_time),
	NULLS(trim, 1, 1, "trim(x)", "the text without white space at its ends", 0),
	NULLS(truncate, 2, 3, "truncate(t, d[, zone])", "the start of the hour, day, ... of length d", 0),
	PLAIN(type, 1, 1, "type(x)", "null, bool, int, float, string, array, object, time or duration"),
	NULLS(unbase64, 1, 1, "unbase64(x)", "the text that is in base64", 0),
	NULLS(unhex, 1, 1, "unhex(x)", "the text whose bytes are in hexadecimal", 0),
	NULLS(unurl, 1, 1, "unurl(x)", "the text without %XX of URLs", 0),
	NULLS(upper, 1, 1, "upper(x)", "the text in upper case", 0),
	NULLS(url, 1, 1, "url(x)", "the parts of a URL as an object", 0),
	NULLS(values, 1, 1, "values(x)", "the values of an object's members", 0),
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
