/* Schemas in the log of a Delta table: see delta_meta.h. */
#include "common/lake/delta_meta.h"

#include <errno.h>
#include <string.h>

#include "common/data/schema_delta.h"
#include "common/lake/delta_rules.h"
#include "common/lake/json_in.h"
#include "common/base/uuid.h"

/* The lowest protocol with which all readers can read the table. */
static json_t *protocol_of(const struct schema *schema)
{
	if (!schema_delta_needs_ntz(schema))
		return json_pack("{s:i,s:i}", "minReaderVersion", DELTA_READER, "minWriterVersion", DELTA_WRITER);
	return json_pack("{s:i,s:i,s:[s],s:[s]}", "minReaderVersion", DELTA_READER_LIST, "minWriterVersion",
		DELTA_WRITER_LIST, "readerFeatures", "timestampNtz", "writerFeatures", "timestampNtz");
}

int delta_meta_new(const struct schema *schema, char *const *columns, size_t ncolumns, int64_t now_ms,
	json_t **ret_protocol, json_t **ret_meta, struct strbuf *err)
{
	char id[UUID_LEN + 1];
	struct strbuf text = STRBUF_INIT;
	if (!schema_delta_creatable(schema, err))
		return -EINVAL;
	int r = uuid_new(id, err);
	if (r < 0)
		return r;
	json_t *names = json_array();
	for (size_t i = 0; i < ncolumns; i++)
		json_array_append_new(names, json_string(columns[i]));
	schema_to_delta(schema, &text);
	*ret_protocol = protocol_of(schema);
	*ret_meta = json_pack("{s:s,s:{s:s,s:{}},s:s,s:o,s:{},s:I}", "id", id, "format", "provider", "parquet",
		"options", "schemaString", text.s, "partitionColumns", names, "configuration", "createdTime",
		(json_int_t)now_ms);
	strbuf_release(&text);
	return 0;
}

json_t *delta_meta_change(json_t *meta, const struct schema *schema)
{
	struct strbuf text = STRBUF_INIT;
	json_t *changed = json_deep_copy(meta);
	schema_to_delta(schema, &text);
	json_object_set_new(changed, "schemaString", json_stringn(text.s, text.len));
	strbuf_release(&text);
	return changed;
}

int delta_meta_schema(const struct log *log, struct schema *schema, struct strbuf *err)
{
	const char *text = text_in(log->delta.meta, "schemaString");
	struct strbuf why = STRBUF_INIT;
	struct schema read;
	schema_init(&read);
	int r = text ? schema_from_delta(&read, text, strlen(text), &why) : -EBADMSG;
	if (r < 0)
		strbuf_addf(
			err, "the schema of '%s' cannot be read: %s", log->store->url, text ? why.s : "there is none");
	else if (!schema_delta_appendable(&read, &why)) {
		strbuf_addf(err, "we cannot append to '%s': %s", log->store->url, why.s);
		r = -EINVAL;
	}
	if (r == 0)
		*schema = read;
	else
		schema_release(&read);
	strbuf_release(&why);
	return r == -EINVAL && !text ? -EBADMSG : r;
}

json_t *delta_meta_columns(const struct log *log)
{
	return json_object_get(log->delta.meta, "partitionColumns");
}
