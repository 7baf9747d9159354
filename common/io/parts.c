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

/* Append `,"parts":{topic:N}`, when there is something to say. */
static void add_topic_parts(struct strbuf *out, const struct mark_part *parts, size_t count)
{
	const char *topic = NULL;
	for (size_t i = 0; i < count; i++) {
		if (parts[i].topic_parts == PART_NONE || (topic && strcmp(topic, parts[i].topic) == 0))
			continue;
		strbuf_addf(
			out, "%s\"%s\":%" PRId32, topic ? "," : ",\"parts\":{", parts[i].topic, parts[i].topic_parts);
		topic = parts[i].topic;
	}
	strbuf_addstr(out, topic ? "}" : "");
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
	add_topic_parts(out, parts, count);
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

static int by_name(const void *a, const void *b)
{
	const struct mark_part *x = a, *y = b;
	int r = strcmp(x->topic, y->topic);
	return r ? r : (x->partition > y->partition) - (x->partition < y->partition);
}

/* The items of a mark while it is read: those of the members before are sorted, new ones stand behind them. */
struct reader {
	struct mark_parts parts;
	size_t room;
	size_t sorted, next; /* `next`: where the item that is asked for next should stand, as marks have one order */
};

static struct mark_part *find_sorted(const struct mark_part *items, size_t count, const char *topic, int32_t partition)
{
	struct mark_part key = {.topic = (char *)(uintptr_t)topic, .partition = partition};
	return count ? bsearch(&key, items, count, sizeof *items, by_name) : NULL;
}

/* The item of TOPIC PARTITION, made when no member before has it. */
static struct mark_part *get(struct reader *r, const char *topic, int32_t partition)
{
	struct mark_parts *parts = &r->parts;
	struct mark_part *part = r->next < r->sorted ? &parts->items[r->next] : NULL;
	if (!part || part->partition != partition || strcmp(part->topic, topic) != 0)
		part = find_sorted(parts->items, r->sorted, topic, partition);
	if (part) {
		r->next = (size_t)(part - parts->items) + 1;
		return part;
	}
	if (parts->count == r->room) {
		r->room += r->room / 2 + 16;
		parts->items = xreallocarray(parts->items, r->room, sizeof *parts->items);
	}
	part = &parts->items[parts->count++];
	*part = (struct mark_part){.topic = xstrdup(topic), .partition = partition};
	part->from = part->to = part->was = part->start = part->end = part->topic_parts = PART_NONE;
	return part;
}

/* A member was read: sort what it has added; false when it has named a partition twice. */
static bool settle(struct reader *r)
{
	const struct mark_parts *parts = &r->parts;
	bool sorted = true, twice = false;
	for (size_t i = 1; i < parts->count && sorted; i++)
		sorted = by_name(&parts->items[i - 1], &parts->items[i]) < 0;
	if (!sorted)
		qsort(parts->items, parts->count, sizeof *parts->items, by_name);
	for (size_t i = 1; i < parts->count && !sorted; i++)
		twice |= by_name(&parts->items[i - 1], &parts->items[i]) == 0;
	r->sorted = parts->count;
	r->next = 0;
	return !twice;
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

/* Every {topic:{partition:value}} of the member NAME through TAKE. */
static bool read_member(
	struct reader *r, json_t *mark, const char *name, bool (*take)(struct mark_part *, const json_t *))
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
			if (!take(get(r, topic, (int32_t)partition), value))
				return false;
		}
	}
	return settle(r);
}

/* Every {topic:[partition,…]} of `ask`. */
static bool read_query(struct reader *r, json_t *mark)
{
	const char *topic;
	json_t *list, *value;
	size_t i;
	json_object_foreach(json_object_get(mark, "ask"), topic, list)
	{
		json_array_foreach(list, i, value)
		{
			json_int_t partition = json_integer_value(value);
			if (!json_is_integer(value) || partition < 0 || partition > INT32_MAX)
				return false;
			get(r, topic, (int32_t)partition);
		}
	}
	return settle(r);
}

/* The numbers of `parts` to all that is known of their topics. */
static bool read_topic_parts(const struct mark_parts *parts, json_t *mark)
{
	json_t *numbers = json_object_get(mark, "parts"), *number = NULL;
	for (size_t i = 0; numbers && i < parts->count; i++) {
		struct mark_part *part = &parts->items[i];
		if (!i || strcmp(part->topic, part[-1].topic) != 0)
			number = json_object_get(numbers, part->topic);
		json_int_t n = json_integer_value(number);
		if (number && (!json_is_integer(number) || n < 0 || n > INT32_MAX))
			return false;
		part->topic_parts = number ? (int32_t)n : PART_NONE;
	}
	return true;
}

int parts_read(const struct mark *mark, struct mark_parts *ret, struct strbuf *err)
{
	struct reader r = {.room = 0};
	json_t *json = json_loadb(mark->text + 1, mark->len - 1, JSON_REJECT_DUPLICATES, NULL);
	bool good = json && read_member(&r, json, "off", read_off) && read_member(&r, json, "r", read_records) &&
		    read_member(&r, json, "last", parts_read_last) && read_member(&r, json, "was", read_was) &&
		    read_member(&r, json, "start", read_start) && read_query(&r, json) &&
		    read_topic_parts(&r.parts, json);
	json_decref(json);
	if (!good) {
		strbuf_addf(err, "the mark of batch %" PRIu64 " is not understood", mark->batch);
		parts_release(&r.parts);
		return -EBADMSG;
	}
	*ret = r.parts;
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
	return find_sorted(parts->items, parts->count, topic, partition);
}
