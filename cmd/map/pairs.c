/* Pairs of keys and values in a text: see pairs.h. */
#include "cmd/map/pairs.h"

#include "cmd/map/extract_value.h"
#include "cmd/map/row.h"
#include "common/data/value_out.h"

static void add_key(struct strbuf *out, const char *name, size_t len)
{
	if (out->len > 1)
		strbuf_addch(out, ',');
	value_add_name(out, name, len);
	strbuf_addch(out, ':');
}

static void add_text(struct strbuf *out, const struct map_step *s, const char *text, size_t len)
{
	const struct value v = extract_value(s, text, len);

	value_add_json(out, &v);
}

static bool is_between(char c)
{
	return c == ' ' || c == '\t' || c == ',';
}

/* The end of the value at POS: in quotes, with backslashes before what is meant literally, or up to a blank.  SIZE_MAX:
 * the quotes do not end where it does. */
static size_t value_end(const char *text, size_t len, size_t pos)
{
	bool quoted = pos < len && text[pos] == '"';

	if (quoted) {
		for (pos++; pos < len && text[pos] != '"'; pos++)
			pos += text[pos] == '\\' && pos + 1 < len;
		return pos < len && (pos + 1 == len || is_between(text[pos + 1])) ? pos + 1 : SIZE_MAX;
	}
	while (pos < len && !is_between(text[pos]))
		pos++;
	return pos;
}

static void add_pair(struct strbuf *out, const struct map_step *s, const char *text, size_t len)
{
	struct strbuf plain = STRBUF_INIT;

	if (len < 2 || *text != '"' || text[len - 1] != '"') {
		add_text(out, s, text, len);
		return;
	}
	for (size_t i = 1; i + 1 < len; i++) {
		bool escape = text[i] == '\\' && i + 2 < len;
		i += escape;
		strbuf_addch(&plain, escape && text[i] == 'n' ? '\n' : escape && text[i] == 't' ? '\t' : text[i]);
	}
	value_add_string(out, plain.s, plain.len);
	strbuf_release(&plain);
}

/* Of the members of the object in OUT with one name only the last one stays. */
static void keep_last(struct strbuf *out)
{
	struct row row = {.json = true};
	struct strbuf kept = STRBUF_INIT;

	(void)row_load_json(&row, out->s, out->len); /* it is an object */
	row_keep_last(&row);
	row_write_json(&row, &kept);
	row_release(&row);
	strbuf_release(out);
	*out = kept;
}

/* Whether NAMES, the bits of those before, have that of this name, so that it may be one of them. */
static bool is_again(uint64_t *names, const char *name, size_t len)
{
	uint64_t bit = row_name_bit(name, len);
	bool again = *names & bit;

	*names |= bit;
	return again;
}

int pairs_extract(const struct map_step *s, const char *text, size_t len, struct strbuf *out)
{
	uint64_t names = 0;
	bool again = false;
	size_t pos = 0;

	strbuf_addch(out, '{');
	while (pos < len) {
		size_t start = pos;
		while (pos < len && text[pos] != '=' && !is_between(text[pos]))
			pos++;
		size_t name = pos - start;
		if (pos < len && text[pos] == '=') {
			size_t end = value_end(text, len, pos + 1);
			if (end == SIZE_MAX)
				return 0;
			add_key(out, text + start, name);
			add_pair(out, s, text + pos + 1, end - pos - 1);
			again |= is_again(&names, text + start, name);
			pos = end;
		} else if (name && s->form == PARSE_LOGFMT) {
			add_key(out, text + start, name);
			again |= is_again(&names, text + start, name);
			strbuf_addstr(out, "true");
		}
		pos += pos < len;
	}
	strbuf_addch(out, '}');
	if (again && s->has_as) /* fields of the record have each name once anyway */
		keep_last(out);
	return out->len > 2;
}
