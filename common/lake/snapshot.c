/* The files of a table: see snapshot.h. */
#include "common/lake/snapshot.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/lake/beneath.h"
#include "common/lake/percent.h"

#define SIZE_LIMIT (INT64_C(1) << 53) /* bytes; what is beyond comes from somebody who means harm */

/* Take the files of one entry in, those it removes out. */
static void apply(struct snapshot *s, const struct entry *entry)
{
	size_t i;
	json_t *add, *remove;
	json_array_foreach(entry->removes, i, remove)
	{
		const char *uri = json_string_value(json_object_get(remove, "path"));
		if (uri)
			json_object_del(s->adds, uri);
	}
	json_array_foreach(entry->adds, i, add)
	{
		const char *uri = json_string_value(json_object_get(add, "path"));
		if (uri)
			json_object_set(s->adds, uri, add);
	}
}

int snapshot_read(struct snapshot *s, struct log *log, struct strbuf *err)
{
	struct log walk = {.store = log->store, .dir = log->dir, .version = -1};
	int r = 0;
	*s = (struct snapshot){.adds = json_object()};
	while (r == 0 && walk.version < log->version) {
		struct entry entry;
		int64_t version;
		r = log_next(&walk, &entry, &version, err);
		if (r < 0)
			break;
		apply(s, &entry);
		log_advance(&walk, &entry, version);
	}
	log_release(&walk);
	return r;
}

void snapshot_release(struct snapshot *s)
{
	json_decref(s->adds);
	s->adds = NULL;
}

int snapshot_path(json_t *action, struct strbuf *ret)
{
	const char *uri = json_string_value(json_object_get(action, "path"));
	return uri && percent_decode(ret, uri) == 0 && beneath_ok(ret->s) ? 0 : -EBADMSG;
}

/* What is wrong with an add action; NULL: nothing. */
static const char *fault(json_t *add, struct strbuf *path, const char *tag)
{
	json_t *size = json_object_get(add, "size");
	if (snapshot_path(add, path) < 0)
		return "which is no place in a table";
	if (tag && !beneath_ok(tag))
		return "whose stage is at no place in a table";
	if (!json_is_integer(size))
		return "without a size";
	if (json_integer_value(size) < 0 || json_integer_value(size) > SIZE_LIMIT)
		return "of a size that no file has";
	return NULL;
}

int snapshot_file(json_t *add, struct snapshot_file *ret, struct strbuf *err)
{
	const char *uri = json_string_value(json_object_get(add, "path"));
	const char *tag = json_string_value(json_object_get(json_object_get(add, "tags"), "weir.stage"));
	struct strbuf path = STRBUF_INIT;
	const char *what = fault(add, &path, tag);
	if (what) {
		strbuf_addf(err, "the log names a file %s: '%s'", what, uri ? uri : "");
		strbuf_release(&path);
		return -EBADMSG;
	}
	*ret = (struct snapshot_file){.path = strbuf_detach(&path),
		.tag = tag,
		.values = json_object_get(add, "partitionValues"),
		.size = (uint64_t)json_integer_value(json_object_get(add, "size")),
		.records = add_records(add)};
	return 0;
}
