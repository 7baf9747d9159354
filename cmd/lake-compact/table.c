/* The table and the list of its files: see compact.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/lake/delta_meta.h"
#include "common/lake/delta_rules.h"
#include "common/lake/delta_vector.h"
#include "common/lake/elsewhere.h"
#include "common/lake/json_in.h"
#include "common/lake/snapshot.h"
#include "compact.h"
#include "live.h"

/* --- opening ------------------------------------------------------------------------------------------------------ */

/* Whether the table is one that can be compacted. */
static int check(const struct compact *c, struct strbuf *err)
{
	const char *url = c->store->url;
	if (c->log.version < 0)
		return log_missing(&c->log, err);
	if (c->log.kind == TABLE_DELTA)
		return log_delta_check(&c->log, true, err);
	if (!c->log.state) {
		strbuf_addf(err, "'%s' is not a table of weir: its log has no positions", url);
		return -EINVAL;
	}
	if (c->store->ops->set_aside)
		return 0;
	strbuf_addf(err,
		"'%s' is a raw table in a store that cannot rename files: readers of the directory would see records "
		"twice, so only raw tables in local directories are compacted",
		url);
	return -EINVAL;
}

/* Take the names of the partition columns from the log. */
static void read_columns(struct compact *c)
{
	json_t *columns =
		c->log.kind == TABLE_DELTA ? delta_meta_columns(&c->log) : json_object_get(c->log.state, "columns");
	size_t count = json_array_size(columns);
	c->layout.columns = xcalloc(count + 1, sizeof *c->layout.columns);
	for (; c->layout.count < count; c->layout.count++) {
		const char *name = json_string_value(json_array_get(columns, c->layout.count));
		c->layout.columns[c->layout.count] = xstrdup(name ? name : "");
	}
	c->log.table = (struct table){.kind = c->log.kind,
		.columns = c->layout.columns,
		.ncolumns = count,
		.delim = state_delim(c->log.state)};
}

int table_open(struct compact *c, const char *url, const struct compact_options *opt, struct strbuf *err)
{
	*c = (struct compact){.opt = opt};
	outbuf_init(&c->out, STDOUT_FILENO, "standard output");
	int r = opt->dry_run ? store_open(url, NULL, &opt->store, &c->store, err)
			     : store_open_writer(url, c->uuid, &opt->store, &c->store, err);
	const struct table delta = {.kind = TABLE_DELTA, .delim = '\n'};
	enum table_kind kind = TABLE_RAW;
	if (r == 0)
		r = log_find_kind(c->store, &kind, err);
	if (r == 0) /* a Delta table may have no entry of ours, and only writers go through all of others */
		r = log_open(&c->log, c->store, kind == TABLE_DELTA ? &delta : NULL, err);
	c->log.writer = false; /* it expects nothing of the table */
	if (r == 0)
		r = check(c, err);
	if (r == 0 && !opt->dry_run)
		r = log_recover(&c->log, err);
	if (r == 0)
		read_columns(c);
	return r;
}

static void drop_list(struct compact *c)
{
	for (size_t i = 0; i < c->nfiles; i++) {
		free(c->files[i].path);
		free(c->files[i].group);
		layout_free_values(&c->layout, c->files[i].values);
	}
	free(c->files);
	c->files = NULL;
	c->nfiles = 0;
	json_decref(c->adds);
	c->adds = NULL;
}

void table_close(struct compact *c)
{
	drop_list(c);
	log_release(&c->log);
	layout_release(&c->layout);
	store_close(c->store);
	outbuf_release(&c->out);
}

/* --- the list ----------------------------------------------------------------------------------------------------- */

/* When the newest of the records that ADD names was committed. */
static int64_t newest(json_t *add)
{
	const char *text = text_in(json_object_get(add, "tags"), "weir.newest");
	int64_t modified = number_in(add, "modificationTime"), ms = text ? strtoll(text, NULL, 10) : 0;
	return ms > 0 ? ms : modified > 0 ? modified : 0;
}

/*
 * What files must have in common: the partition and, in a raw table, the directory and the format; there they must have
 * names of ours, too, or they cannot be hidden.
 */
static char *group_of(const struct compact *c, const struct table_file *file)
{
	struct strbuf group = STRBUF_INIT;
	if (c->log.kind == TABLE_DELTA)
		return json_dumps(json_object_get(file->add, "partitionValues"), JSON_COMPACT | JSON_SORT_KEYS);
	const char *slash = strrchr(file->path, '/'), *name = slash ? slash + 1 : file->path;
	strbuf_add(&group, file->path, (size_t)(name - file->path));
	strbuf_addf(&group, "/%s", name + strcspn(name, "."));
	return strbuf_detach(&group);
}

/* Whether FILE can be replaced: otherwise it stays as it is. */
static bool replaceable(const struct compact *c, const struct table_file *file)
{
	if (c->log.kind == TABLE_DELTA)
		return true;
	char *aside = store_aside_name(c->store, file->path);
	bool good = aside && file->records >= 0;
	free(aside);
	return good;
}

static int take(struct compact *c, json_t *add, struct strbuf *err)
{
	struct snapshot_file file;
	if (c->log.kind == TABLE_DELTA && elsewhere_is(text_in(add, "path"))) {
		c->outside++;
		return 0;
	}
	int r = snapshot_file(add, &file, err);
	if (r < 0)
		return r;
	struct table_file *to = &c->files[c->nfiles];
	*to = (struct table_file){.add = add,
		.path = file.path,
		.values = xcalloc(c->layout.count + 1, sizeof *to->values),
		.size = file.size,
		.records = file.records,
		.deleted = delta_vector_count(add),
		.modified_ms = newest(add)};
	for (size_t i = 0; i < c->layout.count; i++) {
		const char *value = text_in(file.values, c->layout.columns[i]);
		to->values[i] = value ? xstrdup(value) : NULL;
	}
	to->group = group_of(c, to);
	c->nfiles++;
	if (replaceable(c, to))
		return 0;
	c->nfiles--;
	layout_free_values(&c->layout, to->values);
	free(to->group);
	free(to->path);
	return 0;
}

int table_list(struct compact *c, struct strbuf *err)
{
	const char *uri;
	json_t *add;
	drop_list(c);
	c->outside = 0;
	int r = live_files(&c->log, &c->adds, err);
	if (r < 0)
		return r;
	c->since = c->log.version;
	c->meta_version = c->log.delta.version;
	c->files = xcalloc(json_object_size(c->adds) + 1, sizeof *c->files);
	json_object_foreach(c->adds, uri, add)
	{
		if (r == 0)
			r = take(c, add, err);
	}
	bool one = c->outside == 1;
	if (c->outside && !c->told)
		warn("%" PRIu64 " %s of '%s' outside of it, as in a shallow clone, and %s", c->outside,
			one ? "file" : "files", c->store->url, one ? "stays as it is" : "stay as they are");
	c->told = c->outside;
	return r;
}
