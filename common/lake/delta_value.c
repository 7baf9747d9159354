/* Partition values: see delta_value.h. */
#include "common/lake/delta_value.h"

#include <errno.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/base64.h"
#include "common/data/convert.h"
#include "common/data/jsonout.h"
#include "common/data/transform.h"
#include "common/data/utf8.h"

void delta_value_init(struct delta_value *v)
{
	*v = (struct delta_value){.v = {.type = VALUE_NULL}, .text = STRBUF_INIT, .s = STRBUF_INIT};
}

void delta_value_release(struct delta_value *v)
{
	strbuf_release(&v->text);
	strbuf_release(&v->s);
	delta_value_init(v);
}

/* The value is the string in v->s. */
static void set_string(struct delta_value *v)
{
	char *to = strbuf_grow(&v->text, JSONOUT_MAX(v->s.len));
	strbuf_extend(&v->text, (size_t)(jsonout_string(to, v->s.s, v->s.len) - to));
	v->v = (struct value){.type = VALUE_STRING, .s = v->s.s, .len = v->s.len};
}

/* The bytes that are the characters of TEXT, up to U+00FF, in base64. */
static int set_binary(const char *text, struct delta_value *v)
{
	struct strbuf bytes = STRBUF_INIT;
	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		unsigned c = *p;
		if (c >= 0xc2 && c <= 0xc3 && (p[1] & 0xc0) == 0x80)
			c = (c & 3) << 6 | (*++p & 0x3f);
		else if (c >= 0x80) {
			strbuf_release(&bytes);
			return -EBADMSG;
		}
		strbuf_addch(&bytes, (char)c);
	}
	size_t room = BASE64_SIZE(bytes.len);
	strbuf_extend(&v->s, base64_encode(strbuf_grow(&v->s, room), bytes.s, bytes.len));
	strbuf_release(&bytes);
	set_string(v);
	return 0;
}

static int set_double(const struct schema_field *field, const struct value *in, struct delta_value *v)
{
	const char *why;
	double d = 0;
	float f = 0;
	int r = field->type == SCHEMA_FLOAT ? convert_float(in, &f, &why) : convert_double(in, &d, &why);
	if (r < 0)
		return -EBADMSG;
	d = field->type == SCHEMA_FLOAT ? (double)f : d;
	if (d - d != 0) {
		strbuf_addstr(&v->s, d != d ? "NaN" : d < 0 ? "-Infinity" : "Infinity");
		set_string(v);
		return 0;
	}
	strbuf_addstr(&v->text, in->s);
	if (!value_of_text(v->text.s, v->text.len, &v->v)) { /* .5, +1 and the like */
		strbuf_clear(&v->text);
		char *to = strbuf_grow(&v->text, JSONOUT_DOUBLE_MAX);
		strbuf_extend(&v->text, (size_t)(jsonout_double(to, d) - to));
		return value_of_text(v->text.s, v->text.len, &v->v) ? 0 : -EBADMSG;
	}
	return 0;
}

/* The other types, in the form that partitions of ours have. */
static int set_other(const struct schema_field *field, const struct value *in, struct delta_value *v)
{
	const struct transform identity = {.kind = TRANSFORM_IDENTITY};
	const char *why;
	if (transform_value(&identity, field, in, NULL, &v->s, &why) < 0)
		return -EBADMSG;
	char *blank = field->type == SCHEMA_TIMESTAMP_NTZ ? strchr(v->s.s, ' ') : NULL;
	if (blank)
		*blank = 'T';
	if (field->type == SCHEMA_DATE || field->type == SCHEMA_TIMESTAMP || field->type == SCHEMA_TIMESTAMP_NTZ ||
		field->type == SCHEMA_STRING) {
		set_string(v);
		return 0;
	}
	strbuf_add(&v->text, v->s.s, v->s.len);
	if (field->type == SCHEMA_BOOL)
		v->v = (struct value){.type = VALUE_BOOL, .b = *v->s.s == 't', .s = v->text.s, .len = v->text.len};
	else if (!value_of_text(v->text.s, v->text.len, &v->v))
		return -EBADMSG;
	return 0;
}

int delta_value_read(const struct schema_field *field, const char *text, struct delta_value *ret, struct strbuf *err)
{
	const struct value in = {.type = VALUE_TEXT, .s = text, .len = text ? strlen(text) : 0, .raw = text};
	int r = 0;
	delta_value_release(ret);
	if (!text || !*text)
		strbuf_addstr(&ret->text, "null");
	else if (!utf8_valid(text, in.len))
		r = -EBADMSG;
	else if (field->type == SCHEMA_BINARY)
		r = set_binary(text, ret);
	else if (field->type == SCHEMA_FLOAT || field->type == SCHEMA_DOUBLE)
		r = set_double(field, &in, ret);
	else
		r = set_other(field, &in, ret);
	ret->v.raw = ret->text.s;
	ret->v.raw_len = ret->text.len;
	if (r < 0)
		strbuf_addf(
			err, "its partition column '%s' has a value that is not of its type: '%s'", field->name, text);
	return r;
}
