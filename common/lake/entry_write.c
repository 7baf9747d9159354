/* Writing entries of the log: see entry.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/lake/entry.h"
#include "common/lake/percent.h"

/* Append {"NAME":ACTION} as a line; takes ownership of ACTION, which is NULL when a string in it was not UTF-8. */
static int add_line(struct strbuf *out, const char *name, json_t *action, json_int_t *lines)
{
	char *text = action ? json_dumps(action, JSON_COMPACT) : NULL;
	json_decref(action);
	if (!text)
		return -EILSEQ;
	strbuf_addf(out, "{\"%s\":%s}\n", name, text);
	free(text);
	++*lines;
	return 0;
}

static json_t *schema_field(const char *name)
{
	return json_pack("{s:s,s:s,s:b,s:{}}", "name", name, "type", "string", "nullable", 1, "metadata");
}

/* The metaData of a raw table: one column of text, and the partition columns. */
static json_t *meta_data(const struct table *table, const char *id, int64_t now_ms)
{
	if (!id)
		return NULL;
	json_t *fields = json_array(), *columns = json_array();
	json_array_append_new(fields, schema_field("value"));
	for (size_t i = 0; i < table->ncolumns; i++) {
		json_array_append_new(fields, schema_field(table->columns[i]));
		json_array_append_new(columns, json_string(table->columns[i]));
	}
	json_t *schema = json_pack("{s:s,s:o}", "type", "struct", "fields", fields);
	char *text = json_dumps(schema, JSON_COMPACT);
	json_decref(schema);
	json_t *meta = json_pack("{s:s,s:{s:s,s:{}},s:s,s:o,s:{},s:I}", "id", id, "format", "provider", "text",
		"options", "schemaString", text, "partitionColumns", columns, "configuration", "createdTime",
		(json_int_t)now_ms);
	free(text);
	return meta;
}

static json_t *txn(const char *group, const char *topic, const char *partition, int64_t next, int64_t now_ms)
{
	struct strbuf id = STRBUF_INIT;
	strbuf_addf(&id, "weir/%s/%s/%s", group, topic, partition);
	json_t *action = json_pack(
		"{s:s,s:I,s:I}", "appId", id.s, "version", (json_int_t)next, "lastUpdated", (json_int_t)now_ms);
	strbuf_release(&id);
	return action;
}

static json_t *txn_of(const struct position *p, int64_t now_ms)
{
	char partition[16];
	snprintf(partition, sizeof partition, "%d", (int)p->partition);
	return txn(p->group, p->topic, partition, p->next, now_ms);
}

/* The positions of a group that is renamed: those of the new one, and of the old one that it has none any more. */
static int write_renamed(struct strbuf *out, const struct commit *commit, int64_t now_ms, json_int_t *lines)
{
	const char *topic, *key;
	json_t *partitions, *at;
	bool good = true;
	json_object_foreach(commit->renamed, topic, partitions)
	{
		json_object_foreach(partitions, key, at)
		{
			int64_t next = json_integer_value(json_object_get(at, "next"));
			json_t *has = txn(commit->new_group, topic, key, next, now_ms);
			json_t *had = txn(commit->old_group, topic, key, TXN_GONE, now_ms);
			good &= add_line(out, "txn", has, lines) == 0;
			good &= add_line(out, "txn", had, lines) == 0;
		}
	}
	return good ? 0 : -EILSEQ;
}

/* An id as a transaction.  Unlike the entry it lasts, because checkpoints keep transactions. */
static json_t *id_txn(const char *name, int64_t now_ms)
{
	struct strbuf id = STRBUF_INIT;
	strbuf_addf(&id, "weir-id/%s", name);
	json_t *action = json_pack("{s:s,s:i,s:I}", "appId", id.s, "version", 1, "lastUpdated", (json_int_t)now_ms);
	strbuf_release(&id);
	return action;
}

static json_t *add(const struct table *table, const struct lake_file *file, int64_t now_ms)
{
	struct strbuf uri = STRBUF_INIT;
	char stats[64];
	json_t *values = json_object();
	for (size_t i = 0; i < table->ncolumns; i++)
		json_object_set_new(
			values, table->columns[i], file->values[i] ? json_string(file->values[i]) : json_null());
	percent_encode(&uri, file->path, "/=");
	snprintf(stats, sizeof stats, "{\"numRecords\":%" PRIu64 "}", file->records);
	json_t *action = json_pack("{s:s,s:o,s:I,s:I,s:b,s:s}", "path", uri.s, "partitionValues", values, "size",
		(json_int_t)file->size, "modificationTime", (json_int_t)now_ms, "dataChange", 1, "stats",
		file->stats ? file->stats : stats);
	if (action && file->tag)
		json_object_set_new(action, "tags", json_pack("{s:s}", "weir.stage", file->tag));
	strbuf_release(&uri);
	return action;
}

/* The remove action of an add action. */
static json_t *removal(json_t *add, int64_t now_ms)
{
	return json_pack("{s:O,s:I,s:b}", "path", json_object_get(add, "path"), "deletionTimestamp", (json_int_t)now_ms,
		"dataChange", 1);
}

/* The actions that create the table, or change its schema. */
static int write_table(struct strbuf *out, const struct table *table, const struct commit *commit, const char *id,
	int64_t now_ms, bool create, json_int_t *lines)
{
	bool raw = table->kind == TABLE_RAW;
	int r = 0;
	if (raw ? create : commit->protocol != NULL)
		r = add_line(out, "protocol",
			raw ? json_pack("{s:i,s:i}", "minReaderVersion", 1, "minWriterVersion", 2)
			    : json_incref(commit->protocol),
			lines);
	if (r == 0 && (raw ? create : commit->meta != NULL))
		r = add_line(out, "metaData", raw ? meta_data(table, id, now_ms) : json_incref(commit->meta), lines);
	return r;
}

/* The lines after commitInfo. */
static int write_actions(struct strbuf *out, const struct table *table, const struct commit *commit, const char *id,
	int64_t now_ms, bool create, json_int_t *lines)
{
	int r = write_table(out, table, commit, id, now_ms, create, lines);
	if (r == 0 && commit->id && table->kind == TABLE_DELTA)
		r = add_line(out, "txn", id_txn(commit->id, now_ms), lines);
	for (size_t i = 0; r == 0 && i < commit->npositions; i++)
		r = add_line(out, "txn", txn_of(&commit->positions[i], now_ms), lines);
	if (r == 0 && commit->renamed)
		r = write_renamed(out, commit, now_ms, lines);
	for (size_t i = 0; r == 0 && i < commit->nfiles; i++)
		r = add_line(out, "add", add(table, commit->files[i], now_ms), lines);
	for (size_t i = 0; r == 0 && i < json_array_size(commit->gone); i++)
		r = add_line(out, "remove", removal(json_array_get(commit->gone, i), now_ms), lines);
	return r;
}

/* Set INFO[NAME][TOPIC][PARTITION] to VALUE, and take ownership of it. */
static void tell(json_t *info, const char *name, const struct position *p, json_t *value)
{
	char key[16];
	snprintf(key, sizeof key, "%d", (int)p->partition);
	if (!json_object_get(info, name))
		json_object_set_new(info, name, json_object());
	json_t *topics = json_object_get(info, name);
	if (!json_object_get(topics, p->topic))
		json_object_set_new(topics, p->topic, json_object());
	json_object_set_new(json_object_get(topics, p->topic), key, value);
}

/* Write what only this commit has done; no later entry repeats it. */
static void tell_all(json_t *info, const struct commit *commit)
{
	for (size_t i = 0; i < commit->npositions; i++) {
		const struct position *p = &commit->positions[i];
		if (p->lost_to > p->lost_from)
			tell(info, "lost", p, json_pack("[I,I]", (json_int_t)p->lost_from, (json_int_t)p->lost_to));
		if (commit->marked)
			tell(info, "read", p,
				json_pack("[I,I,I]", (json_int_t)p->from, (json_int_t)p->next, (json_int_t)p->records));
		if (commit->moved)
			tell(info, "moved", p,
				json_pack(
					"[o,I]", p->was < 0 ? json_null() : json_integer(p->was), (json_int_t)p->next));
	}
	if (commit->marked && commit->unchanged)
		json_object_set_new(info, "unchanged", json_true());
	if (commit->undo)
		json_object_set_new(info, "undoes",
			json_pack("[I,I]", (json_int_t)commit->undoes, (json_int_t)commit->undoes_last));
	if (commit->old_group)
		json_object_set_new(info, "renamed", json_pack("[s,s]", commit->old_group, commit->new_group));
	if (commit->reason)
		json_object_set_new(info, "reason", json_string(commit->reason));
}

int entry_write(struct strbuf *out, const struct table *table, const struct commit *commit, json_t *state,
	const char *txn_id, int64_t now_ms, bool create)
{
	struct strbuf rest = STRBUF_INIT;
	json_int_t lines = 0;
	int r = write_actions(&rest, table, commit, state_table(state), now_ms, create, &lines);
	if (r == 0) {
		json_object_set_new(state, "actions", json_integer(lines + 1));
		json_t *info =
			json_pack("{s:I,s:s,s:{s:s},s:b,s:s,s:s,s:O}", "timestamp", (json_int_t)now_ms, "operation",
				commit->undo         ? "UNDO HEAD"
				: commit->moved      ? "SET POSITION"
				: commit->old_group  ? "RENAME GROUP"
				: commit->npositions ? "STREAMING UPDATE"
						     : "WRITE",
				"operationParameters", commit->npositions ? "outputMode" : "mode", "Append",
				"isBlindAppend", 1, "engineInfo", "weir/" WEIR_VERSION, "txnId", txn_id, "weir", state);
		tell_all(info, commit);
		r = add_line(out, "commitInfo", info, &lines);
	}
	strbuf_add(out, rest.s, rest.len);
	strbuf_release(&rest);
	return r;
}
