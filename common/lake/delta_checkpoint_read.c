/* Reading the actions of a checkpoint: see delta_checkpoint.h. */
#include <errno.h>
#include <string.h>

#include "common/data/schema_text.h"
#include "common/lake/delta_checkpoint.h"
#include "common/lake/delta_checkpoint_schema.h"

static const char table_columns[] = DELTA_CHECKPOINT_TABLE DELTA_CHECKPOINT_V2;
static const char all_columns[] = DELTA_CHECKPOINT_TABLE DELTA_CHECKPOINT_FILES DELTA_CHECKPOINT_V2;

int delta_checkpoint_begin(struct delta_checkpoint_in *in, const struct log *log, struct delta_checkpoint which,
	bool files, struct strbuf *err)
{
	const char *columns = files ? all_columns : table_columns;
	*in = (struct delta_checkpoint_in){.log = log, .which = which};
	delta_actions_init(&in->actions);
	schema_init(&in->want);
	return schema_parse_text(&in->want, columns, strlen(columns), err);
}

void delta_checkpoint_end(struct delta_checkpoint_in *in)
{
	delta_actions_close(&in->actions);
	schema_release(&in->want);
}

/* Open the next part: 1; 0 when there is none. */
static int open_part(struct delta_checkpoint_in *in, struct strbuf *err)
{
	struct strbuf path = STRBUF_INIT;
	if (in->part == in->which.parts)
		return 0;
	in->part++;
	delta_checkpoint_path(in->log, &in->which, in->part, &path);
	int r = delta_actions_open(&in->actions, in->log->store, path.s, err);
	if (r == 0)
		r = delta_actions_begin(&in->actions, &in->want, err);
	strbuf_release(&path);
	return r < 0 ? r : 1;
}

/* What is in ACTION that is not read here; NULL: nothing. */
static const char *unread(const json_t *action)
{
	bool v2 = json_object_get(action, "checkpointMetadata") || json_object_get(action, "sidecar");
	return v2 ? "it is a V2 checkpoint" : NULL;
}

int delta_checkpoint_next(struct delta_checkpoint_in *in, json_t **ret, struct strbuf *err)
{
	int r = in->actions.rows ? 0 : open_part(in, err);
	if (r < 0 || !in->actions.rows)
		return r;
	while ((r = delta_actions_next(&in->actions, ret, err)) == 0)
		if ((r = open_part(in, err)) <= 0)
			return r;
	const char *what = r > 0 ? unread(*ret) : NULL;
	if (!what)
		return r;
	json_decref(*ret);
	return delta_actions_fault(&in->actions, -ENOTSUP, what, err);
}
