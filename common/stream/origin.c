/* Where records were read: see origin.h. */
#include "common/stream/origin.h"

#include <stdlib.h>
#include <string.h>

/* --- JSON without blanks, as in marks and in what consume writes -------------------------------------------------- */

/* After the string that begins at P, its quotes included; NULL: there is none. */
static const char *behind_string(const char *p, const char *end)
{
	if (p == end || *p != '"')
		return NULL;
	for (p++; p < end && *p != '"'; p++)
		if (*p == '\\' && ++p == end)
			return NULL;
	return p < end ? p + 1 : NULL;
}

/* After the value that begins at P, which a comma or a bracket ends; NULL: it has no end. */
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

/* The whole number at P into *RET and after it; NULL: it is not one. */
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

/* The name of a member at *P, of FIT bytes at most, into RET with a NUL; moves *P after its colon. */
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
static void take_member(const char *key, const char *p, const char *end, struct origin *at, unsigned *ret_seen)
{
	const char *after;
	if (strcmp(key, "topic") == 0 && (after = behind_string(p, end)) && after - p - 2 <= ORIGIN_TOPIC_MAX) {
		memcpy(at->topic, p + 1, (size_t)(after - p) - 2);
		at->topic[after - p - 2] = '\0';
		*ret_seen |= 1;
	} else if (strcmp(key, "partition") == 0 && number(p, end, &at->partition)) {
		*ret_seen |= 2;
	} else if (strcmp(key, "offset") == 0 && number(p, end, &at->from)) {
		*ret_seen |= 4;
	}
}

bool origin_of_record(const char *s, size_t len, struct origin *ret)
{
	const char *p = s, *end = s + len;
	/*
	 * The output of `consume --envelope` begins with _topic; any further members of these names belong to the
	 * value.
	 */
	bool envelope = len > 2 && s[2] == '_';
	unsigned seen = 0;
	char key[16];
	*ret = (struct origin){0};
	if (p == end || *p++ != '{')
		return false;
	while (p && p < end && *p != '}') {
		const char *after = behind_string(p, end);
		if (!after || after == end || *after != ':')
			break;
		if (name(&p, end, key, sizeof key - 1) && (*key == '_') == envelope)
			take_member(key + envelope, p, end, ret, &seen);
		p = behind_value(after + 1, end);
		if (p && *p == ',')
			p++;
	}
	ret->to = seen == 7 && ret->from < INT64_MAX ? ret->from + 1 : ret->from;
	return ret->from < ret->to;
}

/* --- what the mark says ------------------------------------------------------------------------------------------- */

void origin_each(const struct mark *mark, void (*take)(void *arg, const struct origin *r), void *arg)
{
	size_t len;
	const char *p = mark_object(mark, "off", &len), *end = p ? p + len : NULL;
	struct origin r;
	char key[16];
	if (p)
		p++;
	while (p && p < end && name(&p, end, r.topic, ORIGIN_TOPIC_MAX) && *p == '{') {
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

struct search {
	const struct origin *at;
	bool found;
};

static void match(void *arg, const struct origin *r)
{
	struct search *s = arg;
	const struct origin *at = s->at;
	s->found |= strcmp(r->topic, at->topic) == 0 && r->partition == at->partition && r->from <= at->from &&
		    at->from < r->to;
}

bool origin_within(const struct origin *at, const struct mark *mark)
{
	struct search s = {.at = at};
	origin_each(mark, match, &s);
	return s.found;
}

struct whole {
	struct origin *ret;
	unsigned ranges;
	bool topics; /* the batch has more than one topic */
};

static void join(void *arg, const struct origin *r)
{
	struct whole *w = arg;
	w->topics |= w->ranges && strcmp(w->ret->topic, r->topic) != 0;
	if (!w->ranges++)
		*w->ret = *r;
}

void origin_of_batch(const struct mark *mark, struct origin *ret)
{
	struct whole w = {.ret = ret};
	*ret = (struct origin){.partition = -1, .from = -1, .to = -1};
	origin_each(mark, join, &w);
	if (w.topics)
		*ret->topic = '\0';
	if (w.ranges != 1)
		ret->partition = ret->from = ret->to = -1;
}

void origin_find(const struct mark *mark, const struct origin *named, uint64_t nth, struct origin *ret)
{
	if (named->from < named->to && origin_within(named, mark)) {
		*ret = *named;
		return;
	}
	origin_of_batch(mark, ret);
	/*
	 * Only when the mark comes straight from the source is it certain that nothing was left out, added or sorted on
	 * the way.
	 */
	bool in_order = strcmp(mark->by, "consume") == 0 && ret->from >= 0 && ret->to - ret->from == (int64_t)mark->n;
	ret->from = in_order && nth && nth <= mark->n ? ret->from + (int64_t)nth - 1 : -1;
	ret->to = ret->from < 0 ? -1 : ret->from + 1;
}
