/* Reading the actions of a checkpoint: see delta_checkpoint.h. */
#include <errno.h>
#include <string.h>

#include "common/data/schema_text.h"
#include "common/lake/delta_checkpoint.h"
#include "common/lake/delta_checkpoint_schema.h"
#include "common/lake/json_in.h"

static const char table_columns[] = DELTA_CHECKPOINT_TABLE DELTA_CHECKPOINT_V2;
static const char all_columns[] =
	DELTA_CHECKPOINT_TABLE DELTA_CHECKPOINT_FILES(DELTA_CHECKPOINT_VECTOR) DELTA_CHECKPOINT_V2;

int delta_checkpoint_begin(struct delta_checkpoint_in *in, const struct log *log, struct delta_checkpoint which,
	bool files, struct strbuf *err)
{
	const char *columns = files ? all_columns : table_columns;
	*in = (struct delta_checkpoint_in){.log = log, .which = which, .data = STRBUF_INIT};
	schema_init(&in->want);
	return schema_parse_text(&in->want, columns, strlen(columns), err);
}

static void close_part(struct delta_checkpoint_in *in)
{
	pq_rows_free(in->rows);
	pq_file_free(in->file);
	in->rows = NULL;
	in->file = NULL;
	strbuf_release(&in->data);
}

void delta_checkpoint_end(struct delta_checkpoint_in *in)
{
	close_part(in);
	schema_release(&in->want);
}

/* The open file has the fault WHY; returns R. */
static int fault(const struct delta_checkpoint_in *in, int r, const char *why, struct strbuf *err)
{
	struct strbuf path = STRBUF_INIT;
	delta_checkpoint_path(in->log, &in->which, in->part, &path);
	strbuf_addf(err, "the checkpoint '%s/%s' %s: %s", in->log->store->url, path.s,
		r == -ENOTSUP ? "is not read here" : "is damaged", why);
	strbuf_release(&path);
	return r;
}

/* Open the next part: 1; 0 when there is none. */
static int open_part(struct delta_checkpoint_in *in, struct strbuf *err)
{
	struct strbuf path = STRBUF_INIT, why = STRBUF_INIT;
	if (in->part == in->which.parts)
		return 0;
	in->part++;
	delta_checkpoint_path(in->log, &in->which, in->part, &path);
	int r = store_get(in->log->store, path.s, DELTA_CHECKPOINT_BYTES, &in->data, err);
	if (r == 0) {
		r = pq_file_open(in->data.s, in->data.len, &in->file, &why);
		if (r == 0)
			r = pq_rows_new(in->file, &in->want, &in->rows, &why);
		if (r < 0)
			r = fault(in, r, why.s, err);
	}
	strbuf_release(&path);
	strbuf_release(&why);
	return r == -ENOENT ? -EBADMSG : r < 0 ? r : 1;
}

/* What is wrong with ACTION, or NULL; *R is the error. */
static const char *fault_of(const char *name, json_t *action, int *r)
{
	bool file = strcmp(name, "add") == 0 || strcmp(name, "remove") == 0;
	*r = -ENOTSUP;
	if (strcmp(name, "checkpointMetadata") == 0 || strcmp(name, "sidecar") == 0)
		return "it is a V2 checkpoint";
	if (file && json_object_size(json_object_get(action, "deletionVector")))
		return "a file has a deletion vector";
	*r = -EBADMSG;
	if (file && !text_in(action, "path"))
		return "a file has no path";
	if (strcmp(name, "txn") == 0 && !text_in(action, "appId"))
		return "a transaction has no appId";
	return NULL;
}

/* The action of ROW: 1; or 0 when it has none.  Members of ROW without contents are not actions. */
static int action_of(const struct delta_checkpoint_in *in, json_t *row, json_t **ret, struct strbuf *err)
{
	const char *name, *found = NULL;
	json_t *action, *only = NULL;
	int r;
	json_object_foreach(row, name, action)
	{
		if (!json_object_size(action))
			continue;
		if (found)
			return fault(in, -EBADMSG, "a row has two actions", err);
		found = name;
		only = action;
	}
	if (!found)
		return 0;
	const char *what = fault_of(found, only, &r);
	if (what)
		return fault(in, r, what, err);
	*ret = json_pack("{s:O}", found, only);
	return 1;
}

int delta_checkpoint_next(struct delta_checkpoint_in *in, json_t **ret, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	int r = 0;
	while (r == 0) {
		json_t *row = NULL;
		int more = in->rows ? pq_rows_next(in->rows, &row, &why) : 0;
		if (more < 0)
			r = fault(in, more, why.s, err);
		else if (more > 0)
			r = action_of(in, row, ret, err);
		json_decref(row);
		if (more != 0)
			continue;
		close_part(in);
		r = open_part(in, err);
		if (r <= 0)
			break;
		r = 0;
	}
	strbuf_release(&why);
	return r;
}
