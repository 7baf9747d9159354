/* Schemas from records: through the text of a record.  See schema_infer_impl.h. */
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/base/ascii.h"
#include "common/data/json_text.h"
#include "common/data/schema_infer_impl.h"

void infer_skip_blanks(struct infer_record *r)
{
	while (r->p < r->end && ascii_is_blank(*r->p))
		r->p++;
}

void infer_take_string(struct infer_record *r, const char **ret, size_t *ret_len, bool *ret_escapes)
{
	const char *start = ++r->p;

	for (*ret_escapes = false; *r->p != '"'; r->p++) {
		if (*r->p == '\\') {
			*ret_escapes = true;
			r->p++;
		}
	}
	*ret = start;
	*ret_len = (size_t)(r->p++ - start);
}

void infer_skip_nested(struct infer_record *r)
{
	const char *s;
	size_t len;
	bool escapes;
	int open = 0;

	do {
		char c = *r->p;
		if (c == '"') {
			infer_take_string(r, &s, &len, &escapes);
			continue;
		}
		open += c == '{' || c == '[';
		open -= c == '}' || c == ']';
		r->p++;
	} while (open);
}

void infer_take_name(struct infer_record *r, const char **ret, size_t *ret_len)
{
	struct schema_infer *in = r->in;
	bool escapes;
	size_t lone;

	infer_take_string(r, ret, ret_len, &escapes);
	if (!escapes)
		return;
	if (in->scratch_cap < *ret_len) {
		in->scratch_cap = *ret_len;
		in->scratch = xreallocarray(in->scratch, in->scratch_cap, 1);
	}
	const char *raw = *ret;
	size_t raw_len = *ret_len;
	if (json_unescape(in->scratch, raw, raw_len, ret_len, &lone) == 0)
		*ret = in->scratch;
}

void infer_take_word(struct infer_record *r, const char **ret, size_t *ret_len)
{
	*ret = r->p;
	while (r->p < r->end && !ascii_is_blank(*r->p) && *r->p != ',' && *r->p != '}' && *r->p != ']')
		r->p++;
	*ret_len = (size_t)(r->p - *ret);
}
