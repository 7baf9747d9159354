/* What sinks have answered to a Q mark: see ackd.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "common/stream/ackd.h"

bool ackd_answered(const struct ackd *d, uint64_t batch)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->sinks[i].hello && d->sinks[i].answered != batch + 1)
			return false;
	return ackd_ready(d);
}

static const json_t *answer_of(const struct ackd_sink *s, const char *topic, int32_t partition)
{
	char key[16];
	snprintf(key, sizeof key, "%" PRId32, partition);
	return json_object_get(json_object_get(s->at, topic), key);
}

bool ackd_holds(const struct ackd *d, const char *topic, int32_t partition)
{
	for (size_t i = 0; i < d->count; i++)
		if (answer_of(&d->sinks[i], topic, partition))
			return true;
	return false;
}

struct cut ackd_cut(const struct ackd *d, const char *topic, int32_t partition)
{
	char key[16];
	struct cut found = {0};
	bool any = false;
	snprintf(key, sizeof key, "%" PRId32, partition);
	for (size_t i = 0; i < d->count; i++) {
		const struct ackd_sink *s = &d->sinks[i];
		struct cut cut;
		if (!answer_of(s, topic, partition))
			continue;
		if (!cut_read(json_object_get(json_object_get(s->cut, topic), key), &cut) ||
			(any && !cut_same(&cut, &found)))
			return (struct cut){0};
		any = true;
		found = cut;
	}
	return found;
}

static void tell_position(struct strbuf *err, const struct ackd_sink *s, int64_t at)
{
	strbuf_addf(err, "%s%s", err->len ? ", " : "", s->name);
	if (s->table)
		strbuf_addf(err, " (table %s)", s->table);
	if (at < 0)
		strbuf_addstr(err, " holds none");
	else
		strbuf_addf(err, " holds %" PRId64, at);
}

int ackd_position(const struct ackd *d, const char *topic, int32_t partition, int64_t *ret, struct strbuf *err)
{
	int64_t found = -1;
	bool any = false, differ = false;
	for (size_t i = 0; i < d->count; i++) {
		const json_t *at = answer_of(&d->sinks[i], topic, partition);
		if (!at)
			continue;
		int64_t position = json_is_integer(at) ? json_integer_value(at) : -1;
		differ |= any && found != position;
		any = true;
		found = position;
		tell_position(err, &d->sinks[i], position);
	}
	if (differ)
		return -EEXIST;
	strbuf_clear(err);
	*ret = found;
	return 0;
}

int ackd_parts(const struct ackd *d, const char *topic, int32_t *ret, struct strbuf *err)
{
	int32_t found = -1;
	bool differ = false;
	for (size_t i = 0; i < d->count; i++) {
		const json_t *n = json_object_get(d->sinks[i].parts, topic);
		if (!json_is_integer(n) || json_integer_value(n) < 0 || json_integer_value(n) > INT32_MAX)
			continue;
		int32_t parts = (int32_t)json_integer_value(n);
		differ |= found >= 0 && found != parts;
		found = parts;
		strbuf_addf(err, "%s%s says %" PRId32, err->len ? ", " : "", d->sinks[i].name, parts);
	}
	if (differ)
		return -EEXIST;
	strbuf_clear(err);
	*ret = found;
	return 0;
}

bool ackd_began(const struct ackd *d)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->sinks[i].began)
			return true;
	return false;
}

bool ackd_in_group(const struct ackd *d)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->sinks[i].in_group)
			return true;
	return false;
}

bool ackd_last(const struct ackd *d, const char *topic, int32_t partition, struct mark_range *ret)
{
	char key[16];
	snprintf(key, sizeof key, "%" PRId32, partition);
	for (size_t i = 0; i < d->count; i++) {
		const json_t *last = json_object_get(json_object_get(d->sinks[i].last, topic), key);
		if (last && ranges_read_last(ret, last))
			return true;
	}
	return false;
}

/*
 * The highest batch that every sink has acknowledged (or, without ACKNOWLEDGED, only seen), plus one; 0 until all sinks
 * are connected.
 */
static uint64_t least(const struct ackd *d, bool acknowledged)
{
	uint64_t least = ackd_ready(d) ? UINT64_MAX : 0;
	for (size_t i = 0; i < d->count; i++) {
		const struct ackd_sink *s = &d->sinks[i];
		uint64_t batches = acknowledged ? s->done : s->seen;
		if (s->hello && batches < least)
			least = batches;
	}
	return least;
}

uint64_t ackd_done(const struct ackd *d)
{
	return least(d, true);
}

uint64_t ackd_seen(const struct ackd *d)
{
	return least(d, false);
}

void ackd_final(struct ackd *d, uint64_t batches)
{
	d->last = batches;
}
