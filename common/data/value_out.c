/* Values as JSON and as text: see value_out.h. */
#include "common/data/value_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/data/json_text.h"
#include "common/data/jsonout.h"
#include "common/data/utf8.h"

/* For texts up to this length, room is reserved for the longest possible output; longer ones are measured first. */
#define SHORT_TEXT 4096

void value_add_string(struct strbuf *out, const char *s, size_t len)
{
	if (!s)
		s = "";
	char *p = strbuf_grow(out, len < SHORT_TEXT ? JSONOUT_MAX(len) : jsonout_bytes_size(s, len));
	strbuf_extend(out, (size_t)(jsonout_bytes(p, s, len) - p));
}

void value_add_name(struct strbuf *out, const char *s, size_t len)
{
	struct strbuf valid = STRBUF_INIT;

	if (!s || utf8_valid(s, len)) {
		value_add_string(out, s, len);
		return;
	}
	utf8_add_valid(&valid, s, len);
	value_add_string(out, valid.s, valid.len);
	strbuf_release(&valid);
}

static void add_int(struct strbuf *out, int64_t i)
{
	char *p = strbuf_grow(out, JSONOUT_INT_MAX);
	strbuf_extend(out, (size_t)(jsonout_int(p, i) - p));
}

static void add_double(struct strbuf *out, double d)
{
	char *p = strbuf_grow(out, JSONOUT_DOUBLE_MAX);
	strbuf_extend(out, (size_t)(jsonout_double(p, d) - p));
}

static void add_time(struct strbuf *out, int64_t us)
{
	char text[TIME_RFC3339_SIZE];
	int64_t s = us / 1000000, rest = us % 1000000;

	if (rest < 0) {
		s--;
		rest += 1000000;
	}
	const struct timespec t = {.tv_sec = (time_t)s, .tv_nsec = (long)rest * 1000};
	strbuf_add(out, text, time_write_rfc3339(&t, text));
}

/* Seconds, exactly, with as many digits of the fraction as are needed. */
static void add_duration(struct strbuf *out, int64_t us)
{
	uint64_t size = us < 0 ? 0 - (uint64_t)us : (uint64_t)us;
	char text[48];

	int len = snprintf(text, sizeof text, "%s%llu.%06llu", us < 0 ? "-" : "", (unsigned long long)(size / 1000000),
		(unsigned long long)(size % 1000000));
	if (size % 1000000 == 0)
		len -= 7;
	else
		while (text[len - 1] == '0')
			len--;
	strbuf_add(out, text, (size_t)len);
}

/* Anything but a string or a time. */
static void add_plain(struct strbuf *out, const struct value *v)
{
	if (v->raw && v->type < VALUE_TIME) { /* as it is written, -0 and 1.50 */
		strbuf_add(out, v->raw, v->raw_len);
		return;
	}
	switch (v->type) {
	case VALUE_BOOL:
		strbuf_addstr(out, v->b ? "true" : "false");
		break;
	case VALUE_INT:
		add_int(out, v->i);
		break;
	case VALUE_DOUBLE:
		add_double(out, v->d);
		break;
	case VALUE_DURATION:
		add_duration(out, v->i);
		break;
	default:
		strbuf_add(out, v->s, v->len);
	}
}

void value_add_json(struct strbuf *out, const struct value *v)
{
	if (v->type <= VALUE_NULL) {
		strbuf_addstr(out, "null");
	} else if (v->type == VALUE_STRING && v->raw) {
		strbuf_add(out, v->raw, v->raw_len);
	} else if (v->type == VALUE_STRING || v->type == VALUE_TEXT) {
		value_add_string(out, v->s, v->len);
	} else if (v->type == VALUE_TIME) {
		strbuf_addch(out, '"');
		add_time(out, v->i);
		strbuf_addch(out, '"');
	} else {
		add_plain(out, v);
	}
}

void value_add_text(struct strbuf *out, const struct value *v)
{
	if (v->type <= VALUE_NULL)
		return;
	if (v->type == VALUE_STRING || v->type == VALUE_TEXT)
		strbuf_add(out, v->s, v->len);
	else if (v->type == VALUE_TIME)
		add_time(out, v->i);
	else
		add_plain(out, v);
}

static void read_string(const char *s, size_t len, struct strbuf *text, struct value *v)
{
	size_t lone;

	v->type = VALUE_STRING;
	v->s = s + 1;
	v->len = len - 2;
	if (!memchr(v->s, '\\', v->len))
		return;
	strbuf_clear(text);
	char *to = strbuf_grow(text, v->len);
	if (json_unescape(to, v->s, v->len, &v->len, &lone) < 0)
		abort(); /* the caller has promised JSON */
	v->lone = lone != SIZE_MAX;
	strbuf_extend(text, v->len);
	v->s = text->s;
}

void value_of_json(const char *s, size_t len, struct strbuf *text, struct value *ret)
{
	struct value v = {.type = VALUE_NULL, .raw = s, .raw_len = len, .s = s, .len = len};

	if (*s == '"')
		read_string(s, len, text, &v);
	else if (*s == '{' || *s == '[')
		v.type = *s == '{' ? VALUE_OBJECT : VALUE_ARRAY;
	else if (*s == 't' || *s == 'f')
		v = (struct value){.type = VALUE_BOOL, .raw = s, .raw_len = len, .s = s, .len = len, .b = *s == 't'};
	else if (*s != 'n' && !value_of_text(s, len, &v))
		abort();
	*ret = v;
}
