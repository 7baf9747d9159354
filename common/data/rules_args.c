/* Rules of cleaning: what follows the fields. */
#include "common/data/rules_impl.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/num.h"
#include "common/data/json.h"
#include "common/data/json_text.h"
#include "common/data/jsonout.h"
#include "common/data/utf8.h"

static int bound(struct rules_line *in, const char *what, long double *ret)
{
	const char *s;
	size_t len;
	int r = rules_word(in, what, &s, &len);

	if (r < 0)
		return r;
	if (len == 3 && memcmp(s, "inf", 3) == 0)
		*ret = INFINITY;
	else if (len == 4 && memcmp(s, "-inf", 4) == 0)
		*ret = -INFINITY;
	else if (!rules_number(s, len, ret))
		return rules_fail(in, (size_t)(s - in->s), "%s must be a number, inf or -inf", what);
	return 0;
}

static int range(struct rules_line *in, struct rule *rule)
{
	int r = bound(in, "the lower end", &rule->low);
	size_t pos = in->pos;

	if (r < 0 || (r = bound(in, "the upper end", &rule->high)) < 0)
		return r;
	if (rule->low > rule->high)
		return rules_fail(in, pos, "the upper end is below the lower one");
	return 0;
}

static int match(struct rules_line *in, struct rule *rule)
{
	const char *s;
	size_t len, at = 0;
	struct strbuf reason = STRBUF_INIT;
	int r = rules_rest(in, "a regular expression", &s, &len);

	if (r < 0)
		return r;
	if (len >= 2 && *s == '"' && s[len - 1] == '"') { /* as in weir-expr(7) */
		s++;
		len -= 2;
	}
	r = regex_new(&rule->re, s, len, &at, &reason);
	if (r < 0)
		r = rules_fail(in, (size_t)(s - in->s) + at, "%s", r == -EINVAL ? reason.s : diag_strerror(r));
	strbuf_release(&reason);
	return r;
}

/* A word, or a string in quotes with JSON's escapes; *ret is owned by the caller. */
static int value_word(struct rules_line *in, struct rule_word *ret)
{
	size_t start = in->pos, lone, end = start + 1;
	const char *s;

	*ret = (struct rule_word){.quoted = in->s[start] == '"'};
	if (!ret->quoted) {
		int r = rules_word(in, "a value", &s, &ret->len);
		if (r < 0)
			return r;
		if (memchr(s, ',', ret->len))
			return rules_fail(
				in, start, "values have blanks between them; one with a ',' in it goes in quotes");
		ret->is_number = rules_number(s, ret->len, &ret->number);
		ret->s = xstrndup(s, ret->len);
		return 0;
	}
	while (end < in->len && in->s[end] != '"')
		end += in->s[end] == '\\' ? 2 : 1;
	if (end >= in->len)
		return rules_fail(in, in->len, "a closing quote is missing");
	ret->s = xstrndup(in->s + start + 1, end - start - 1);
	in->pos = end + 1;
	if (json_unescape(ret->s, in->s + start + 1, end - start - 1, &ret->len, &lone) == 0 && lone == SIZE_MAX) {
		ret->s[ret->len] = '\0';
		return 0;
	}
	free(ret->s);
	return rules_fail(in, start, "a bad escape");
}

static int one_of(struct rules_line *in, struct rule *rule)
{
	if (!rules_more(in))
		return rules_fail(in, in->pos, "a value is missing");
	while (rules_more(in)) {
		struct rule_word word;
		int r = value_word(in, &word);
		if (r < 0)
			return r;
		rule->words = xreallocarray(rule->words, rule->word_count + 1, sizeof(*rule->words));
		rule->words[rule->word_count++] = word;
	}
	return 0;
}

/* JSON is used as it is, everything else is a string. */
static int default_value(struct rules_line *in, struct rule *rule)
{
	struct json *json;
	const struct path root = {0};
	const char *s;
	size_t len;
	int r = rules_rest(in, "a value", &s, &len);

	if (r < 0)
		return r;
	if (*s == '=')
		return rules_fail(in, (size_t)(s - in->s),
			"the value stands alone, without '='; one that contains '=' goes in quotes");
	if (!utf8_valid(s, len))
		return rules_fail(in, (size_t)(s - in->s) + utf8_valid_prefix(s, len), "the value is not UTF-8");
	if (json_new(&json) < 0)
		return rules_fail(in, in->pos, "out of memory");
	(void)json_add(json, &root);
	if (json_read(json, s, len) == 0) {
		rule->json = xstrndup(s, len);
		rule->value_type = json_values(json)->type;
		rule->plain = xstrndup(json_values(json)->s, json_values(json)->len);
	} else if (*s == '"' || *s == '{' || *s == '[') {
		r = rules_fail(in, (size_t)(s - in->s) + json_error(json)->pos, "%s", json_error(json)->what);
	} else {
		char *quoted = xmalloc(JSONOUT_MAX(len) + 1);
		*jsonout_string(quoted, s, len) = '\0';
		rule->json = quoted;
		rule->value_type = VALUE_STRING;
		rule->plain = xstrndup(s, len);
	}
	json_free(json);
	return r;
}

#define TYPES "int|float|bool|string|time"
#define MASKS "hash|redact|last4|null"

static int type(struct rules_line *in, struct rule *rule)
{
	return rules_choice(in, TYPES, rule);
}

static int mask(struct rules_line *in, struct rule *rule)
{
	return rules_choice(in, MASKS, rule);
}

const struct rules_form rules_forms[RULE_KINDS] = {
	[RULE_REQUIRE] = {"require", RULES_ONE, NULL, "require FIELD", "it is there, and not null"},
	[RULE_TYPE] = {"type", RULES_ONE, type, "type FIELD " TYPES, "it is, or becomes, of the type"},
	[RULE_RANGE] = {"range", RULES_ONE, range, "range FIELD LOW HIGH", "it is a number from LOW to HIGH"},
	[RULE_MATCH] = {"match", RULES_ONE, match, "match FIELD REGEX", "it is a string that matches"},
	[RULE_ONE_OF] = {"one-of", RULES_ONE, one_of, "one-of FIELD VALUE ...", "it is one of the values"},
	[RULE_DEFAULT] = {"default", RULES_ONE, default_value, "default FIELD VALUE",
		"it becomes VALUE when it is null"},
	[RULE_RENAME] = {"rename", RULES_PAIR, NULL, "rename FIELD NEW", "it is renamed"},
	[RULE_DROP] = {"drop", RULES_LIST, NULL, "drop FIELD,...", "it is removed"},
	[RULE_KEEP] = {"keep", RULES_LIST, NULL, "keep FIELD,...", "everything else is removed"},
	[RULE_TRIM] = {"trim", RULES_ONE, NULL, "trim FIELD", "it loses white space at both ends"},
	[RULE_LOWER] = {"lower", RULES_ONE, NULL, "lower FIELD", "small letters"},
	[RULE_UPPER] = {"upper", RULES_ONE, NULL, "upper FIELD", "capitals"},
	[RULE_TIME] = {"time", RULES_ONE, rules_time, "time FIELD [FORMAT]", "it becomes RFC 3339 in UTC"},
	[RULE_MASK] = {"mask", RULES_ONE, mask, "mask FIELD " MASKS, "it is made unreadable"},
	[RULE_DEDUPE] = {"dedupe", RULES_LIST, rules_within, "dedupe FIELD,... within DURATION [by TIME]",
		"no other record had the same within DURATION"},
};
