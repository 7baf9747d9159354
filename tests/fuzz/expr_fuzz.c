/* Expressions: the first line is one, the rest records of JSON, whose values are also taken for columns of text. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/expr.h"
#include "tests/unit/expr_bind.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Read all of V, so that the sanitizer sees it. */
static void look(const struct value *v)
{
	uint64_t sum = 0;

	if (v->type > VALUE_DURATION)
		abort();
	for (size_t i = 0; v->type > VALUE_DOUBLE && v->type < VALUE_TIME && i < v->len; i++)
		sum += (unsigned char)v->s[i];
	if (sum == UINT64_MAX)
		abort();
}

static void evaluate(struct expr *e, const char *s, size_t len)
{
	struct strbuf err = STRBUF_INIT;
	struct json *j;

	if (json_new(&j) < 0)
		abort();
	if (bind_json(e, j, &err) == 0) {
		const char *rec;
		size_t n;
		int r;
		json_span(j, s, len, '\n');
		while ((r = json_next(j, &rec, &n)) != 0)
			if (r > 0)
				look(expr_value(e, json_values(j)));
	} else {
		struct value *values = xcalloc(expr_fields(e), sizeof(*values));
		for (size_t i = 0; i < expr_fields(e); i++) {
			expr_bind(e, i, (int)i);
			values[i] = (struct value){.type = VALUE_TEXT, .s = s, .len = len};
		}
		look(expr_value(e, values));
		free(values);
	}
	strbuf_release(&err);
	json_free(j);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data, *lf = memchr(s, '\n', size);
	struct strbuf err = STRBUF_INIT;
	struct expr *e;
	char *text;

	if (!lf)
		return 0;
	text = xstrndup(s, (size_t)(lf - s));
	if (expr_new(&e, text, &err) == 0) {
		if (err.len)
			abort();
		evaluate(e, lf + 1, size - (size_t)(lf + 1 - s));
		expr_free(e);
	} else if (!err.len) {
		abort();
	}
	free(text);
	strbuf_release(&err);
	return 0;
}
