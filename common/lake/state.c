/* The state that each entry of the log carries: positions and ids.  See entry.h. */
#include <stdio.h>
#include <string.h>

#include "common/lake/entry.h"
#include "common/lake/ids.h"
#include "common/lake/json_in.h"
#include "common/lake/side.h"
#include "common/base/uuid.h"

/* Whether V is NULL or of the type TYPE. */
static bool none_or(const json_t *v, json_type type)
{
	return !v || json_typeof(v) == type;
}

/* What is wrong with the members about inventories, or NULL. */
static const char *inventory_fault(json_t *state)
{
	json_t *ref = json_object_get(state, "inventory"), *next = json_object_get(state, "next");
	int64_t version = number_in(ref, "version"), next_version = number_in(next, "version");
	if (ref && (!side_is_ref(ref, SIDE_INVENTORY) || version < 0 || number_in(ref, "files") < 0))
		return "its list of files is not valid";
	if (next && (next_version < 0 || next_version > version || number_in(next, "at") < 0))
		return "where its log will begin is not a version";
	if (json_object_get(state, "floor") &&
		(number_in(state, "floor") < 0 || number_in(state, "floor") > next_version))
		return "where its log begins is not a version";
	return NULL;
}

const char *state_fault(json_t *state)
{
	static const char *const objects[] = {"after", "positions", "parts"};
	json_t *v = json_object_get(state, "v"), *columns = json_object_get(state, "columns"), *column;
	json_t *delim = json_object_get(state, "delim");
	const char *end = json_string_value(delim);
	size_t i;
	if (!none_or(state, JSON_OBJECT))
		return "the state is not a JSON object";
	if (v && (!json_is_integer(v) || json_integer_value(v) != STATE_VERSION))
		return "its state is of another version of weir";
	if (delim && (!end || (strcmp(end, "lf") != 0 && strcmp(end, "nul") != 0)))
		return "what ends the records is not known";
	if (!none_or(json_object_get(state, "pattern"), JSON_STRING) ||
		!none_or(json_object_get(state, "zone"), JSON_STRING))
		return "how partitions are made is not a string";
	if (!none_or(json_object_get(state, "table"), JSON_STRING))
		return "the id of the table is not a string";
	if (!none_or(columns, JSON_ARRAY))
		return "the columns are not list";
	json_array_foreach(columns, i, column)
	{
		if (!json_is_string(column))
			return "a column has no name";
	}
	for (i = 0; i < sizeof objects / sizeof *objects; i++)
		if (!none_or(json_object_get(state, objects[i]), JSON_OBJECT))
			return "a part of the state is not a JSON object";
	json_t *file = json_object_get(state, "position_file"), *meta = json_object_get(state, "meta");
	if (file && !side_is_ref(file, SIDE_POSITIONS))
		return "the file of its positions is not valid";
	if (meta && (!side_is_ref(meta, SIDE_META) || number_in(meta, "version") < 0))
		return "the file of its schema is not valid";
	const char *fault = ids_fault(state);
	return fault ? fault : inventory_fault(state);
}

static void partition_key(int32_t partition, char buf[16])
{
	snprintf(buf, 16, "%d", (int)partition);
}

static json_t *position_in(json_t *state, const char *group, const char *topic, int32_t partition)
{
	char key[16];
	partition_key(partition, key);
	json_t *p = json_object_get(json_object_get(state, "positions"), group);
	return json_object_get(json_object_get(p, topic), key);
}

json_t *state_last(json_t *state, const char *group, const char *topic, int32_t partition)
{
	return json_object_get(position_in(state, group, topic, partition), "last");
}

const char *state_table(json_t *state)
{
	return text_in(state, "table");
}

char state_delim(json_t *state)
{
	const char *delim = text_in(state, "delim");
	return delim && strcmp(delim, "nul") == 0 ? '\0' : '\n';
}

int64_t state_position(json_t *state, const char *group, const char *topic, int32_t partition)
{
	return number_in(position_in(state, group, topic, partition), "next");
}

struct cut state_cut(json_t *state, const char *group, const char *topic, int32_t partition)
{
	struct cut cut;
	if (!cut_read(json_object_get(position_in(state, group, topic, partition), "cut"), &cut))
		return (struct cut){0};
	return cut;
}

int32_t state_parts(json_t *state, const char *group, const char *topic)
{
	return (int32_t)number_in(json_object_get(json_object_get(state, "parts"), group), topic);
}

bool state_knows_group(json_t *state, const char *group)
{
	return json_object_size(json_object_get(json_object_get(state, "positions"), group)) > 0;
}

const char *state_other_group(json_t *state, const char *group, const char *topic)
{
	json_t *groups = json_object_get(state, "positions"), *topics;
	const char *other;
	if (json_object_size(json_object_get(json_object_get(groups, group), topic)))
		return NULL;
	json_object_foreach(groups, other, topics)
	{
		if (strcmp(other, group) != 0 && json_object_size(json_object_get(topics, topic)))
			return other;
	}
	return NULL;
}

int64_t state_floor(json_t *state)
{
	int64_t floor = number_in(state, "floor");
	return floor >= 0 ? floor : 0;
}

static void set_position(json_t *positions, const struct position *p, bool moved)
{
	char key[16], crc[16];
	partition_key(p->partition, key);
	json_t *at = object_in(object_in(object_in(positions, p->group), p->topic), key);
	json_object_set_new(at, "next", json_integer(p->next));
	json_object_del(at, "cut");
	if (p->cut.known)
		json_object_set_new(at, "cut", cut_json(&p->cut));
	if (moved) /* the record before the new position is not known */
		json_object_del(at, "last");
	if (!p->has_last)
		return; /* nothing was read: the last record stays the same */
	snprintf(crc, sizeof crc, "%08x", (unsigned)p->last_crc);
	json_object_set_new(at, "last",
		json_pack("{s:I,s:s,s:I}", "ts", (json_int_t)p->last_ms, "crc", crc, "offset",
			(json_int_t)p->last_offset));
}

/*
 * The first commit of a group for a topic records how many partitions it had; log_check_commit() makes sure that later
 * ones agree.
 */
static void set_parts(json_t *state, const struct position *p)
{
	if (p->has_parts && state_parts(state, p->group, p->topic) < 0)
		json_object_set_new(object_in(object_in(state, "parts"), p->group), p->topic, json_integer(p->parts));
}

/* In the object STATE[NAME], whose keys are groups, rename OLD_GROUP. */
static void rename_in(json_t *state, const char *name, const char *old_group, const char *new_group)
{
	json_t *groups = json_object_get(state, name), *has = json_object_get(groups, old_group);
	if (!has)
		return;
	json_object_set(groups, new_group, has);
	json_object_del(groups, old_group);
}

/* The properties of a table do not change, so a program that only moves a position need not know them. */
static json_t *new_state(const struct table *table)
{
	json_t *columns = json_array();
	for (size_t i = 0; i < table->ncolumns; i++)
		json_array_append_new(columns, json_string(table->columns[i]));
	return json_pack("{s:s,s:o,s:s*,s:s*}", "delim", table->delim ? "lf" : "nul", "columns", columns, "pattern",
		table->pattern, "zone", table->zone);
}

json_t *state_after(json_t *state)
{
	return json_object_get(state, "after");
}

json_t *state_next(json_t *old, const struct table *table, const char *id, const struct commit *commit, json_t *after)
{
	json_t *state = old ? json_deep_copy(old) : new_state(table);
	json_object_set_new(state, "v", json_integer(STATE_VERSION));
	json_object_set_new(state, "actions", json_integer(0));
	json_object_del(state, "after");
	if (after)
		json_object_set(state, "after", after);
	char table_id[UUID_LEN + 1];
	struct strbuf ignored = STRBUF_INIT;
	if (id)
		json_object_set_new(state, "table", json_string(id));
	else if (!state_table(state) && uuid_new(table_id, &ignored) == 0)
		json_object_set_new(state, "table", json_string(table_id));
	strbuf_release(&ignored);
	if (commit->old_group) {
		rename_in(state, "positions", commit->old_group, commit->new_group);
		rename_in(state, "parts", commit->old_group, commit->new_group);
	}
	json_t *positions = object_in(state, "positions");
	for (size_t i = 0; i < commit->npositions + commit->nstay; i++) {
		set_position(positions, &commit->positions[i], commit->moved);
		set_parts(state, &commit->positions[i]);
	}
	return state;
}
