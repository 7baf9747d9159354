/* Messages as lines: see diag_log.h. */
#include <string.h>

#include "common/base/ascii.h"
#include "common/base/color.h"
#include "common/base/control.h"
#include "common/base/diag_log.h"

enum { ROOM = 16 }; /* what is left for the end of a line */

/* A line that grows to DIAG_LINE_MAX. */
struct line {
	char *s;
	size_t len;
};

static void add(struct line *l, const char *s, size_t n)
{
	if (n > DIAG_LINE_MAX - l->len)
		n = DIAG_LINE_MAX - l->len;
	memcpy(l->s + l->len, s, n);
	l->len += n;
}

static void add_string(struct line *l, const char *s)
{
	add(l, s, strlen(s));
}

/* Append S with control characters as \xNN. */
static void add_visible(struct line *l, const char *s)
{
	char before = '\0', hex[2];
	for (size_t left = strlen(s); left && l->len + ROOM < DIAG_LINE_MAX;) {
		size_t n = control_len(s, left, before);
		if (!n)
			add(l, s, 1);
		for (size_t i = 0; i < n; i++) {
			ascii_put_hex(hex, &s[i], 1);
			add_string(l, "\\x");
			add(l, hex, 2);
		}
		n = n ? n : 1;
		s += n;
		left -= n;
		before = s[-1];
	}
}

/* The length of the character of UTF-8 at S, which ends with a NUL; 0: it is none. */
static size_t utf8_len(const char *s)
{
	const unsigned char *c = (const unsigned char *)s;
	size_t n = *c < 0x80                 ? 1
		   : *c >= 0xc2 && *c < 0xe0 ? 2
		   : *c >= 0xe0 && *c < 0xf0 ? 3
		   : *c >= 0xf0 && *c < 0xf5 ? 4
					     : 0;
	for (size_t i = 1; i < n; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	if ((*c == 0xe0 && c[1] < 0xa0) || (*c == 0xed && c[1] >= 0xa0))
		return 0; /* too long a form; a surrogate */
	return (*c == 0xf0 && c[1] < 0x90) || (*c == 0xf4 && c[1] >= 0x90) ? 0 : n;
}

/* Append S as a string of JSON. */
static void add_json(struct line *l, const char *s)
{
	char hex[2];
	add_string(l, "\"");
	while (*s && l->len + ROOM < DIAG_LINE_MAX) {
		size_t n = utf8_len(s);
		if (!n) {
			add_string(l, "\\ufffd");
		} else if ((unsigned char)*s < ' ' || *s == 0x7f) {
			ascii_put_hex(hex, s, 1);
			add_string(l, "\\u00");
			add(l, hex, 2);
		} else {
			if (*s == '"' || *s == '\\')
				add_string(l, "\\");
			add(l, s, n);
		}
		s += n ? n : 1;
	}
	add_string(l, "\"");
}

/* Append the time of M and AFTER. */
static void add_time(struct line *l, const struct diag_message *m, const char *after)
{
	char text[32];
	struct tm tm;
	size_t n = gmtime_r(&m->time, &tm) ? strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) : 0;
	add(l, text, n);
	add_string(l, after);
}

static void put_json(struct line *l, const struct diag_message *m)
{
	add_string(l, "{\"time\":\"");
	add_time(l, m, "\",\"program\":");
	add_json(l, *m->program ? m->program : "weir");
	add_string(l, ",\"level\":");
	add_json(l, m->level);
	add_string(l, ",\"message\":");
	add_json(l, m->text);
	add_string(l, "}\n");
}

static void put_text(struct line *l, const struct diag_message *m)
{
	if (m->format == DIAG_TEXT || m->time)
		add_time(l, m, " ");
	add_string(l, m->color ? COLOR_ERROR "weir" : "weir");
	add_string(l, *m->program ? " " : "");
	add_visible(l, m->program);
	add_string(l, m->color ? ":" COLOR_END " " : ": ");
	if (m->format == DIAG_TEXT) {
		add_string(l, m->level);
		add_string(l, ": ");
	}
	add_visible(l, m->text);
	add_string(l, "\n");
}

size_t diag_line(const struct diag_message *message, char to[DIAG_LINE_MAX])
{
	struct line l = {.s = to};
	if (message->format == DIAG_JSON)
		put_json(&l, message);
	else
		put_text(&l, message);
	return l.len;
}
