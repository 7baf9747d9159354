/* Grok patterns: see grok.h. */
#include "cmd/map/grok.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/ascii.h"

#define MAX_DEPTH  8        /* of patterns within patterns */
#define MAX_LENGTH 1000000u /* of the whole expression */

/* After Logstash's grok-patterns (Apache License 2.0), without most look-behinds that only exclude neighbours. */
static const struct {
	const char *name, *regex;
} patterns[] = {
	{"USERNAME", "[a-zA-Z0-9._-]+"},
	{"USER", "%{USERNAME}"},
	{"EMAILADDRESS", "[a-zA-Z0-9!#$%&'*+/=?^_`{|}~.-]+@%{HOSTNAME}"},
	{"INT", "[+-]?[0-9]+"},
	{"BASE10NUM", "[+-]?(?:[0-9]+(?:\\.[0-9]+)?|\\.[0-9]+)"},
	{"NUMBER", "%{BASE10NUM}"},
	{"BASE16NUM", "[+-]?(?:0x)?[0-9A-Fa-f]+"},
	{"POSINT", "[1-9][0-9]*"},
	{"NONNEGINT", "[0-9]+"},
	{"WORD", "\\b\\w+\\b"},
	{"NOTSPACE", "\\S+"},
	{"SPACE", "\\s*"},
	{"DATA", ".*?"},
	{"GREEDYDATA", ".*"},
	{"QUOTEDSTRING", "\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'"},
	{"QS", "%{QUOTEDSTRING}"},
	{"UUID", "[A-Fa-f0-9]{8}-(?:[A-Fa-f0-9]{4}-){3}[A-Fa-f0-9]{12}"},
	{"MAC", "(?:[A-Fa-f0-9]{2}[:-]){5}[A-Fa-f0-9]{2}|(?:[A-Fa-f0-9]{4}\\.){2}[A-Fa-f0-9]{4}"},
	{"IPV4", "(?<![0-9])(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})\\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})"
		 "(?![0-9])"},
	{"IPV6", "[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+"},
	{"IP", "(?:%{IPV4}|%{IPV6})"},
	{"HOSTNAME", "\\b[0-9A-Za-z][0-9A-Za-z-]{0,62}(?:\\.[0-9A-Za-z][0-9A-Za-z-]{0,62})*\\.?"},
	{"IPORHOST", "(?:%{IP}|%{HOSTNAME})"},
	{"HOSTPORT", "%{IPORHOST}:%{POSINT}"},
	{"PATH", "(?:/[^\\s]*|[A-Za-z]+:\\\\[^\\s]*)"},
	{"UNIXPATH", "/[^\\s]*"},
	{"URIPROTO", "[A-Za-z][A-Za-z0-9+.-]*"},
	{"URIHOST", "%{IPORHOST}(?::%{POSINT})?"},
	{"URIPATH", "(?:/[A-Za-z0-9$.+!*'(){},~:;=@#%&_-]*)+"},
	{"URIPARAM", "\\?[A-Za-z0-9$.+!*'|(){},~@#%&/=:;_?\\[\\]<>-]*"},
	{"URIPATHPARAM", "%{URIPATH}(?:%{URIPARAM})?"},
	{"URI", "%{URIPROTO}://(?:%{USER}(?::[^@]*)?@)?(?:%{URIHOST})?(?:%{URIPATHPARAM})?"},
	{"MONTH", "\\b(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:tember)?|"
		  "Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\\b"},
	{"MONTHNUM", "(?:0?[1-9]|1[0-2])"},
	{"MONTHDAY", "(?:0[1-9]|[12][0-9]|3[01]|[1-9])"},
	{"DAY", "(?:Mon(?:day)?|Tue(?:sday)?|Wed(?:nesday)?|Thu(?:rsday)?|Fri(?:day)?|Sat(?:urday)?|Sun(?:day)?)"},
	{"YEAR", "[0-9]{2,4}"},
	{"HOUR", "(?:2[0123]|[01]?[0-9])"},
	{"MINUTE", "[0-5][0-9]"},
	{"SECOND", "(?:[0-5]?[0-9]|60)(?:[:.,][0-9]+)?"},
	{"TIME", "%{HOUR}:%{MINUTE}(?::%{SECOND})?"},
	{"DATE_US", "%{MONTHNUM}[/-]%{MONTHDAY}[/-]%{YEAR}"},
	{"DATE_EU", "%{MONTHDAY}[./-]%{MONTHNUM}[./-]%{YEAR}"},
	{"ISO8601_TIMEZONE", "(?:Z|[+-]%{HOUR}(?::?%{MINUTE}))"},
	{"TIMESTAMP_ISO8601",
		"%{YEAR}-%{MONTHNUM}-%{MONTHDAY}[T ]%{HOUR}:?%{MINUTE}(?::?%{SECOND})?(?:%{ISO8601_TIMEZONE})?"},
	{"HTTPDATE", "%{MONTHDAY}/%{MONTH}/%{YEAR}:%{TIME} %{INT}"},
	{"SYSLOGTIMESTAMP", "%{MONTH} +%{MONTHDAY} %{TIME}"},
	{"PROG", "[\\x21-\\x5a\\x5c\\x5e-\\x7e]+"},
	{"LOGLEVEL", "(?i:alert|trace|debug|notice|info(?:rmation)?|warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal|severe|"
		     "emerg(?:ency)?)"},
};

static const char *find(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
		if (strlen(patterns[i].name) == len && memcmp(patterns[i].name, name, len) == 0)
			return patterns[i].regex;
	return NULL;
}

static int fail(struct strbuf *err, const char *what, const char *s, size_t len)
{
	strbuf_addf(err, "%s '%.*s'", what, (int)(len < 80 ? len : 80), s);
	return -EINVAL;
}

/* Whether the LEN bytes at S can name a group: letters, digits and '_', 32 bytes at most. */
static bool is_group(const char *s, size_t len)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

	return len >= 1 && len <= 32 && strspn(s, letters) >= len && (*s < '0' || *s > '9');
}

/* The type at S, up to the '}': 'i' for int, 'f' for float; 0: it is none. */
static char type_at(const char *s)
{
	return strncmp(s, "int}", 4) == 0 || strncmp(s, "float}", 6) == 0 ? *s : '\0';
}

char grok_type(const char *pattern, const char *name)
{
	size_t len = strlen(name);

	for (const char *s = pattern; (s = strstr(s, "%{")) != NULL; s += 2) {
		const char *group = s + 2 + strcspn(s + 2, ":}");
		if (*group == ':' && strncmp(group + 1, name, len) == 0 && group[1 + len] == ':')
			return type_at(group + 1 + len + 1);
	}
	return '\0';
}

/* The whole number at the beginning of the LEN bytes at S, which may be a longer one than an int64. */
static bool whole_number(const char *s, size_t len, struct value *ret)
{
	bool minus = len && *s == '-';
	size_t i = len && (minus || *s == '+');

	while (i + 1 < len && s[i] == '0' && ascii_is_digit(s[i + 1])) /* JSON has no such zeros */
		i++;
	size_t start = i;
	while (i < len && ascii_is_digit(s[i]))
		i++;
	if (i == start)
		return false;
	bool beside = minus && s[start - 1] == '-';
	if (!value_of_text(s + start - beside, i - start + beside, ret))
		return false;
	if (ret->type != VALUE_INT) /* it is its text */
		return beside == minus;
	*ret = (struct value){.type = VALUE_INT, .i = minus && !beside ? -ret->i : ret->i};
	return true;
}

bool grok_value(char type, const char *s, size_t len, struct value *ret)
{
	char text[64], *end;

	if (type == 'i')
		return whole_number(s, len, ret);
	if (!len || len >= sizeof text || strspn(s, "+-.0123456789eE") < len)
		return false;
	memcpy(text, s, len);
	text[len] = '\0';
	double d = strtod(text, &end);
	*ret = (struct value){.type = VALUE_DOUBLE, .d = d};
	return !*end && isfinite(d);
}

static int expand(const char *s, struct strbuf *out, struct strbuf *err, int depth)
{
	int r = 0;

	while (*s && r == 0) {
		if (s[0] == '\\' && s[1]) {
			strbuf_add(out, s, 2);
			s += 2;
			continue;
		}
		if (s[0] != '%' || s[1] != '{') {
			strbuf_addch(out, *s++);
			continue;
		}
		size_t len = strcspn(s + 2, "}"), name = strcspn(s + 2, ":}");
		const char *regex = find(s + 2, name), *group = s + 2 + name + 1;
		if (!s[2 + len])
			return fail(err, "a pattern has no '}':", s, strlen(s));
		if (!regex)
			return fail(err, "there is no grok pattern", s + 2, name);
		if (depth == MAX_DEPTH || out->len > MAX_LENGTH)
			return fail(err, "the pattern is too long:", s, len);
		size_t group_len = name < len ? strcspn(group, ":}") : 0; /* a type may follow, %{NUMBER:n:int} */
		if (name < len && !is_group(group, group_len))
			return fail(err, "a name has letters, digits and '_', at most 32:", group, group_len);
		if (group[group_len] == ':' && name < len && !type_at(group + group_len + 1))
			return fail(err, "a type is int or float:", s + 2, len);
		strbuf_addf(out, name < len ? "(?<%.*s>" : "(?:%.*s", (int)group_len, group);
		r = expand(regex, out, err, depth + 1);
		strbuf_addch(out, ')');
		s += 2 + len + 1;
	}
	return r;
}

int grok_expand(const char *pattern, struct strbuf *out, struct strbuf *err)
{
	return expand(pattern, out, err, 0);
}
