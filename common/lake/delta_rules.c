/* The rules for appending to a Delta table: see delta_rules.h. */
#include "common/lake/delta_rules.h"

#include <errno.h>
#include <string.h>

#include "common/lake/json_in.h"

#define APP_ID "weir" /* the beginning of our application ids, before '/' or "-id/" */

/* Features that require nothing of a writer that only appends, or nothing until a column or a property uses them. */
static const char *const known[] = {"appendOnly", "invariants", "checkConstraints", "changeDataFeed",
	"generatedColumns", "identityColumns", "timestampNtz", "deletionVectors", "typeWidening",
	"typeWidening-preview"};

/* What each protocol version without a list of features adds for writers. */
static const struct {
	int version;
	const char *feature;
} implied[] = {{2, "appendOnly"}, {2, "invariants"}, {3, "checkConstraints"}, {4, "changeDataFeed"},
	{4, "generatedColumns"}, {5, "columnMapping"}, {6, "identityColumns"}};

static bool is_known(const char *feature)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(feature, known[i]) == 0)
			return true;
	return false;
}

/* Append a feature that we lack, unless the list has it already. */
static void add_feature(struct strbuf *list, const char *feature)
{
	struct strbuf quoted = STRBUF_INIT;
	strbuf_addf(&quoted, "'%s'", feature);
	if (!list->len || !strstr(list->s, quoted.s))
		strbuf_addf(list, "%s%s", list->len ? ", " : "", quoted.s);
	strbuf_release(&quoted);
}

/* Append those features of a list in PROTOCOL that we lack; -EBADMSG when it is not a list of features. */
static int list_features(json_t *features, struct strbuf *list)
{
	size_t i;
	json_t *feature;
	if (!json_is_array(features))
		return features ? -EBADMSG : 0;
	json_array_foreach(features, i, feature)
	{
		const char *name = json_string_value(feature);
		if (!name)
			return -EBADMSG;
		if (!is_known(name))
			add_feature(list, name);
	}
	return 0;
}

int delta_rules_protocol(json_t *protocol, struct strbuf *why)
{
	int64_t reader = number_in(protocol, "minReaderVersion"), writer = number_in(protocol, "minWriterVersion");
	struct strbuf list = STRBUF_INIT;
	int r = list_features(json_object_get(protocol, "readerFeatures"), &list);
	if (r == 0)
		r = list_features(json_object_get(protocol, "writerFeatures"), &list);
	for (size_t i = 0; r == 0 && i < sizeof implied / sizeof *implied; i++)
		if (writer < DELTA_WRITER_LIST && writer >= implied[i].version && !is_known(implied[i].feature))
			add_feature(&list, implied[i].feature);
	if (r == 0 && reader == 2)
		add_feature(&list, "columnMapping");
	if (r < 0 || reader < 1 || writer < 1)
		strbuf_addstr(why, "a protocol that cannot be read");
	else if (reader > DELTA_READER_LIST || writer > DELTA_WRITER_LIST)
		strbuf_addf(
			why, "protocol %lld for readers and %lld for writers", (long long)reader, (long long)writer);
	else if (list.len)
		strbuf_addf(why, "%s of its writers", list.s);
	else
		reader = 0;
	strbuf_release(&list);
	return reader == 0 ? 0 : -EINVAL;
}

static bool begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* What the property NAME with VALUE requires of writers and we cannot do; NULL: nothing. */
static const char *property_fault(const char *name, const char *value)
{
	bool on = value && strcmp(value, "true") == 0;
	if (strcmp(name, "delta.setTransactionRetentionDuration") == 0)
		return "after which our positions would be forgotten, and all records be stored once more";
	if (strcmp(name, "delta.columnMapping.mode") == 0)
		return value && strcmp(value, "none") == 0 ? NULL : "(column mapping)";
	if (begins(name, "delta.constraints."))
		return "(a CHECK constraint)";
	if (on && strcmp(name, "delta.enableRowTracking") == 0)
		return "(row tracking)";
	if (on && strcmp(name, "delta.enableInCommitTimestamps") == 0)
		return "(in-commit timestamps)";
	if (on && begins(name, "delta.enableIcebergCompat"))
		return "(compatibility with Iceberg)";
	if (strcmp(name, "delta.checkpointPolicy") == 0 && value && strcmp(value, "classic") != 0)
		return "(checkpoints other than classic ones)";
	return NULL;
}

int delta_rules_meta(json_t *meta, struct strbuf *why)
{
	const char *name, *provider = text_in(json_object_get(meta, "format"), "provider");
	json_t *value;
	if (!provider || strcmp(provider, "parquet") != 0) {
		strbuf_addf(why, "files of the format '%s'", provider ? provider : "");
		return -EINVAL;
	}
	json_object_foreach(json_object_get(meta, "configuration"), name, value)
	{
		const char *text = json_string_value(value), *fault = property_fault(name, text);
		if (!fault)
			continue;
		strbuf_addf(why, "the property '%s'='%s' %s", name, text ? text : "", fault);
		return -EINVAL;
	}
	return 0;
}

bool delta_rules_replaces(const struct entry *entry)
{
	const char *operation = text_in(entry->info, "operation");
	return operation &&
	       (strstr(operation, "RESTORE") || strstr(operation, "REPLACE") || strstr(operation, "CLONE"));
}

const char *delta_rules_id(const char *app)
{
	return begins(app, APP_ID "-id/") ? app + strlen(APP_ID "-id/") : NULL;
}

const char *delta_rules_position(const char *app)
{
	return begins(app, APP_ID "/") ? app + strlen(APP_ID "/") : NULL;
}

/* The first of ENTRY's application ids that belongs to weir; NULL: none. */
static const char *our_txn(const struct entry *entry)
{
	size_t i;
	json_t *txn;
	json_array_foreach(entry->txns, i, txn)
	{
		const char *id = text_in(txn, "appId");
		if (id && (delta_rules_id(id) || delta_rules_position(id)))
			return id;
	}
	return NULL;
}

bool delta_rules_misfit(const struct entry *entry, const char *table, struct strbuf *why)
{
	const char *operation = text_in(entry->info, "operation"), *id = text_in(entry->meta, "id");
	const char *txn = our_txn(entry);
	if (delta_rules_replaces(entry))
		strbuf_addf(why, "is a %s", operation);
	else if (entry->meta && table && (!id || strcmp(id, table) != 0))
		strbuf_addf(why, "makes another table of it, with the id '%s'", id ? id : "");
	else if (txn)
		strbuf_addf(why, "has a transaction of ours, '%s', which we have not written", txn);
	else
		return false;
	return true;
}
