/* Places in a partition as users write them: see where_parse.h. */
#include "common/data/where_parse.h"

#include <errno.h>
#include <string.h>

#include "common/base/hint.h"
#include "common/base/num.h"
#include "common/data/time.h"

/* Brokers and librdkafka give negative times a meaning such as "end"; nobody asks for records that are so old. */
static struct where at(int64_t ms)
{
	return ms < 0 ? (struct where){WHERE_START, 0} : (struct where){WHERE_TIME, ms};
}

static int parse_time(const char *s, int64_t now_ms, struct where *ret)
{
	struct timespec t;
	int64_t ago;
	int r;
	if (*s == '-') {
		r = num_duration(s + 1, &ago);
		if (!r)
			*ret = at(now_ms - ago);
		return r;
	}
	r = time_parse(s, strlen(s), &t);
	if (!r)
		*ret = at(time_ms(&t));
	return r;
}

static int parse_number(const char *s, struct where *ret)
{
	enum where_kind kind = *s == '+' ? WHERE_AFTER : *s == '-' ? WHERE_BEFORE : WHERE_OFFSET;
	uint64_t n;
	int r = num_u64(s + (kind != WHERE_OFFSET), &n);
	if (r)
		return r;
	if (n > INT64_MAX)
		return -ERANGE;
	*ret = (struct where){kind, (int64_t)n};
	return 0;
}

static const struct {
	const char *word;
	enum where_kind kind;
} words[] = {{"start", WHERE_START}, {"end", WHERE_END}, {"stored", WHERE_STORED}};

#define WORDS (sizeof words / sizeof *words)

static const char *word_at(size_t i)
{
	return i < WORDS ? words[i].word : NULL;
}

/* The names of these places in kcat, Kafka's own tools and rpk. */
static const struct hint hints[] = {
	{"beginning", "start"},
	{"earliest", "start"},
	{"smallest", "start"},
	{"oldest", "start"},
	{"first", "start"},
	{"latest", "end"},
	{"largest", "end"},
	{"newest", "end"},
	{"last", "end"},
	{"now", "end"},
	{"committed", "stored"},
	{"current", "stored"},
	{0},
};

/* S is not a place: append what it was probably meant for, if that is known. */
static void add_meant(const char *s, struct strbuf *out)
{
	const char *word = hint_find(hints, s);
	struct where time;
	int64_t ago;

	if (!word)
		word = hint_near(s, word_at);
	if (word)
		strbuf_addstr(out, word);
	else if (s[0] && s[1] == '@') /* s@TIME, e@TIME of kcat */
		strbuf_addstr(out, s + 1);
	else if (parse_time(s, 0, &time) == 0)
		strbuf_addf(out, "@%s", s);
	else if (num_duration(s, &ago) == 0)
		strbuf_addf(out, "@-%s", s);
}

static void explain(const char *s, struct strbuf *err)
{
	struct strbuf word = STRBUF_INIT;

	add_meant(s, &word);
	if (word.len)
		strbuf_addf(err, "is not a place; did you mean %s?", word.s);
	else
		strbuf_addstr(err, "is not start, end, stored, an offset, +N, -N or @TIME");
	strbuf_release(&word);
}

int where_parse(const char *s, int64_t now_ms, struct where *ret, struct strbuf *err)
{
	for (size_t i = 0; i < WORDS; i++)
		if (strcmp(s, words[i].word) == 0) {
			*ret = (struct where){words[i].kind, 0};
			return 0;
		}
	int r = *s == '@' ? parse_time(s + 1, now_ms, ret) : parse_number(s, ret);
	if (r == -ERANGE)
		strbuf_addstr(err, "is out of range");
	else if (r && *s == '@')
		strbuf_addstr(err, "is not @ and a time (2026-11-22T10:00:00Z, 1700000000000, -90m)");
	else if (r)
		explain(s, err);
	return r;
}
