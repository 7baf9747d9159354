/* Comparing positions from entry to entry: see audit.h. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/num.h"
#include "common/lake/audit.h"
#include "common/lake/json_in.h"
#include "common/base/uuid.h"

static struct audit_part *part_of(struct audit *a, const char *group, const char *topic, const char *key)
{
	json_t *numbers = object_in(object_in(a->index, group), topic), *number = json_object_get(numbers, key);
	if (number)
		return &a->parts[json_integer_value(number)];
	if (a->nparts == a->cap) {
		a->cap = a->cap ? 2 * a->cap : 16;
		a->parts = xreallocarray(a->parts, a->cap, sizeof *a->parts);
	}
	json_object_set_new_nocheck(numbers, key, json_integer((json_int_t)a->nparts));
	a->parts[a->nparts] = (struct audit_part){.group = xstrdup(group),
		.topic = xstrdup(topic),
		.partition = (int32_t)strtol(key, NULL, 10),
		.next = -1,
		.moved = -1,
		.seen = -1};
	return &a->parts[a->nparts++];
}

/* The number of a partition: digits, without zeros before them. */
static bool is_partition(const char *key)
{
	uint64_t n;
	return num_u64(key, &n) == 0 && n <= INT32_MAX && (*key != '0' || !key[1]);
}

/* An integer, 0 or more. */
static bool is_offset(const json_t *v)
{
	return json_is_integer(v) && json_integer_value(v) >= 0;
}

/* --- what a commit says about one partition ----------------------------------------------------------------------- */

/* One txn action, which owns its names. */
struct move {
	const char *name; /* of the entry */
	struct audit_part *part;
	int64_t before, to;         /* positions; before -1: none */
	json_t *read, *lost, *hand; /* what commitInfo says */
};

static void find_move(struct audit *a, const struct move *m, const char *what)
{
	audit_find(a, "'%s': topic '%s', partition %d, group '%s': %s (from %" PRId64 " to %" PRId64 ")", m->name,
		m->part->topic, (int)m->part->partition, m->part->group, what, m->before, m->to);
}

static bool dense(const struct audit_span *span)
{
	return span->records == span->to - span->from;
}

static void add_span(struct audit_part *p, struct audit_span span)
{
	struct audit_span *last = p->count ? &p->spans[p->count - 1] : NULL;
	bool known = span.records >= 0;
	if (span.from == span.to && span.records <= 0)
		return;
	if (last && last->to == span.from && (last->records >= 0) == known && dense(last) == dense(&span)) {
		last->to = span.to;
		last->records += known ? span.records : 0;
		return;
	}
	if (p->count == p->cap) {
		p->cap = p->cap ? 2 * p->cap : 4;
		p->spans = xreallocarray(p->spans, p->cap, sizeof *p->spans);
	}
	p->spans[p->count++] = span;
}

/* Read the offsets [from,to) of V into RET; false when V is not such a pair. */
static bool read_pair(const json_t *v, int64_t ret[2])
{
	if (!is_offset(json_array_get(v, 0)) || !is_offset(json_array_get(v, 1)))
		return false;
	ret[0] = json_integer_value(json_array_get(v, 0));
	ret[1] = json_integer_value(json_array_get(v, 1));
	return ret[0] <= ret[1];
}

static void check_read(struct audit *a, const struct move *m)
{
	int64_t read[2], lost[2] = {m->before, m->before};
	json_t *records = json_array_get(m->read, 2);
	if (m->lost && (!read_pair(m->lost, lost) || (m->before >= 0 && lost[0] != m->before)))
		find_move(a, m, "it skips lost offsets that are not a range");
	else if (!read_pair(m->read, read) || !is_offset(records) || read[1] != m->to)
		find_move(a, m, "what was read does not lead to the position");
	else if (!uuid_is(m->part->topic) && /* the versions of a table have any number of records */
		 json_integer_value(records) > read[1] - read[0])
		find_move(a, m, "more records were read than there are offsets");
	else if (m->before >= 0 && read[0] != lost[1])
		find_move(a, m, "what was read does not begin where the commit before ended");
	else
		add_span(m->part, (struct audit_span){read[0], read[1], json_integer_value(records)});
}

static void check_hand(struct audit *a, const struct move *m)
{
	json_t *from = json_array_get(m->hand, 0), *to = json_array_get(m->hand, 1);
	int64_t was = json_is_null(from) ? -1 : json_integer_value(from);
	if (!is_offset(to) || json_integer_value(to) != m->to || !(json_is_null(from) || is_offset(from)) ||
		(a->whole && was != m->before))
		find_move(a, m, "it was moved by hand from or to somewhere else");
}

static void check_move(struct audit *a, const struct move *m)
{
	if (m->hand)
		check_hand(a, m);
	else if (m->to < m->before)
		find_move(a, m, "the position goes backwards");
	else if (m->read)
		check_read(a, m);
	else if (m->before >= 0)
		add_span(m->part, (struct audit_span){m->before, m->to, -1});
}

/* INFO[NAME][TOPIC][KEY], NULL when there is none. */
static json_t *detail(json_t *info, const char *name, const char *topic, const char *key)
{
	return json_object_get(json_object_get(json_object_get(info, name), topic), key);
}

/*
 * Split "weir/GROUP/TOPIC/PARTITION", in which only the group may hold slashes; false when it does not have that form.
 */
static bool split_app_id(char *id, char **ret_group, char **ret_topic, char **ret_key)
{
	static const char begin[] = "weir/";
	if (strncmp(id, begin, strlen(begin)) != 0)
		return false;
	char *slash = strrchr(id, '/');
	*ret_group = id + strlen(begin);
	if (slash <= *ret_group)
		return false;
	*slash = '\0';
	*ret_key = slash + 1;
	slash = strrchr(*ret_group, '/');
	if (!slash)
		return false;
	*slash = '\0';
	*ret_topic = slash + 1;
	return is_partition(*ret_key);
}

/* Whether ENTRY gives the positions of GROUP to another one. */
static bool is_renamed(const struct entry *entry, const char *group)
{
	const char *old_group = json_string_value(json_array_get(json_object_get(entry->info, "renamed"), 0));
	return old_group && strcmp(old_group, group) == 0;
}

static void take_txn(struct audit *a, int64_t version, const char *name, const struct entry *entry, json_t *txn)
{
	const char *app_id = text_in(txn, "appId");
	json_t *to = json_object_get(txn, "version"), *state = entry_state(entry);
	char *copy = xstrdup(app_id ? app_id : ""), *group, *topic, *key;
	if (strncmp(copy, "weir/", 5) != 0) {
		free(copy); /* written by another program */
		return;
	}
	bool good = split_app_id(copy, &group, &topic, &key);
	if (good && is_renamed(entry, group) && json_integer_value(to) == TXN_GONE) {
		free(copy);
		return;
	}
	if (!good || !is_offset(to)) {
		audit_find(a, "'%s' moves something that is not a position: '%s'", name, app_id);
		free(copy);
		return;
	}
	struct audit_part *p = part_of(a, group, topic, key);
	struct move m = {.name = name,
		.part = p,
		.before = a->whole ? p->next : -1,
		.to = json_integer_value(to),
		.read = detail(entry->info, "read", topic, key),
		.lost = detail(entry->info, "lost", topic, key),
		.hand = detail(entry->info, "moved", topic, key)};
	if (p->moved == version)
		find_move(a, &m, "it is moved twice");
	else if (state_position(state, group, topic, p->partition) != m.to)
		find_move(a, &m, "the position is another one");
	else
		check_move(a, &m);
	p->next = m.to;
	p->moved = version;
	free(copy);
}

struct audit_part *audit_part_of(const struct audit *a, const char *app_id)
{
	char *copy = xstrdup(app_id), *group, *topic, *key;
	json_t *number = NULL;
	if (split_app_id(copy, &group, &topic, &key))
		number = json_object_get(json_object_get(json_object_get(a->index, group), topic), key);
	free(copy);
	return number ? &a->parts[json_integer_value(number)] : NULL;
}

void audit_begin_part(struct audit *a, const char *app_id, json_t *next)
{
	char *copy = xstrdup(app_id), *group, *topic, *key;
	if (split_app_id(copy, &group, &topic, &key) && is_offset(next))
		part_of(a, group, topic, key)->next = json_integer_value(next);
	free(copy);
}

/* --- what the state says of all ----------------------------------------------------------------------------------- */

static void take_position(struct audit *a, int64_t version, const char *name, struct audit_part *p, const json_t *next)
{
	struct move m = {.name = name, .part = p, .before = p->next, .to = json_integer_value(next)};
	p->seen = version;
	if (!is_offset(next))
		find_move(a, &m, "the position is not an offset");
	else if (a->whole && p->moved != version && p->next != m.to)
		find_move(a, &m, "the position has changed, but nothing moved it");
	p->next = is_offset(next) ? m.to : -1;
}

/* From this entry on the positions of one group belong to another group. */
static void rename_group(struct audit *a, const char *name, const struct entry *entry)
{
	json_t *renamed = json_object_get(entry->info, "renamed");
	const char *old_group = json_string_value(json_array_get(renamed, 0));
	const char *new_group = json_string_value(json_array_get(renamed, 1));
	if (!renamed)
		return;
	json_t *had = old_group ? json_object_get(a->index, old_group) : NULL;
	if (!new_group || (a->whole && !had) || json_object_get(a->index, new_group)) {
		audit_find(a, "'%s' renames a group that is not there, or to one that is", name);
		return;
	}
	for (size_t i = 0; i < a->nparts; i++) {
		if (strcmp(a->parts[i].group, old_group) != 0)
			continue;
		free(a->parts[i].group);
		a->parts[i].group = xstrdup(new_group);
	}
	if (had)
		json_object_set_nocheck(a->index, new_group, had);
	json_object_del(a->index, old_group);
}

void audit_positions(struct audit *a, int64_t version, const char *name, const struct entry *entry)
{
	size_t i;
	json_t *txn, *topics, *partitions, *at;
	const char *group, *topic, *key;
	rename_group(a, name, entry);
	json_array_foreach(entry->txns, i, txn)
	{
		take_txn(a, version, name, entry, txn);
	}
	json_object_foreach(json_object_get(entry_state(entry), "positions"), group, topics)
	{
		json_object_foreach(topics, topic, partitions)
		{
			json_object_foreach(partitions, key, at)
			{
				if (is_partition(key))
					take_position(a, version, name, part_of(a, group, topic, key),
						json_object_get(at, "next"));
				else
					audit_find(a, "'%s': '%s' is not a partition", name, key);
			}
		}
	}
	for (i = 0; i < a->nparts; i++) {
		struct move m = {.name = name, .part = &a->parts[i], .before = a->parts[i].next, .to = -1};
		if (a->parts[i].next < 0 || a->parts[i].seen == version)
			continue;
		if (a->parts[i].seen >= 0 ||
			a->parts[i].moved >= 0) /* a checkpoint has positions of groups that have other names since */
			find_move(a, &m, "the position is gone");
		a->parts[i].next = -1;
	}
}
