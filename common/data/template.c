/* Text with fields in it: see template.h. */
#include "common/data/template.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/ascii.h"
#include "common/data/convert.h"
#include "common/data/records.h"

static struct template_piece *add(struct template *t, size_t pos)
{
	t->pieces = xreallocarray(t->pieces, t->count + 1, sizeof *t->pieces);
	t->pieces[t->count] = (struct template_piece){.pos = pos};
	return &t->pieces[t->count++];
}

/* The text up to the next field, of which {{ stands for one brace; how many bytes of the template it takes. */
static size_t take_text(struct template *t, const char *s, size_t len, size_t pos)
{
	struct strbuf text = STRBUF_INIT;
	size_t i = pos;

	while (i < len && (s[i] != '{' || (i + 1 < len && s[i + 1] == '{'))) {
		i += s[i] == '{';
		strbuf_addch(&text, s[i++]);
	}
	if (text.len)
		add(t, pos)->text = strbuf_detach(&text);
	return i - pos;
}

static int fail(size_t pos, const char *what, struct strbuf *err)
{
	strbuf_addf(err, "at byte %zu: %s", pos + 1, what);
	return -EINVAL;
}

/* The column at S, such as $2; returns its length, 0 if it is not one. */
static size_t scan_column(struct expr_field *field, const char *s, size_t len)
{
	struct strbuf err = STRBUF_INIT;
	size_t n = 1;

	while (n < len && ascii_is_digit(s[n]))
		n++;
	char *text = xstrndup(s, n);
	if (records_field(field, text, &err) < 0)
		n = 0;
	free(text);
	strbuf_release(&err);
	return n;
}

/* The field whose '{' is at POS; *USED is how many bytes it has with its braces. */
static int take_field(struct template *t, const char *s, size_t len, size_t pos, size_t *used, struct strbuf *err)
{
	const size_t from = pos + 1;
	struct expr_field field = {0};
	struct strbuf why = STRBUF_INIT;
	size_t n = 0;
	int r = 0;

	if (from < len && s[from] == '.') {
		r = path_scan(&field.path, s + from, len - from, &n, &why);
		if (r < 0)
			r = fail(from + n, why.s, err);
	} else if (from < len && s[from] == '$') {
		n = scan_column(&field, s + from, len - from);
		r = n ? 0 : fail(from, "a column is $1, $2, …", err);
	} else {
		r = fail(pos, "after '{' a field was expected, such as {.name} or {$2}; {{ stands for a brace", err);
	}
	strbuf_release(&why);
	if (r < 0)
		return r;
	add(t, pos)->field = field;
	t->fields++;
	if (from + n >= len || s[from + n] != '}')
		return fail(from + n, "'}' was expected", err);
	if (!field.column && !field.path.count)
		return fail(from, "'.' is the whole record, not a field of it", err);
	*used = n + 2;
	return 0;
}

int template_init(struct template *t, const char *s, size_t len, struct strbuf *err)
{
	size_t pos = 0, used = 0;
	int r = 0;

	*t = (struct template){0};
	while (r == 0 && pos < len) {
		pos += take_text(t, s, len, pos);
		if (pos < len) {
			r = take_field(t, s, len, pos, &used, err);
			pos += used;
		}
	}
	return r;
}

void template_release(struct template *t)
{
	for (size_t i = 0; i < t->count; i++) {
		free(t->pieces[i].text);
		path_release(&t->pieces[i].field.path);
	}
	free(t->pieces);
	*t = (struct template){0};
}

int template_text(const struct value *v, const char **ret, size_t *ret_len, const char **why)
{
	const char *s = NULL, *wrong = NULL;
	size_t len = 0;

	if (v->type == VALUE_ARRAY || v->type == VALUE_OBJECT) {
		*why = v->type == VALUE_ARRAY ? "is an array" : "is an object";
		return -EINVAL;
	}
	int r = convert_string(v, &s, &len, &wrong);
	if (r < 0 && r != -ENODATA) {
		*why = wrong;
		return -EINVAL;
	}
	if (r < 0 || !len)
		return -ENODATA;
	if (memchr(s, '\0', len)) {
		*why = "has a NUL";
		return -EINVAL;
	}
	*ret = s;
	*ret_len = len;
	return 0;
}
