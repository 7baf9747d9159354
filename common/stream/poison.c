/* Where a refused record came from: see poison.h. */
#include "common/stream/poison.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/visible.h"

enum {
	SHOWN = 100, /* bytes of the record in a message */
	LINES = 20,  /* partitions that are named */
	TOPIC_MAX = 249,
};

/* A stretch of a partition. */
struct range {
	char topic[TOPIC_MAX + 1];
	int64_t partition, from, to;
};

/* --- JSON without blanks, as in marks and in what consume writes -------------------------------------------------- */

/* Behind the string that begins at P, its quotes included; NULL: there is none. */
static const char *behind_string(const char *p, const char *end)
{
	if (p == end || *p != '"')
		return NULL;
	for (p++; p < end && *p != '"'; p++)
		if (*p == '\\' && ++p == end)
			return NULL;
	return p < end ? p + 1 : NULL;
}

/* Behind the value that begins at P, which a comma or a bracket ends; NULL: it has no end. */
static const char *behind_value(const char *p, const char *end)
{
	int depth = 0;
	while (p && p < end) {
		if (*p == '"') {
			p = behind_string(p, end);
			continue;
		}
		if (!depth && (*p == ',' || *p == '}' || *p == ']'))
			return p;
		depth += (*p == '{' || *p == '[') - (*p == '}' || *p == ']');
		p++;
	}
	return NULL;
}

/* The whole number at P into *RET and behind it; NULL: it is none. */
static const char *number(const char *p, const char *end, int64_t *ret)
{
	const char *start = p;
	int64_t v = 0;
	for (; p && p < end && *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, *p - '0', &v))
			return NULL;
	*ret = v;
	return p == start ? NULL : p;
}

/* The name of a member at *P, of FIT bytes at most, into RET with a NUL; moves *P behind its colon. */
static bool name(const char **p, const char *end, char *ret, size_t fit)
{
	const char *after = behind_string(*p, end);
	size_t len = after ? (size_t)(after - *p) - 2 : 0;
	if (!after || after == end || *after != ':' || len > fit)
		return false;
	memcpy(ret, *p + 1, len);
	ret[len] = '\0';
	*p = after + 1;
	return true;
}

/* --- what the record says ----------------------------------------------------------------------------------------- */

/* One member of the record: its name is known to end at P. */
static void take_member(const char *key, const char *p, const char *end, struct range *at, unsigned *ret_seen)
{
	const char *after;
	if (strcmp(key, "topic") == 0 && (after = behind_string(p, end)) && after - p - 2 <= TOPIC_MAX) {
		memcpy(at->topic, p + 1, (size_t)(after - p) - 2);
		at->topic[after - p - 2] = '\0';
		*ret_seen |= 1;
	} else if (strcmp(key, "partition") == 0 && number(p, end, &at->partition)) {
		*ret_seen |= 2;
	} else if (strcmp(key, "offset") == 0 && number(p, end, &at->from)) {
		*ret_seen |= 4;
	}
}

/* Whether the record S is an object that names its topic, partition and offset. */
static bool names_itself(const struct strbuf *s, struct range *ret)
{
	const char *p = s->s, *end = s->s + s->len;
	unsigned seen = 0;
	char key[16];
	*ret = (struct range){0};
	if (p == end || *p++ != '{')
		return false;
	while (p && p < end && *p != '}') {
		const char *after = behind_string(p, end);
		if (!after || after == end || *after != ':')
			break;
		if (name(&p, end, key, sizeof key - 1))
			take_member(key, p, end, ret, &seen);
		p = behind_value(after + 1, end);
		if (p && *p == ',')
			p++;
	}
	ret->to = seen == 7 && ret->from < INT64_MAX ? ret->from + 1 : ret->from;
	return ret->from < ret->to;
}

/* --- what the mark says ------------------------------------------------------------------------------------------- */

/* Call TAKE for each partition in `off` of MARK with records: {"topic":{"0":[from,to],…},…}. */
static void each_range(const struct mark *mark, void (*take)(void *arg, const struct range *r), void *arg)
{
	size_t len;
	const char *p = mark_object(mark, "off", &len), *end = p ? p + len : NULL;
	struct range r;
	char key[16];
	if (p)
		p++;
	while (p && p < end && name(&p, end, r.topic, TOPIC_MAX) && *p == '{') {
		p++;
		while (p && p < end && name(&p, end, key, sizeof key - 1) && *p == '[') {
			r.partition = strtoll(key, NULL, 10);
			p = number(p + 1, end, &r.from);
			p = p && *p == ',' ? number(p + 1, end, &r.to) : NULL;
			if (p && r.from < r.to)
				take(arg, &r);
			p = p && *p == ']' ? p + 1 : NULL;
			p = p && *p == ',' ? p + 1 : p;
		}
		p = p && *p == '}' ? p + 1 : NULL;
		p = p && *p == ',' ? p + 1 : p;
	}
}

struct teller {
	const struct range *at; /* where the record says that it is from, or NULL */
	bool found;
	unsigned lines;
};

/* Whether the range is where the record was read. */
static void match(void *arg, const struct range *r)
{
	struct teller *t = arg;
	const struct range *at = t->at;
	t->found |= strcmp(r->topic, at->topic) == 0 && r->partition == at->partition && r->from <= at->from &&
		    at->from < r->to;
}

/* Name the range, and the command that shows it, whatever bytes the values have. */
static void tell(const struct range *r)
{
	static const char legal[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
	struct strbuf b = STRBUF_INIT;
	strbuf_addf(&b, "topic '%s', partition %" PRId64 ", offset", r->topic, r->partition);
	if (r->from + 1 == r->to)
		strbuf_addf(&b, " %" PRId64, r->from);
	else
		strbuf_addf(&b, "s %" PRId64 " to %" PRId64, r->from, r->to - 1);
	if (!r->topic[strspn(r->topic, legal)]) /* else no broker has it, and a shell would take it apart */
		strbuf_addf(&b, ": weir consume -p %" PRId64 " --from %" PRId64 " --to %" PRId64 " --format json %s%s",
			r->partition, r->from, r->to, *r->topic == '-' ? "-- " : "", r->topic);
	warn("%s", b.s);
	strbuf_release(&b);
}

static void tell_range(void *arg, const struct range *r)
{
	struct teller *t = arg;
	if (t->lines++ < LINES)
		tell(r);
}

void poison_tell(const struct flow *flow, const struct mark *mark)
{
	struct strbuf start = STRBUF_INIT;
	struct range at;
	struct teller t = {.at = &at};
	bool named = flow->has_refused && names_itself(&flow->refused, &at);
	if (mark && mark->kind != MARK_BATCH)
		mark = NULL;
	visible_add_start(&start, flow->refused.s, flow->refused.len, SHOWN);
	if (flow->has_refused)
		warn("that record begins '%s'; nothing of its batch is acknowledged", start.s);
	strbuf_release(&start);
	if (mark && named)
		each_range(mark, match, &t);
	if (named && t.found)
		tell(&at);
	else if (mark)
		each_range(mark, tell_range, &t);
	else
		warn("the end of its batch has not come, so where it was read is not known");
	if (t.lines > LINES)
		warn("and in %u more partitions", t.lines - LINES);
}
