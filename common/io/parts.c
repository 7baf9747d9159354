/* What marks say about each partition: see parts.h. */
#include "common/io/parts.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

/* Append `,"NAME":{topic:{partition:VALUE}}`, VALUE being what ADD writes; parts for which ADD writes nothing are left
 * out. */
static void add_member(struct strbuf *out, const char *name, const struct mark_part *parts, size_t count,
	void (*add)(struct strbuf *, const struct mark_part *))
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
			strbuf_addf(out, "%s\"%s\":{", topic ? "}," : "", parts[i].topic);
		else
			strbuf_addch(out, ',');
		topic = parts[i].topic;
		strbuf_addf(out, "\"%" PRId32 "\":%s", parts[i].partition, value.s);
	}
	strbuf_addstr(out, topic ? "}}" : "}");
	strbuf_release(&value);
}

static void add_off(struct strbuf *out, const struct mark_part *part)
{
	strbuf_addf(out, "[%" PRId64 ",%" PRId64 "]", part->from, part->to);
}

static void add_records(struct strbuf *out, const struct mark_part *part)
{
	strbuf_addf(out, "%" PRIu64, part->records);
}

static void add_last(struct strbuf *out, const struct mark_part *part)
{
	if (part->has_last)
		strbuf_addf(out, "[%" PRId64 ",\"%08" PRIx32 "\",%" PRId64 "]", part->last_ms, part->last_crc,
			part->last_offset);
}

static void add_position(struct strbuf *out, int64_t position)
{
	if (position != PART_NONE)
		strbuf_addf(out, "%" PRId64, position);
	else
		strbuf_addstr(out, "null");
}

static void add_was(struct strbuf *out, const struct mark_part *part)
{
	add_position(out, part->was);
}

static void add_start(struct strbuf *out, const struct mark_part *part)
{
	add_position(out, part->start);
}

static void add_end(struct strbuf *out, const struct mark_part *part)
{
	if (part->end != PART_NONE)
		strbuf_addf(out, "%" PRId64, part->end);
}

void parts_add_batch(struct strbuf *out, const struct mark_part *parts, size_t count)
{
	add_member(out, "off", parts, count, add_off);
	add_member(out, "r", parts, count, add_records);
	add_member(out, "last", parts, count, add_last);
}

void parts_add_resume(struct strbuf *out, const struct mark_part *parts, size_t count)
{
	add_member(out, "was", parts, count, add_was);
	add_member(out, "start", parts, count, add_start);
	for (size_t i = 0; i < count; i++) {
		if (parts[i].end == PART_NONE)
			continue;
		add_member(out, "end", parts, count, add_end);
		break;
	}
}

void parts_add_query(struct strbuf *out, const struct mark_part *parts, size_t count)
{
	strbuf_addstr(out, ",\"ask\":{");
	for (size_t i = 0; i < count; i++) {
		if (i && strcmp(parts[i].topic, parts[i - 1].topic) == 0)
			strbuf_addf(out, ",%" PRId32, parts[i].partition);
		else
			strbuf_addf(out, "%s\"%s\":[%" PRId32, i ? "]," : "", parts[i].topic, parts[i].partition);
	}
	strbuf_addstr(out, count ? "]}" : "}");
}

/* The item of TOPIC PARTITION, made when it is not there yet. */
static struct mark_part *get(struct mark_parts *parts, const char *topic, int32_t partition)
{
	struct mark_part *part = parts_find(parts, topic, partition);
	if (part)
		return part;
	parts->items = xreallocarray(parts->items, parts->count + 1, sizeof *parts->items);
	part = &parts->items[parts->count++];
	*part = (struct mark_part){.topic = xstrdup(topic), .partition = partition};
	part->from = part->to = part->was = part->start = part->end = PART_NONE;
	return part;
}

static bool read_off(struct mark_part *part, const json_t *v)
{
	const json_t *from = json_array_get(v, 0), *to = json_array_get(v, 1);
	part->from = json_integer_value(from);
	part->to = json_integer_value(to);
	return json_is_integer(from) && json_is_integer(to) && part->from >= 0 && part->to >= part->from;
}

static bool read_records(struct mark_part *part, const json_t *v)
{
	part->records = (uint64_t)json_integer_value(v);
	return json_is_integer(v) && json_integer_value(v) >= 0;
}

bool parts_read_last(struct mark_part *part, const json_t *v)
{
	const char *crc = json_string_value(json_array_get(v, 1));
	char *end = NULL;
	part->last_ms = json_integer_value(json_array_get(v, 0));
	part->last_crc = crc ? (uint32_t)strtoul(crc, &end, 16) : 0;
	part->last_offset = json_integer_value(json_array_get(v, 2));
	part->has_last = true;
	return json_is_integer(json_array_get(v, 0)) && crc && strlen(crc) == 8 && !*end &&
	       json_is_integer(json_array_get(v, 2));
}

static bool read_position(int64_t *ret, const json_t *v)
{
	*ret = json_is_null(v) ? PART_NONE : json_integer_value(v);
	return json_is_null(v) || (json_is_integer(v) && *ret >= 0);
}

static bool read_was(struct mark_part *part, const json_t *v)
{
	return read_position(&part->was, v);
}

static bool read_start(struct mark_part *part, const json_t *v)
{
	return read_position(&part->start, v);
}

/* Every {topic:{partition:value}} of the member NAME through READ. */
static bool read_member(
	struct mark_parts *parts, json_t *mark, const char *name, bool (*read)(struct mark_part *, const json_t *))
{
	const char *topic, *key;
	json_t *partitions, *value;
	json_object_foreach(json_object_get(mark, name), topic, partitions)
	{
		json_object_foreach(partitions, key, value)
		{
			char *end;
			long partition = strtol(key, &end, 10);
			if (!*key || *end || partition < 0 || partition > INT32_MAX)
				return false;
			if (!read(get(parts, topic, (int32_t)partition), value))
				return false;
		}
	}
	return true;
}

/* Every {topic:[partition,…]} of `ask`. */
static bool read_query(struct mark_parts *parts, json_t *mark)
{
	const char *topic;
	json_t *list, *value;
	size_t i;
	json_object_foreach(json_object_get(mark, "ask"), topic, list)
	{
		json_array_foreach(list, i, value)
		{
			if (!json_is_integer(value))
				return false;
			get(parts, topic, (int32_t)json_integer_value(value));
		}
	}
	return true;
}

static int by_name(const void *a, const void *b)
{
	const struct mark_part *x = a, *y = b;
	int r = strcmp(x->topic, y->topic);
	return r ? r : (x->partition > y->partition) - (x->partition < y->partition);
}

int parts_read(const struct mark *mark, struct mark_parts *ret, struct strbuf *err)
{
	struct mark_parts parts = {0};
	json_t *json = json_loadb(mark->text + 1, mark->len - 1, JSON_REJECT_DUPLICATES, NULL);
	bool good = json && read_member(&parts, json, "off", read_off) &&
		    read_member(&parts, json, "r", read_records) &&
		    read_member(&parts, json, "last", parts_read_last) && read_member(&parts, json, "was", read_was) &&
		    read_member(&parts, json, "start", read_start) && read_query(&parts, json);
	json_decref(json);
	if (!good) {
		strbuf_addf(err, "the mark of batch %" PRIu64 " is not understood", mark->batch);
		parts_release(&parts);
		return -EBADMSG;
	}
	if (parts.count)
		qsort(parts.items, parts.count, sizeof *parts.items, by_name);
	*ret = parts;
	return 0;
}

void parts_release(struct mark_parts *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		free(parts->items[i].topic);
	free(parts->items);
	*parts = (struct mark_parts){0};
}

struct mark_part *parts_find(const struct mark_parts *parts, const char *topic, int32_t partition)
{
	for (size_t i = 0; i < parts->count; i++)
		if (parts->items[i].partition == partition && strcmp(parts->items[i].topic, topic) == 0)
			return &parts->items[i];
	return NULL;
}
