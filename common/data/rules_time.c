/* Rules of cleaning: times and durations.  See rules.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/num.h"
#include "common/data/rules_impl.h"
#include "common/data/when.h"

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

int rules_rest(struct rules_line *in, const char *what, const char **ret_s, size_t *ret_len)
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

/* Set the format of the rule's time to the LEN bytes at S. */
static int set_format(struct rules_line *in, const char *s, size_t len, struct rule *rule)
{
	struct strbuf reason = STRBUF_INIT;
	char *pattern = xstrndup(s, len);
	int r = 0;

	rule->has_format = true;
	if (time_format_init(&rule->format, pattern, &reason) < 0)
		r = rules_fail(in, (size_t)(s - in->s), "%s%s", reason.s,
			strchr(pattern, '%') ? "" : "; a format is like %Y-%m-%d, and without one RFC 3339 is read");
	free(pattern);
	strbuf_release(&reason);
	return r;
}

int rules_time(struct rules_line *in, struct rule *rule)
{
	const char *s;
	size_t len;

	if (!rules_more(in))
		return 0; /* RFC 3339 or a number of any unit */
	int r = rules_rest(in, "a format", &s, &len);
	if (r < 0)
		return r;
	if (len >= 2 && *s == '"' && s[len - 1] == '"') {
		s++;
		len -= 2;
	}
	return set_format(in, s, len, rule);
}

/* Read `FORMAT@` before the field of a time, if it is there. */
static int time_format(struct rules_line *in, struct rule *rule)
{
	const char *s = in->s + in->pos, *at = *s == '.' || *s == '$' ? NULL : when_at(s, in->len - in->pos);

	if (!at)
		return 0;
	in->pos += (size_t)(at + 1 - s);
	return set_format(in, s, (size_t)(at - s), rule);
}

/* Read what follows `by`: the time of a record as in when.h, without expressions; `now` is the default. */
static int by_time(struct rules_line *in, struct rule *rule)
{
	bool more = rules_more(in);
	const char *s = in->s + in->pos;

	if (more && in->len - in->pos >= 3 && memcmp(s, "now", 3) == 0 &&
		(in->len - in->pos == 3 || rules_is_blank(s[3]))) {
		in->pos += 3;
		return 0;
	}
	int r = more ? time_format(in, rule) : 0;
	size_t start = in->pos;
	if (r < 0 || (r = rules_add_field(in, rule)) < 0)
		return r;
	const struct expr_field *f = &rule->fields[rule->field_count - 1];
	return f->column || f->path.count ? 0 : rules_fail(in, start, "the whole record (.) is not a time");
}

static int by(struct rules_line *in, struct rule *rule)
{
	const char *s;
	size_t len;
	int r = rules_word(in, "'by'", &s, &len);

	if (r < 0)
		return r;
	if (len != 2 || memcmp(s, "by", 2) != 0)
		return rules_fail(
			in, (size_t)(s - in->s), "'by' and the time of a record, or nothing, is expected here");
	return by_time(in, rule);
}

int rules_within(struct rules_line *in, struct rule *rule)
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
