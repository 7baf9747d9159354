/* The checkpoint of a snapshot: see delta_snapshot_base.h. */
#include "common/lake/delta_snapshot_base.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/data/schema_text.h"
#include "common/lake/beneath.h"
#include "common/lake/delta_checkpoint_schema.h"
#include "common/lake/json_in.h"
#include "common/lake/percent.h"

#define SIDECARS LOG_DELTA "/_sidecars/"

static const char table_columns[] = DELTA_CHECKPOINT_TABLE DELTA_CHECKPOINT_V2;
static const char file_columns[] = "add struct<path string, partitionValues map<string,string>, size bigint, "
				   "stats string" DELTA_CHECKPOINT_VECTOR ">";

static int damaged(const struct delta_base *base, const char *path, const char *why, struct strbuf *err)
{
	strbuf_addf(err, "the checkpoint '%s/%s' is damaged: %s", base->store->url, path, why);
	return -EBADMSG;
}

static bool is_json(const char *path)
{
	size_t len = strlen(path);
	return len > 5 && strcmp(path + len - 5, ".json") == 0;
}

/* Open the file PATH: a text of JSON lines, or Parquet with the columns of WANT (NULL: none are read yet). */
static int open_file(struct delta_base *base, const char *path, const struct schema *want, struct strbuf *err)
{
	int r;
	strbuf_clear(&base->text);
	base->at = 0;
	if (is_json(path)) {
		r = store_get(base->store, path, DELTA_ACTIONS_BYTES, &base->text, err);
		return r == -ENOENT ? -EBADMSG : r;
	}
	r = base->loaded ? 0 : delta_actions_open(&base->actions, base->store, path, err);
	base->loaded = false;
	return r == 0 && want ? delta_actions_begin(&base->actions, want, err) : r;
}

/* The next action of the open file PATH; 0 at its end. */
static int next_action(struct delta_base *base, const char *path, json_t **ret, struct strbuf *err)
{
	if (!is_json(path))
		return delta_actions_next(&base->actions, ret, err);
	const char *line = base->text.s + base->at;
	size_t left = base->text.len - base->at;
	if (!left)
		return 0;
	const char *lf = memchr(line, '\n', left);
	size_t len = lf ? (size_t)(lf - line) : left;
	base->at += len + (lf != NULL);
	*ret = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(*ret))
		return 1;
	json_decref(*ret);
	return damaged(base, path, "a line is not a JSON object", err);
}

/* Note the sidecar that ACTION names; its path is a name in `_sidecars`. */
static int take_sidecar(struct delta_base *base, const char *path, json_t *action, struct strbuf *err)
{
	const char *uri = text_in(action, "path");
	struct strbuf name = STRBUF_INIT;
	strbuf_addstr(&name, SIDECARS);
	int r = uri && percent_decode(&name, uri) == 0 && beneath_ok(name.s) ? 0 : -EBADMSG;
	if (r == 0)
		names_add(&base->files, name.s);
	strbuf_release(&name);
	return r < 0 ? damaged(base, path, "it names a sidecar that is not in the table", err) : 0;
}

static void keep(json_t **slot, json_t *action)
{
	if (json_object_size(action) && !*slot)
		*slot = json_incref(action);
}

/* Read everything but the files of PATH. */
static int read_table(struct delta_base *base, const char *path, struct strbuf *err)
{
	struct schema want;
	json_t *object, *sidecar;
	schema_init(&want);
	int more = 1, r = schema_parse_text(&want, table_columns, strlen(table_columns), err);
	if (r == 0)
		r = open_file(base, path, &want, err);
	while (r == 0 && more > 0) {
		more = next_action(base, path, &object, err);
		if (more <= 0) {
			r = more;
			break;
		}
		keep(&base->protocol, json_object_get(object, "protocol"));
		keep(&base->meta, json_object_get(object, "metaData"));
		sidecar = json_object_get(object, "sidecar");
		if (json_object_size(sidecar))
			r = take_sidecar(base, path, sidecar, err);
		json_decref(object);
	}
	pq_rows_free(base->actions.rows); /* they have borrowed WANT */
	base->actions.rows = NULL;
	schema_release(&want);
	return r;
}

void delta_base_init(struct delta_base *base)
{
	*base = (struct delta_base){.text = STRBUF_INIT};
	delta_actions_init(&base->actions);
	schema_init(&base->want);
}

int delta_base_open(struct delta_base *base, struct store *store, const struct delta_found *found, struct strbuf *err)
{
	const struct log log = {.store = store, .dir = LOG_DELTA};
	delta_base_init(base);
	base->store = store;
	int r = schema_parse_text(&base->want, file_columns, strlen(file_columns), err);
	for (unsigned part = 1; found->checkpoint.version >= 0 && part <= found->checkpoint.parts; part++) {
		struct strbuf path = STRBUF_INIT;
		if (found->v2)
			strbuf_addf(&path, LOG_DELTA "/%s", found->v2);
		else
			delta_checkpoint_path(&log, &found->checkpoint, part, &path);
		names_add(&base->files, path.s);
		strbuf_release(&path);
	}
	base->first = base->files.count;
	for (size_t i = 0; r == 0 && i < base->first; i++)
		r = read_table(base, base->files.items[i], err);
	base->loaded = base->first == 1 && !is_json(base->files.items[0]);
	return r;
}

void delta_base_release(struct delta_base *base)
{
	delta_actions_close(&base->actions);
	schema_release(&base->want);
	names_release(&base->files);
	strbuf_release(&base->text);
	json_decref(base->protocol);
	json_decref(base->meta);
	delta_base_init(base);
}

int delta_base_next(struct delta_base *base, json_t **ret_add, struct strbuf *err)
{
	json_t *object;
	int r = 0;
	while (r == 0) {
		if (!base->reading && base->next == base->files.count)
			return 0;
		const char *path = base->files.items[base->reading ? base->next - 1 : base->next];
		if (!base->reading) {
			r = open_file(base, path, &base->want, err);
			base->next++;
			base->reading = true;
			if (r < 0)
				break;
		}
		r = next_action(base, path, &object, err);
		base->reading = r > 0;
		if (r <= 0)
			continue;
		*ret_add = json_incref(json_object_get(object, "add"));
		json_decref(object);
		r = *ret_add != NULL;
		if (r && !text_in(*ret_add, "path")) {
			json_decref(*ret_add);
			r = damaged(base, path, "a file has no path", err);
		}
	}
	return r;
}
