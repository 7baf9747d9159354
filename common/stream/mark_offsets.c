/* Writing what marks tell about each partition: see mark_offsets.h. */
#include "common/stream/mark_offsets.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

void mark_add_string(struct strbuf *out, const char *s)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/";
	if (!s[strspn(s, plain)]) { /* as Kafka's topics are */
		strbuf_addf(out, "\"%s\"", s);
		return;
	}
	json_t *v = json_string(s);
	char *text = v ? json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
	strbuf_addstr(out, text ? text : "\"\"");
	free(text);
	json_decref(v);
}

/* Append BEFORE, the TOPIC as the name of a member, and AFTER. */
static void add_topic(struct strbuf *out, const char *before, const char *topic, const char *after)
{
	strbuf_addstr(out, before);
	mark_add_string(out, topic);
	strbuf_addf(out, ":%s", after);
}

/* Append `,"NAME":{topic:{partition:VALUE}}`, VALUE being what ADD writes; parts for which ADD writes nothing are left
 * out. */
static void add_member(struct strbuf *out, const char *name, const struct mark_range *parts, size_t count,
	void (*add)(struct strbuf *, const struct mark_range *))
{
	const char *topic = NULL;
	struct strbuf value = STRBUF_INIT;
	strbuf_addf(out, ",\"%s\":{", name);
	for (size_t i = 0; i < count; i++) {
		strbuf_clear(&value);
		add(&value, &parts[i]);
		if (!value.len)
			continue;
		if (!topic || strcmp(topic, parts[i].topic) != 0)
			add_topic(out, topic ? "}," : "", parts[i].topic, "{");
		else
			strbuf_addch(out, ',');
		topic = parts[i].topic;
		strbuf_addf(out, "\"%" PRId32 "\":%s", parts[i].partition, value.s);
	}
	strbuf_addstr(out, topic ? "}}" : "}");
	strbuf_release(&value);
}

static void add_off(struct strbuf *out, const struct mark_range *part)
{
	strbuf_addf(out, "[%" PRId64 ",%" PRId64 "]", part->from, part->to);
}

static void add_records(struct strbuf *out, const struct mark_range *part)
{
	strbuf_addf(out, "%" PRIu64, part->records);
}

static void add_last(struct strbuf *out, const struct mark_range *part)
{
	if (part->has_last)
		strbuf_addf(out, "[%" PRId64 ",\"%08" PRIx32 "\",%" PRId64 "]", part->last_ms, part->last_crc,
			part->last_offset);
}

static void add_position(struct strbuf *out, int64_t position)
{
	if (position != RANGE_NONE)
		strbuf_addf(out, "%" PRId64, position);
	else
		strbuf_addstr(out, "null");
}

static void add_was(struct strbuf *out, const struct mark_range *part)
{
	add_position(out, part->was);
}

static void add_start(struct strbuf *out, const struct mark_range *part)
{
	add_position(out, part->start);
}

static void add_cut(struct strbuf *out, const struct mark_range *part)
{
	if (part->held)
		cut_add(out, &part->cut);
}

static void add_known_cut(struct strbuf *out, const struct mark_range *part)
{
	if (part->cut.known)
		cut_add(out, &part->cut);
}

static void add_end(struct strbuf *out, const struct mark_range *part)
{
	if (part->end != RANGE_NONE)
		strbuf_addf(out, "%" PRId64, part->end);
}

/* The same, but append nothing when VALUE is left out for all of them. */
static void add_member_if_any(struct strbuf *out, const char *name, const struct mark_range *parts, size_t count,
	void (*add)(struct strbuf *, const struct mark_range *))
{
	size_t before = out->len;
	add_member(out, name, parts, count, add);
	if (out->len == before + strlen(name) + strlen(",\"\":{}"))
		strbuf_setlen(out, before);
}

/* Append `,"parts":{topic:N}`, unless it would be empty. */
static void add_topic_parts(struct strbuf *out, const struct mark_range *parts, size_t count)
{
	const char *topic = NULL;
	for (size_t i = 0; i < count; i++) {
		if (parts[i].topic_parts == RANGE_NONE || (topic && strcmp(topic, parts[i].topic) == 0))
			continue;
		add_topic(out, topic ? "," : ",\"parts\":{", parts[i].topic, "");
		strbuf_addf(out, "%" PRId32, parts[i].topic_parts);
		topic = parts[i].topic;
	}
	strbuf_addstr(out, topic ? "}" : "");
}

void ranges_add_batch(struct strbuf *out, const struct mark_range *parts, size_t count)
{
	add_member(out, "off", parts, count, add_off);
	add_member(out, "r", parts, count, add_records);
	add_member(out, "last", parts, count, add_last);
	add_member_if_any(out, "cut", parts, count, add_cut);
}

void ranges_add_resume(struct strbuf *out, const struct mark_range *parts, size_t count)
{
	add_member(out, "was", parts, count, add_was);
	add_member(out, "start", parts, count, add_start);
	add_member_if_any(out, "cut", parts, count, add_cut);
	add_topic_parts(out, parts, count);
	add_member_if_any(out, "end", parts, count, add_end);
}

void ranges_add_slowest(struct strbuf *out, const char *topic, int32_t partition)
{
	add_topic(out, ",\"slow\":{", topic, "");
	strbuf_addf(out, "%" PRId32 "}", partition);
}

void ranges_add_answer(struct strbuf *out, const struct mark_range *parts, size_t count)
{
	add_member(out, "at", parts, count, add_was);
	add_member(out, "last", parts, count, add_last);
	add_member_if_any(out, "cut", parts, count, add_known_cut);
	add_topic_parts(out, parts, count);
}

void ranges_add_query(struct strbuf *out, const struct mark_range *parts, size_t count)
{
	strbuf_addstr(out, ",\"ask\":{");
	for (size_t i = 0; i < count; i++) {
		if (i && strcmp(parts[i].topic, parts[i - 1].topic) == 0)
			strbuf_addf(out, ",%" PRId32, parts[i].partition);
		else {
			add_topic(out, i ? "]," : "", parts[i].topic, "[");
			strbuf_addf(out, "%" PRId32, parts[i].partition);
		}
	}
	strbuf_addstr(out, count ? "]}" : "}");
}
