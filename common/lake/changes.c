/* What a version of a table means to its readers: see changes.h. */
#include "common/lake/changes.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "common/lake/delta_rules.h"
#include "common/lake/json_in.h"

#define TIME_LIMIT (INT64_C(1) << 53) /* ms; later times are forged */

/* Whether ACTION adds or removes rows; by the protocol it must say so (dataChange) when it does not. */
static bool is_about_data(const json_t *action)
{
	return !json_is_false(json_object_get(action, "dataChange"));
}

static bool any_about_data(const json_t *actions)
{
	size_t i;
	json_t *action;
	json_array_foreach(actions, i, action)
	{
		if (is_about_data(action))
			return true;
	}
	return false;
}

void changes_find(const struct entry *entry, struct changes *ret)
{
	size_t i;
	json_t *add;
	const char *operation = text_in(entry->info, "operation");
	bool replaces = delta_rules_replaces(entry);
	*ret = (struct changes){.adds = json_array(), .removes = replaces || any_about_data(entry->removes)};
	if (ret->removes)
		ret->what = operation ? operation : "removal";
	json_array_foreach(entry->adds, i, add)
	{
		if (is_about_data(add))
			json_array_append(ret->adds, add);
	}
}

void changes_release(struct changes *c)
{
	json_decref(c->adds);
	c->adds = NULL;
}

bool changes_table(const struct entry *entry, const char *table, const char **ret_id)
{
	const char *id = text_in(entry->meta, "id");
	bool other = entry->meta && table && (!id || strcmp(id, table) != 0);
	if (other)
		*ret_id = id;
	return other;
}

/* Continue CRC with VALUE, which may be NULL, as text; the order of the members does not matter. */
static uLong add_json(uLong crc, const json_t *value)
{
	char *text = value ? json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY) : NULL;
	if (text)
		crc = crc32_z(crc, (const unsigned char *)text, strlen(text));
	free(text);
	return crc;
}

struct identity changes_identity(const struct entry *entry, int64_t version)
{
	const char *id = entry_txn_id(entry);
	int64_t ms = number_in(entry->info, "timestamp");
	uLong crc = crc32_z(0, NULL, 0);
	if (*id) {
		crc = crc32_z(crc, (const unsigned char *)id, strlen(id));
	} else {
		crc = add_json(crc, entry->info);
		crc = add_json(crc, entry->adds);
		crc = add_json(crc, entry->removes);
		crc = add_json(crc, entry->txns);
		crc = add_json(crc, entry->meta);
	}
	return (struct identity){
		.known = true, .offset = version, .ms = ms >= 0 && ms < TIME_LIMIT ? ms : -1, .crc = (uint32_t)crc};
}
