/* Which Delta tables we can read: see delta_readable.h. */
#include "common/lake/delta_readable.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "common/lake/delta_rules.h"
#include "common/lake/json_in.h"

/* What readers need, and we have. */
static const char *const known[] = {"columnMapping", "deletionVectors", "timestampNtz", "typeWidening",
	"typeWidening-preview", "v2Checkpoint", "vacuumProtocolCheck"};

static bool is_known(const char *feature)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(feature, known[i]) == 0)
			return true;
	return false;
}

/* Append the features that we lack to LIST; -EBADMSG. */
static int missing(json_t *features, struct strbuf *list)
{
	size_t i;
	json_t *feature;
	if (features && !json_is_array(features))
		return -EBADMSG;
	json_array_foreach(features, i, feature)
	{
		if (!json_is_string(feature))
			return -EBADMSG;
		if (!is_known(json_string_value(feature)))
			strbuf_addf(list, "%s'%s'", list->len ? ", " : "", json_string_value(feature));
	}
	return 0;
}

int delta_readable(json_t *protocol, json_t *meta, const char *url, struct strbuf *err)
{
	struct strbuf list = STRBUF_INIT;
	int64_t reader = number_in(protocol, "minReaderVersion");
	const char *format = text_in(json_object_get(meta, "format"), "provider");
	int r = missing(json_object_get(protocol, "readerFeatures"), &list);
	if (r < 0 || reader < 1 || !text_in(meta, "schemaString")) {
		strbuf_addf(err, "the log of '%s' has no protocol or no schema", url);
		r = -EBADMSG;
	} else if (reader > DELTA_READER_LIST) {
		strbuf_addf(err, "'%s' needs protocol %lld of its readers, which is not known here", url,
			(long long)reader);
		r = -ENOTSUP;
	} else if (list.len) {
		strbuf_addf(err, "'%s' needs features of its readers that are not known here: %s", url, list.s);
		r = -ENOTSUP;
	} else if (format && strcmp(format, "parquet") != 0) {
		strbuf_addf(err, "the files of '%s' are not Parquet, but '%s'", url, format);
		r = -ENOTSUP;
	}
	strbuf_release(&list);
	return r;
}
