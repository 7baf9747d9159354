/* The files of a table: see snapshot.h. */
#include "common/lake/snapshot.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/lake/beneath.h"
#include "common/lake/inventory.h"
#include "common/lake/json_in.h"
#include "common/lake/percent.h"

#define SIZE_LIMIT (INT64_C(1) << 53) /* bytes; larger sizes are forged */

/* Append ADD; it replaces an earlier action for the same file in S. */
static void take(struct snapshot *s, json_t *add)
{
	const char *uri = text_in(add, "path");
	if (!uri)
		return;
	json_object_del(s->adds, uri);
	json_object_set(s->adds, uri, add);
}

/* Add the files of one entry, and drop those that it removes. */
static void apply(struct snapshot *s, const struct entry *entry)
{
	size_t i;
	json_t *add, *remove;
	json_array_foreach(entry->removes, i, remove)
	{
		const char *uri = text_in(remove, "path");
		if (uri)
			json_object_del(s->adds, uri);
	}
	json_array_foreach(entry->adds, i, add)
	{
		take(s, add);
	}
}

/* Begin with the files of the inventory that LOG's head names, and with the version after it. */
static int begin(struct snapshot *s, const struct log *log, struct log *walk, struct strbuf *err)
{
	struct inventory inv;
	json_t *add;
	int64_t version;
	int r = inventory_read(&inv, log->store, log->dir, log->state, err), more = 1;
	while (r == 0 && more > 0) {
		more = inventory_next(&inv, &add, &version, err);
		if (more > 0) {
			take(s, add);
			json_decref(add);
		}
	}
	*walk = inventory_log(&inv, log);
	inventory_release(&inv);
	return r < 0 ? r : more;
}

int snapshot_read_version(struct snapshot *s, const struct log *log, struct strbuf *err)
{
	struct log walk;
	*s = (struct snapshot){.adds = json_object()};
	int r = begin(s, log, &walk, err);
	while (r == 0 && walk.version < log->version) {
		r = log_step_known(&walk, err);
		if (r == 0)
			apply(s, &walk.head);
	}
	log_release(&walk);
	return r;
}

int snapshot_read(struct snapshot *s, struct log *log, struct strbuf *err)
{
	for (;;) {
		struct strbuf text = STRBUF_INIT;
		int64_t version = log->version;
		int r = snapshot_read_version(s, log, &text), later = r < 0 ? log_refresh(log, err) : 0;
		bool again = r < 0 && later == 0 && log->version > version;
		if (r < 0 && !again)
			strbuf_addstr(err, later < 0 ? "" : text.s);
		strbuf_release(&text);
		if (!again)
			return later < 0 ? later : r;
		/* entries that were needed were emptied: begin again with the inventory that the log names now */
		snapshot_release(s);
	}
}

void snapshot_release(struct snapshot *s)
{
	json_decref(s->adds);
	s->adds = NULL;
}

int snapshot_path(json_t *action, struct strbuf *ret)
{
	const char *uri = text_in(action, "path");
	return uri && percent_decode(ret, uri) == 0 && beneath_ok(ret->s) ? 0 : -EBADMSG;
}

/* What is wrong with an add action, or NULL. */
static const char *fault(json_t *add, struct strbuf *path, const char *tag)
{
	json_t *size = json_object_get(add, "size");
	if (snapshot_path(add, path) < 0)
		return "which is not a place in a table";
	if (tag && !beneath_ok(tag))
		return "whose stage is not a place in a table";
	if (!json_is_integer(size))
		return "without a size";
	if (json_integer_value(size) < 0 || json_integer_value(size) > SIZE_LIMIT)
		return "of a size that no file has";
	return NULL;
}

int snapshot_file(json_t *add, struct snapshot_file *ret, struct strbuf *err)
{
	const char *uri = text_in(add, "path");
	const char *tag = text_in(json_object_get(add, "tags"), "weir.stage");
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
		.size = (uint64_t)number_in(add, "size"),
		.records = add_records(add)};
	return 0;
}
