/* Tags: see tag.h. */
#include "cmd/detect/tag.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/ascii.h"
#include "common/data/columns.h"
#include "common/data/columnsout.h"
#include "common/data/jsonout.h"

#define NUMBERS 96 /* room for score, limit and n with the text between them */

static void add_string(struct strbuf *b, const char *s)
{
	char *p = strbuf_grow(b, JSONOUT_MAX(strlen(s)));

	strbuf_extend(b, (size_t)(jsonout_string(p, s, strlen(s)) - p));
}

void tag_init(struct tag *tag, const char *name, const char *method)
{
	static const char *const names[] = {"rule", "score", "limit", "n"};

	*tag = (struct tag){.own = -1, .name = STRBUF_INIT, .rule = STRBUF_INIT, .header = STRBUF_INIT};
	for (int i = 0; i < 4; i++) {
		strbuf_init(&tag->names[i]);
		strbuf_addf(&tag->names[i], "%s.%s", name, names[i]);
	}
	tag->text = name;
	tag->method = method;
	add_string(&tag->name, name);
	add_string(&tag->rule, method);
}

void tag_release(struct tag *tag)
{
	strbuf_release(&tag->name);
	strbuf_release(&tag->rule);
	strbuf_release(&tag->header);
	for (int i = 0; i < 4; i++)
		strbuf_release(&tag->names[i]);
}

static void add_column(const struct tag *tag, struct strbuf *b, const char *s)
{
	size_t len = strlen(s);
	char *p = strbuf_grow(b, COLUMNSOUT_MAX(len) + 1), *end = p;

	*end++ = tag->sep;
	end = columnsout_field(end, tag->format == RECORDS_CSV, s, len, tag->sep, tag->delim);
	strbuf_extend(b, (size_t)(end - p));
}

void tag_begin(struct tag *tag, enum records_format format, char sep, char delim)
{
	tag->format = format;
	tag->delim = delim;
	tag->sep = sep;
	if (format == RECORDS_JSON)
		return;
	strbuf_clear(&tag->rule);
	add_column(tag, &tag->rule, tag->method);
	for (int i = 0; i < 4; i++)
		add_column(tag, &tag->header, tag->names[i].s);
}

const char *tag_taken(const struct tag *tag, const struct records *r)
{
	for (int i = 0; i < 4; i++)
		if (records_has_column(r, tag->names[i].s, tag->names[i].len))
			return tag->names[i].s;
	return NULL;
}

/* Write whole numbers as such, others with six digits. */
static char *put_number(char *p, double x)
{
	if (fabs(x) < 1e15 && x == floor(x))
		return jsonout_int(p, (int64_t)x);
	return p + snprintf(p, 32, "%.6g", x);
}

static char *put_text(char *p, const char *s, size_t len)
{
	memcpy(p, s, len);
	return p + len;
}

#define PUT(p, literal) put_text(p, literal, sizeof literal - 1)

static char *put_object(const struct tag *tag, char *p, const struct verdict *v)
{
	p = PUT(p, "{\"rule\":");
	p = put_text(p, tag->rule.s, tag->rule.len);
	p = PUT(p, ",\"score\":");
	p = v->known ? put_number(p, v->score) : PUT(p, "null");
	p = PUT(p, ",\"limit\":");
	p = put_number(p, v->limit);
	p = PUT(p, ",\"n\":");
	p = jsonout_int(p, (int64_t)v->n);
	*p++ = '}';
	return p;
}

/* Write a new member at the end of the object whose closing brace is at REC[END]. */
static char *put_member(const struct tag *tag, char *p, const char *rec, size_t end, const struct verdict *v)
{
	size_t last = end;

	while (ascii_is_blank(rec[last - 1]))
		last--;
	p = put_text(p, rec, end);
	if (rec[last - 1] != '{')
		*p++ = ',';
	p = put_text(p, tag->name.s, tag->name.len);
	*p++ = ':';
	return put_object(tag, p, v);
}

static char *put_json(
	const struct tag *tag, char *p, const char *rec, size_t len, const struct value *own, const struct verdict *v)
{
	size_t start = 0, end = len;

	while (ascii_is_blank(rec[start]))
		start++;
	while (ascii_is_blank(rec[end - 1]))
		end--;
	if (rec[start] != '{') {
		p = PUT(p, "{\"value\":");
		p = put_text(p, rec, len);
		*p++ = ',';
		p = put_text(p, tag->name.s, tag->name.len);
		*p++ = ':';
		p = put_object(tag, p, v);
		*p++ = '}';
		return p;
	}
	if (own) {
		p = put_text(p, rec, (size_t)(own->raw - rec));
		p = put_object(tag, p, v);
		const char *rest = own->raw + own->raw_len;
		return put_text(p, rest, (size_t)(rec + len - rest));
	}
	p = put_member(tag, p, rec, end - 1, v);
	return put_text(p, rec + end - 1, len - end + 1);
}

static char *put_columns(const struct tag *tag, char *p, const char *rec, size_t len, const struct verdict *v)
{
	char between = tag->sep;
	bool cr = tag->delim == '\n' && len && rec[len - 1] == '\r';
	size_t end = len - cr;

	p = put_text(p, rec, end);
	p = put_text(p, tag->rule.s, tag->rule.len);
	*p++ = between;
	if (v->known)
		p = put_number(p, v->score);
	*p++ = between;
	p = put_number(p, v->limit);
	*p++ = between;
	p = jsonout_int(p, (int64_t)v->n);
	return put_text(p, rec + end, len - end);
}

int tag_put(const struct tag *tag, const char *rec, size_t len, const struct value *own, const struct verdict *v,
	struct flow *flow)
{
	char *to = flow_reserve(flow, len + tag->name.len + tag->rule.len + NUMBERS), *end;

	if (!to)
		return FLOW_STOP;
	if (tag->format == RECORDS_JSON)
		end = put_json(tag, to, rec, len, own, v);
	else
		end = put_columns(tag, to, rec, len, v);
	*end++ = flow->delim;
	return flow_commit(flow, (size_t)(end - to));
}

void tag_header(struct tag *tag, const char *rec, size_t len, struct strbuf *out)
{
	bool cr = tag->delim == '\n' && len && rec[len - 1] == '\r';

	strbuf_add(out, rec, len - cr);
	strbuf_add(out, tag->header.s, tag->header.len);
	if (cr)
		strbuf_addch(out, '\r');
}
