/* Reading what marks tell about each partition: see mark_offsets.h. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/stream/mark_offsets.h"

static int by_name(const void *a, const void *b)
{
	const struct mark_range *x = a, *y = b;
	int r = strcmp(x->topic, y->topic);
	return r ? r : (x->partition > y->partition) - (x->partition < y->partition);
}

/* The items of a mark while it is read: the items of earlier members are sorted, and new ones follow them. */
struct ranges_reader {
	struct mark_ranges parts;
	size_t room;
	/* `next`: where the item that is asked for next should be, because all members have the same order */
	size_t sorted, next;
};

static struct mark_range *find_sorted(
	const struct mark_range *items, size_t count, const char *topic, int32_t partition)
{
	struct mark_range key = {.topic = (char *)(uintptr_t)topic, .partition = partition};
	return count ? bsearch(&key, items, count, sizeof *items, by_name) : NULL;
}

/* The item of TOPIC PARTITION, made when no member before has it. */
static struct mark_range *get(struct ranges_reader *r, const char *topic, int32_t partition)
{
	struct mark_ranges *parts = &r->parts;
	struct mark_range *part = r->next < r->sorted ? &parts->items[r->next] : NULL;
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
	*part = (struct mark_range){.topic = xstrdup(topic), .partition = partition};
	part->from = part->to = part->was = part->start = part->end = part->topic_parts = RANGE_NONE;
	return part;
}

/* Called when a member was read: sort the items that it has added; false when it has named a partition twice. */
static bool sort_parts(struct ranges_reader *r)
{
	const struct mark_ranges *parts = &r->parts;
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

static bool read_off(struct mark_range *part, const json_t *v)
{
	const json_t *from = json_array_get(v, 0), *to = json_array_get(v, 1);
	part->from = json_integer_value(from);
	part->to = json_integer_value(to);
	return json_is_integer(from) && json_is_integer(to) && part->from >= 0 && part->to >= part->from;
}

static bool read_records(struct mark_range *part, const json_t *v)
{
	part->records = (uint64_t)json_integer_value(v);
	return json_is_integer(v) && json_integer_value(v) >= 0;
}

bool ranges_read_last(struct mark_range *part, const json_t *v)
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
	*ret = json_is_null(v) ? RANGE_NONE : json_integer_value(v);
	return json_is_null(v) || (json_is_integer(v) && *ret >= 0);
}

static bool read_was(struct mark_range *part, const json_t *v)
{
	return read_position(&part->was, v);
}

static bool read_start(struct mark_range *part, const json_t *v)
{
	return read_position(&part->start, v);
}

static bool read_range_cut(struct mark_range *part, const json_t *v)
{
	part->held = true;
	return cut_read(v, &part->cut);
}

/* Call TAKE for every {topic:{partition:value}} of the member NAME. */
static bool read_member(
	struct ranges_reader *r, json_t *mark, const char *name, bool (*take)(struct mark_range *, const json_t *))
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
	return sort_parts(r);
}

/* Add every {topic:[partition,…]} of `ask`. */
static bool read_query(struct ranges_reader *r, json_t *mark)
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
	return sort_parts(r);
}

/* Set topic_parts of all items from the member `parts`. */
static bool read_topic_parts(const struct mark_ranges *parts, json_t *mark)
{
	json_t *numbers = json_object_get(mark, "parts"), *number = NULL;
	for (size_t i = 0; numbers && i < parts->count; i++) {
		struct mark_range *part = &parts->items[i];
		if (!i || strcmp(part->topic, part[-1].topic) != 0)
			number = json_object_get(numbers, part->topic);
		json_int_t n = json_integer_value(number);
		if (number && (!json_is_integer(number) || n < 0 || n > INT32_MAX))
			return false;
		part->topic_parts = number ? (int32_t)n : RANGE_NONE;
	}
	return true;
}

int ranges_read(const struct mark *mark, struct mark_ranges *ret, struct strbuf *err)
{
	struct ranges_reader r = {.room = 0};
	json_t *json = json_loadb(mark->text + 1, mark->len - 1, JSON_REJECT_DUPLICATES, NULL);
	bool good = json && read_member(&r, json, "off", read_off) && read_member(&r, json, "r", read_records) &&
		    read_member(&r, json, "last", ranges_read_last) && read_member(&r, json, "was", read_was) &&
		    read_member(&r, json, "start", read_start) && read_member(&r, json, "cut", read_range_cut) &&
		    read_query(&r, json) && read_topic_parts(&r.parts, json);
	json_decref(json);
	if (!good) {
		strbuf_addf(err, "the mark of batch %" PRIu64 " is not understood", mark->batch);
		ranges_release(&r.parts);
		return -EBADMSG;
	}
	*ret = r.parts;
	return 0;
}

void ranges_resume(struct mark_ranges *start, const struct mark *resume)
{
	const struct cut own = {.known = true, .run = resume->run, .batch = resume->batch};
	for (size_t i = 0; i < start->count; i++) {
		struct mark_range *part = &start->items[i];
		part->to = part->start;
		if (part->held)
			part->cut = cut_resume(&part->cut, part->start != part->was, &own);
	}
}

void ranges_release(struct mark_ranges *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		free(parts->items[i].topic);
	free(parts->items);
	*parts = (struct mark_ranges){0};
}

struct mark_range *ranges_find(const struct mark_ranges *parts, const char *topic, int32_t partition)
{
	return find_sorted(parts->items, parts->count, topic, partition);
}

bool ranges_slowest_text(const struct mark *mark, struct strbuf *text)
{
	size_t len;
	const char *object = mark_object(mark, "slow", &len), *topic;
	json_t *v = object ? json_loadb(object, len, 0, NULL) : NULL, *partition;
	bool found = false;
	json_object_foreach(v, topic, partition)
	{
		strbuf_addf(text, "topic '%s', partition %" JSON_INTEGER_FORMAT, topic, json_integer_value(partition));
		found = true;
		break;
	}
	json_decref(v);
	return found;
}
