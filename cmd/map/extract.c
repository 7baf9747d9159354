/* Fields from a text: see extract.h. */
#include "cmd/map/extract.h"

#include <errno.h>
#include <string.h>

#include "cmd/map/extract_value.h"
#include "cmd/map/grok.h"
#include "cmd/map/pairs.h"
#include "common/base/alloc.h"
#include "common/data/columns.h"
#include "common/data/value_out.h"

static const char *const forms[] = {"regex", "grok", "csv", "kv", "logfmt", "syslog", "clf"};

/* RFC 5424, and what older programs write (RFC 3164). */
static const char syslog[] =
	"^(?:<(?<pri>\\d{1,3})>)?(?:1 (?<time>\\S+) (?<host>\\S+) (?<app>\\S+) (?<pid>\\S+) (?<msgid>\\S+) "
	"(?<data>-|(?:\\[(?:[^\\]\"\\\\]|\\\\.|\"(?:[^\"\\\\]|\\\\.)*\")*\\])+)(?: (?<msg>.*))?"
	"|(?<time3164>[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d) (?<host3164>\\S+) "
	"(?<app3164>[^\\s:\\[]+)(?:\\[(?<pid3164>\\d+)\\])?: (?<msg3164>.*))$";

/*
 * The common and the combined log format of web servers.  Texts in quotes are taken in runs that give nothing back: an
 * alternative for each character, (?:[^"\\]|\\.)*, keeps a point to come back to for each, and `parse $1 clf` then took
 * 5 % more instructions (valgrind, lines with referer and agent).  The match by JIT is a fifth of all; it alone needs
 * 0.22 of the instructions that mawk needs for its match of the first half of such a line.
 */
static const char clf[] =
	"^(?<host>\\S+) (?<ident>\\S+) (?<user>\\S+) \\[(?<time>[^\\]]+)\\] \"(?:(?<method>\\S+) (?<path>\\S+)(?: "
	"(?<protocol>[^\"]*))?"
	"|(?<request>[^\"]*))\" (?<status>\\d{3}) (?<bytes>\\d+|-)"
	"(?: \"(?<referer>[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\" \"(?<agent>[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\")?";

const char *extract_form(int i)
{
	return i < (int)(sizeof forms / sizeof *forms) ? forms[i] : NULL;
}

int extract_pattern(enum parse_form form, const char *word, struct strbuf *out, struct strbuf *err)
{
	switch (form) {
	case PARSE_REGEX:
		strbuf_addstr(out, word);
		return 0;
	case PARSE_GROK:
		return grok_expand(word, out, err);
	case PARSE_SYSLOG:
		strbuf_addstr(out, syslog);
		return 0;
	case PARSE_CLF:
		strbuf_addstr(out, clf);
		return 0;
	default:
		return 0;
	}
}

const char *extract_name(const struct map_step *s, size_t i)
{
	static const char old[] = "3164";
	const char *name = s->re && i <= regex_groups(s->re) ? regex_group_name(s->re, i) : NULL;

	if (name && s->form == PARSE_SYSLOG && strstr(name, old))
		return ""; /* another form of a group that has its own name */
	return name;
}

/* Find the groups of S that have names. */
static void find_groups(struct map_step *s)
{
	struct strbuf lead = STRBUF_INIT;

	s->groups = xcalloc(regex_groups(s->re) + 1, sizeof *s->groups);
	for (size_t i = 1; i <= regex_groups(s->re); i++) {
		const char *name = regex_group_name(s->re, i);
		if (!*name)
			continue;
		struct extract_group *g = &s->groups[s->group_count++];
		*g = (struct extract_group){.number = i, .name = name, .name_len = strlen(name)};
		if (s->form == PARSE_SYSLOG && strstr(name, "3164"))
			g->name_len -= 4;
		if (s->form == PARSE_GROK)
			g->type = grok_type(s->words[0], g->name);
		value_add_string(&lead, name, g->name_len);
		strbuf_addch(&lead, ':');
		g->lead_len = lead.len;
		g->lead = strbuf_detach(&lead);
	}
}

/* The value of group G, when ENDS are those of regex_find() in TEXT; false: there is no such field. */
static bool group_value(const struct map_step *s, const struct extract_group *g, const char *text, const size_t *ends,
	struct value *ret)
{
	size_t from = ends[2 * g->number], to = ends[2 * g->number + 1];

	*ret = (struct value){.type = VALUE_NULL};
	if (from != SIZE_MAX && (!g->type || !grok_value(g->type, text + from, to - from, ret)))
		*ret = extract_value(s, text + from, to - from);
	return from != SIZE_MAX || (s->form != PARSE_SYSLOG && s->form != PARSE_CLF);
}

static int find(struct map_step *s, const char *text, size_t len, const size_t **ret_ends)
{
	if (!s->groups)
		find_groups(s);
	return regex_find(s->re, text, len, 0, ret_ends);
}

static int by_regex(struct map_step *s, const char *text, size_t len, struct strbuf *out)
{
	const size_t *ends;
	struct value v;
	int r = find(s, text, len, &ends);

	if (r <= 0)
		return r;
	strbuf_addch(out, '{');
	for (size_t i = 0; i < s->group_count; i++) {
		const struct extract_group *g = &s->groups[i];
		if (!group_value(s, g, text, ends, &v))
			continue;
		if (out->len > 1)
			strbuf_addch(out, ',');
		strbuf_add(out, g->lead, g->lead_len);
		value_add_json(out, &v);
	}
	strbuf_addch(out, '}');
	return 1;
}

int extract_set(struct map_step *s, struct row *row, const char *text, size_t len)
{
	const size_t *ends;
	struct value v;
	int r = find(s, text, len, &ends);

	for (size_t i = 0; r > 0 && i < s->group_count; i++) {
		const struct extract_group *g = &s->groups[i];
		if (!group_value(s, g, text, ends, &v)) {
			if (!row->json) /* columns are the same in all records */
				(void)row_add_name(row, g->name, g->name_len);
			continue;
		}
		size_t count = row->count;
		struct row_member *m = row_add_name(row, g->name, g->name_len);
		if (row->count > count) {
			m->lead = g->lead;
			m->lead_len = g->lead_len;
		}
		row_set(row, m, &v);
	}
	return r;
}

/* Whether the field at S has no quote at its beginning, or another one at its end and in between only doubled ones. */
static bool is_closed(const char *s, size_t len)
{
	size_t i = 1;

	if (!len || *s != '"')
		return true;
	while (i < len && (s[i] != '"' || (i + 1 < len && s[i + 1] == '"')))
		i += s[i] == '"' ? 2 : 1;
	return i + 1 == len;
}

static int by_csv(const char *text, size_t len, struct strbuf *out)
{
	struct strbuf plain = STRBUF_INIT;
	size_t pos = 0;

	strbuf_addch(out, '[');
	for (bool more = true; more; pos++) {
		size_t end = columns_field_end(true, ',', text, len, pos);
		if (!is_closed(text + pos, end - pos)) {
			strbuf_release(&plain);
			return 0;
		}
		strbuf_clear(&plain);
		char *to = strbuf_grow(&plain, end - pos);
		strbuf_extend(&plain, columns_text(true, text + pos, end - pos, to));
		if (pos)
			strbuf_addch(out, ',');
		value_add_string(out, plain.s, plain.len);
		more = end < len;
		pos = end;
	}
	strbuf_addch(out, ']');
	strbuf_release(&plain);
	return 1;
}

int extract(struct map_step *s, const char *text, size_t len, struct strbuf *out)
{
	if (s->re)
		return by_regex(s, text, len, out);
	return s->form == PARSE_CSV ? by_csv(text, len, out) : pairs_extract(s, text, len, out);
}
