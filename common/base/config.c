/* Configuration files: see config.h. */
#include "common/base/config.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/near.h"
#include "common/base/whole.h"

#define BLANKS " \t\r\n\v\f"

struct config *config_own(void)
{
	static struct config own;
	return &own;
}

static void entry_release(struct config_entry *e)
{
	explicit_bzero(e->value, strlen(e->value));
	free(e->profile);
	free(e->section);
	free(e->key);
	free(e->value);
	free(e->path);
}

void config_release(struct config *c)
{
	for (size_t i = 0; i < c->count; i++)
		entry_release(&c->entries[i]);
	free(c->entries);
	*c = (struct config){0};
}

/* A piece of the text of a file. */
struct config_piece {
	const char *s;
	size_t len;
};

static struct config_piece trim(const char *s, size_t len)
{
	while (len && strchr(BLANKS, s[len - 1]))
		len--;
	while (len && strchr(BLANKS, *s)) {
		s++;
		len--;
	}
	return (struct config_piece){s, len};
}

/* Where the parser is: the place for messages, and the section. */
struct config_reader {
	struct config *config;
	const char *path;
	size_t line;
	bool given;
	struct config_piece profile, section; /* profile.s NULL: none */
};

static int refuse(const struct config_reader *r, const char *why, struct strbuf *err)
{
	strbuf_addf(err, "%s:%zu: %s", r->path, r->line, why);
	return -EINVAL;
}

static bool is_name(struct config_piece p)
{
	for (size_t i = 0; i < p.len; i++)
		if (!isalnum((unsigned char)p.s[i]) && !strchr("-_.", p.s[i]))
			return false;
	return p.len > 0;
}

/* A line that begins with '['. */
static int take_section(struct config_reader *r, struct config_piece p, struct strbuf *err)
{
	if (p.s[p.len - 1] != ']' || p.len < 2)
		return refuse(r, "a section has the form [NAME] or [PROFILE:NAME]", err);
	struct config_piece whole = trim(p.s + 1, p.len - 2);
	const char *colon = memchr(whole.s, ':', whole.len);
	r->profile = (struct config_piece){0};
	r->section = whole;
	if (colon) {
		size_t n = (size_t)(colon - whole.s);
		r->profile = trim(whole.s, n);
		r->section = trim(colon + 1, whole.len - n - 1);
	}
	if (!is_name(r->section) || (colon && !is_name(r->profile)))
		return refuse(r, "a section has the form [NAME] or [PROFILE:NAME]", err);
	return 0;
}

static int take_setting(struct config_reader *r, struct config_piece p, struct strbuf *err)
{
	struct config *c = r->config;
	const char *equals = memchr(p.s, '=', p.len);
	if (!equals || equals == p.s)
		return refuse(r, "a setting has the form KEY=VALUE", err);
	struct config_piece key = trim(p.s, (size_t)(equals - p.s));
	struct config_piece value = trim(equals + 1, p.len - (size_t)(equals - p.s) - 1);
	if (c->count == c->cap) {
		c->cap = c->cap ? 2 * c->cap : 16;
		c->entries = xreallocarray(c->entries, c->cap, sizeof *c->entries);
	}
	c->entries[c->count++] = (struct config_entry){
		.profile = r->profile.s ? xstrndup(r->profile.s, r->profile.len) : NULL,
		.section = xstrndup(r->section.s, r->section.len),
		.key = xstrndup(key.s, key.len),
		.value = xstrndup(value.s, value.len),
		.path = xstrdup(r->path),
		.line = r->line,
		.given = r->given,
	};
	return 0;
}

static int take_line(struct config_reader *r, const char *s, size_t len, struct strbuf *err)
{
	if (memchr(s, '\0', len))
		return refuse(r, "NUL byte", err);
	struct config_piece p = trim(s, len);
	if (!p.len || *p.s == '#')
		return 0;
	return *p.s == '[' ? take_section(r, p, err) : take_setting(r, p, err);
}

int config_parse(struct config *c, const char *path, bool given, const char *s, size_t len, struct strbuf *err)
{
	struct config_reader reader = {.config = c, .path = path, .given = given, .section = {"kafka", 5}};
	int r = 0;
	while (len && !r) {
		const char *end = memchr(s, '\n', len);
		size_t n = end ? (size_t)(end - s) : len;
		reader.line++;
		r = take_line(&reader, s, n, err);
		n += end != NULL;
		s += n;
		len -= n;
	}
	return r;
}

int config_read(struct config *c, const char *path, bool given, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	strbuf_grow(&text, CONFIG_MAX + WHOLE_STEP); /* it may hold secrets: no part of it stays elsewhere */
	int r = whole_read(path, CONFIG_MAX, &text);
	if (r)
		strbuf_addf(err, "cannot read '%s': %s", path, whole_strerror(r));
	else
		r = config_parse(c, path, given, text.s + whole_mark(&text), text.len - whole_mark(&text), err);
	explicit_bzero(text.s, text.len);
	strbuf_release(&text);
	return r;
}

static int no_profile(const struct config *c, const char *profile, struct strbuf *err)
{
	const char *near = NULL;
	size_t best = NEAR_NOT;
	for (size_t i = 0; i < c->count; i++) {
		const char *name = c->entries[i].profile;
		size_t rank = name ? near_rank(profile, name) : NEAR_NOT;
		if (rank < best) {
			best = rank;
			near = name;
		}
	}
	strbuf_addf(err, "no configuration file has a profile '%s'", profile);
	if (near)
		strbuf_addf(err, "; did you mean '%s'?", near);
	return -ENOENT;
}

static int order_of(const struct config_entry *e)
{
	return 2 * e->given + (e->profile != NULL);
}

int config_settle(struct config *c, const char *profile, struct strbuf *err)
{
	struct config_entry *kept = xreallocarray(NULL, c->count + 1, sizeof *kept);
	size_t n = 0;
	bool found = !profile;
	for (size_t i = 0; i < c->count && !found; i++)
		found = c->entries[i].profile && strcmp(c->entries[i].profile, profile) == 0;
	int r = found ? 0 : no_profile(c, profile, err);
	for (int order = 0; order < 4; order++)
		for (size_t i = 0; i < c->count; i++) {
			struct config_entry *e = &c->entries[i];
			if (order_of(e) != order)
				continue; /* its strings may be gone */
			if (!e->profile || (profile && strcmp(e->profile, profile) == 0))
				kept[n++] = *e;
			else
				entry_release(e);
		}
	free(c->entries);
	*c = (struct config){.entries = kept, .count = n, .cap = n + (n == 0)};
	return r;
}

static const struct config_entry *find(const struct config *c, const char *section, const char *key, bool plain)
{
	for (size_t i = c->count; i-- > 0;) {
		const struct config_entry *e = &c->entries[i];
		if (strcmp(e->section, section) == 0 && strcmp(e->key, key) == 0 && !(plain && e->profile))
			return e;
	}
	return NULL;
}

const struct config_entry *config_find(const struct config *c, const char *section, const char *key)
{
	return find(c, section, key, false);
}

const struct config_entry *config_find_plain(const struct config *c, const char *section, const char *key)
{
	return find(c, section, key, true);
}

const char *config_variable(const char *name)
{
	const struct config_entry *e = config_find(config_own(), "store", name);
	const char *set = getenv(name);
	if (set && *set && !(e && e->given && *e->value))
		return set;
	return e && *e->value ? e->value : NULL;
}

/* Whether NAME ends with one of what says where a secret is. */
static bool is_place(const char *name)
{
	static const char *const ends[] = {"location", "_file", "uri", "url"};
	size_t len = strlen(name);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t n = strlen(ends[i]);
		if (len > n && strcasecmp(name + len - n, ends[i]) == 0)
			return true;
	}
	return false;
}

bool config_is_secret(const char *name)
{
	static const char *const words[] = {"password", "passphrase", "secret", ".pem", "oauthbearer.config", "jaas",
		"_key", "token", "connection_string"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasestr(name, words[i]))
			return !is_place(name);
	return false;
}

/* Whether VALUE is NAME=VALUE with a NAME that is a secret. */
static bool sets_secret(const char *value)
{
	size_t len = strcspn(value, "=");
	struct config_piece p = trim(value, len);
	if (!value[len] || !is_name(p) || !isalnum((unsigned char)*p.s))
		return false;
	char *name = xstrndup(p.s, p.len);
	bool secret = config_is_secret(name);
	free(name);
	return secret;
}

bool config_holds_secret(const char *section, const char *key, const char *value)
{
	bool named = strcmp(section, "kafka") == 0 || strcmp(section, "store") == 0;
	return named ? config_is_secret(key) : sets_secret(value);
}
