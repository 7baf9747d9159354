/* Writing entries of the log: see entry.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/lake/aside.h"
#include "common/lake/entry.h"
#include "common/lake/json_in.h"
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

static json_t *add(const struct table *table, const struct lake_file *file, int64_t now_ms, bool change)
{
	struct strbuf uri = STRBUF_INIT;
	char stats[64], newest[24];
	json_t *values = json_object();
	for (size_t i = 0; i < table->ncolumns; i++)
		json_object_set_new(
			values, table->columns[i], file->values[i] ? json_string(file->values[i]) : json_null());
	percent_encode(&uri, file->path, "/=");
	snprintf(stats, sizeof stats, "{\"numRecords\":%" PRIu64 "}", file->records);
	json_t *action = json_pack("{s:s,s:o,s:I,s:I,s:b,s:s}", "path", uri.s, "partitionValues", values, "size",
		(json_int_t)file->size, "modificationTime", (json_int_t)now_ms, "dataChange", change, "stats",
		file->stats ? file->stats : stats);
	json_t *tags = json_object();
	if (file->tag)
		json_object_set_new(tags, "weir.stage", json_string(file->tag));
	snprintf(newest, sizeof newest, "%" PRId64, file->newest_ms);
	if (file->newest_ms)
		json_object_set_new(tags, "weir.newest", json_string(newest));
	if (action && json_object_size(tags))
		json_object_set(action, "tags", tags);
	json_decref(tags);
	strbuf_release(&uri);
	return action;
}

/* The remove action of an add action. */
static json_t *removal(const struct table *table, const struct commit *commit, json_t *file, int64_t now_ms)
{
	static const char *const kept[] = {"partitionValues", "size", "stats"};
	json_t *action = json_pack("{s:O,s:I,s:b}", "path", json_object_get(file, "path"), "deletionTimestamp",
		(json_int_t)now_ms, "dataChange", !commit->rewritten);
	if (commit->undo)
		return action;
	json_object_set_new(action, "extendedFileMetadata", json_true());
	if (json_object_get(file, "deletionVector")) /* with the path it says which file it is */
		json_object_set(action, "deletionVector", json_object_get(file, "deletionVector"));
	for (size_t i = 0; i < sizeof kept / sizeof *kept - (table->kind == TABLE_DELTA); i++)
		if (json_object_get(file, kept[i]))
			json_object_set(action, kept[i], json_object_get(file, kept[i]));
	struct strbuf path = STRBUF_INIT;
	const char *uri = text_in(file, "path");
	char *aside = table->kind == TABLE_RAW && uri && percent_decode(&path, uri) == 0 ? aside_name(path.s) : NULL;
	if (aside)
		json_object_set_new(action, "tags", json_pack("{s:s}", "weir.aside", aside));
	free(aside);
	strbuf_release(&path);
	return action;
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
		r = add_line(out, "add", add(table, commit->files[i], now_ms, !commit->rewritten), lines);
	for (size_t i = 0; r == 0 && i < json_array_size(commit->gone); i++)
		r = add_line(out, "remove", removal(table, commit, json_array_get(commit->gone, i), now_ms), lines);
	for (size_t i = 0; r == 0 && i < json_array_size(commit->back); i++)
		r = add_line(out, "add", json_incref(json_array_get(commit->back, i)), lines);
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
	if (commit->rewritten)
		json_object_set_new(info, "rewritten", json_true());
	if (commit->old_group)
		json_object_set_new(info, "renamed", json_pack("[s,s]", commit->old_group, commit->new_group));
	if (commit->reason)
		json_object_set_new(info, "reason", json_string(commit->reason));
}

/* What has been done, in the words that Delta Lake's engines use where they have one. */
static const char *operation(const struct commit *commit)
{
	return commit->undo         ? "UNDO HEAD"
	       : commit->moved      ? "SET POSITION"
	       : commit->old_group  ? "RENAME GROUP"
	       : commit->rewritten  ? "OPTIMIZE"
	       : commit->expired    ? "DELETE"
	       : commit->npositions ? "STREAMING UPDATE"
				    : "WRITE";
}

int entry_write(struct strbuf *out, const struct table *table, const struct commit *commit, json_t *state,
	const char *txn_id, int64_t now_ms, bool create)
{
	struct strbuf rest = STRBUF_INIT;
	json_int_t lines = 0;
	int r = write_actions(&rest, table, commit, state_table(state), now_ms, create, &lines);
	if (r == 0) {
		json_object_set_new(state, "actions", json_integer(lines + 1));
		bool reads = commit->rewritten || commit->expired;
		json_t *info = json_pack("{s:I,s:s,s:{s:s},s:b,s:s,s:s,s:O}", "timestamp", (json_int_t)now_ms,
			"operation", operation(commit), "operationParameters",
			reads                ? "predicate"
			: commit->npositions ? "outputMode"
					     : "mode",
			reads ? "[]" : "Append", "isBlindAppend", !reads, "engineInfo", "weir/" WEIR_VERSION, "txnId",
			txn_id, "weir", state);
		tell_all(info, commit);
		r = add_line(out, "commitInfo", info, &lines);
	}
	strbuf_add(out, rest.s, rest.len);
	strbuf_release(&rest);
	return r;
}
