/* Rules of cleaning: what stands behind the fields. */
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

int rules_add_field(struct rules_line *in, struct rule *rule)
{
	struct expr_field field;
	int r = rules_field(in, &field);

	if (r < 0)
		return r;
	rule->fields = xreallocarray(rule->fields, rule->field_count + 1, sizeof(*rule->fields));
	rule->fields[rule->field_count++] = field;
	return 0;
}

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

/* The rest of the line. */
static int rest(struct rules_line *in, const char *what, const char **ret_s, size_t *ret_len)
{
	if (!rules_more(in))
		return rules_fail(in, in->pos, "%s is missing", what);
	size_t end = in->len;
	while (end > in->pos && rules_is_blank(in->s[end - 1]))
		end--;
	*ret_s = in->s + in->pos;
	*ret_len = end - in->pos;
	in->pos = in->len;
	return 0;
}

static int match(struct rules_line *in, struct rule *rule)
{
	const char *s;
	size_t len, at = 0;
	struct strbuf reason = STRBUF_INIT;
	int r = rest(in, "a regular expression", &s, &len);

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

/* JSON is taken as it is, everything else is a string. */
static int default_value(struct rules_line *in, struct rule *rule)
{
	struct json *json;
	const struct path root = {0};
	const char *s;
	size_t len;
	int r = rest(in, "a value", &s, &len);

	if (r < 0)
		return r;
	if (*s == '=')
		return rules_fail(
			in, (size_t)(s - in->s), "the value stands alone, without '='; a text with one goes in quotes");
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

static int time_pattern(struct rules_line *in, struct rule *rule)
{
	struct strbuf reason = STRBUF_INIT;
	const char *s;
	size_t len;

	if (!rules_more(in))
		return 0; /* RFC 3339 or a number of any unit */
	int r = rest(in, "a format", &s, &len);
	if (r < 0)
		return r;
	if (len >= 2 && *s == '"' && s[len - 1] == '"') {
		s++;
		len -= 2;
	}
	char *pattern = xstrndup(s, len);
	rule->has_format = true;
	if (time_format_init(&rule->format, pattern, &reason) < 0)
		r = rules_fail(in, (size_t)(s - in->s), "%s%s", reason.s,
			strchr(pattern, '%') ? "" : "; a format is as %Y-%m-%d, and without one RFC 3339 is read");
	free(pattern);
	strbuf_release(&reason);
	return r;
}

/* `by .ts` */
static int by(struct rules_line *in, struct rule *rule)
{
	const char *s;
	size_t len;
	int r = rules_word(in, "'by'", &s, &len);

	if (r < 0)
		return r;
	if (len != 2 || memcmp(s, "by", 2) != 0)
		return rules_fail(
			in, (size_t)(s - in->s), "'by' and a field with a time, or nothing, is expected here");
	rules_more(in);
	size_t start = in->pos;
	if ((r = rules_add_field(in, rule)) < 0)
		return r;
	const struct expr_field *f = &rule->fields[rule->field_count - 1];
	return f->column || f->path.count ? 0 : rules_fail(in, start, "the whole record (.) is no time");
}

static int window(struct rules_line *in, struct rule *rule)
{
	const char *s;
	size_t len;
	int r = rules_word(in, "'within'", &s, &len);

	if (r < 0)
		return r;
	if (len != 6 || memcmp(s, "within", 6) != 0)
		return rules_fail(in, (size_t)(s - in->s), "'within' is expected here");
	if ((r = rules_word(in, "a duration", &s, &len)) < 0)
		return r;
	char *text = xstrndup(s, len);
	if (num_duration(text, &rule->window_ms) < 0 || rule->window_ms == 0)
		r = rules_fail(in, (size_t)(s - in->s), "a duration is expected here, such as 10m");
	free(text);
	rule->key_count = rule->field_count;
	return r < 0 || !rules_more(in) ? r : by(in, rule);
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
	[RULE_RENAME] = {"rename", RULES_PAIR, NULL, "rename FIELD NEW", "it gets another name"},
	[RULE_DROP] = {"drop", RULES_LIST, NULL, "drop FIELD,...", "it is removed"},
	[RULE_KEEP] = {"keep", RULES_LIST, NULL, "keep FIELD,...", "everything else is removed"},
	[RULE_TRIM] = {"trim", RULES_ONE, NULL, "trim FIELD", "it loses white space at both ends"},
	[RULE_LOWER] = {"lower", RULES_ONE, NULL, "lower FIELD", "small letters"},
	[RULE_UPPER] = {"upper", RULES_ONE, NULL, "upper FIELD", "capitals"},
	[RULE_TIME] = {"time", RULES_ONE, time_pattern, "time FIELD [FORMAT]", "it becomes RFC 3339 in UTC"},
	[RULE_MASK] = {"mask", RULES_ONE, mask, "mask FIELD " MASKS, "it is made unreadable"},
	[RULE_DEDUPE] = {"dedupe", RULES_LIST, window, "dedupe FIELD,... within DURATION [by FIELD]",
		"no record had it within DURATION"},
};
