/* The actions in a file of a log: see delta_actions.h. */
#include "common/lake/delta_actions.h"

#include <errno.h>
#include <string.h>

#include "common/lake/json_in.h"

void delta_actions_init(struct delta_actions *in)
{
	*in = (struct delta_actions){.name = STRBUF_INIT, .data = STRBUF_INIT};
}

void delta_actions_close(struct delta_actions *in)
{
	pq_rows_free(in->rows);
	pq_file_free(in->file);
	in->rows = NULL;
	in->file = NULL;
	strbuf_release(&in->data);
	strbuf_release(&in->name);
}

int delta_actions_fault(const struct delta_actions *in, int r, const char *why, struct strbuf *err)
{
	strbuf_addf(
		err, "the checkpoint '%s' %s: %s", in->name.s, r == -ENOTSUP ? "is not read here" : "is damaged", why);
	return r;
}

int delta_actions_open(struct delta_actions *in, struct store *store, const char *path, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	delta_actions_close(in);
	strbuf_addf(&in->name, "%s/%s", store->url, path);
	int r = store_get(store, path, DELTA_ACTIONS_BYTES, &in->data, err);
	if (r == 0 && (r = pq_file_open(in->data.s, in->data.len, &in->file, &why)) < 0)
		r = delta_actions_fault(in, r, why.s, err);
	strbuf_release(&why);
	return r == -ENOENT ? -EBADMSG : r;
}

int delta_actions_begin(struct delta_actions *in, const struct schema *want, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	pq_rows_free(in->rows);
	in->rows = NULL;
	int r = pq_rows_new(in->file, want, &in->rows, &why);
	if (r < 0)
		r = delta_actions_fault(in, r, why.s, err);
	strbuf_release(&why);
	return r;
}

/* What is wrong with ACTION, called NAME; NULL: nothing. */
static const char *fault_of(const char *name, json_t *action)
{
	bool file = strcmp(name, "add") == 0 || strcmp(name, "remove") == 0;
	if (file && !text_in(action, "path"))
		return "a file has no path";
	if (strcmp(name, "txn") == 0 && !text_in(action, "appId"))
		return "a transaction has no appId";
	return NULL;
}

/* The action of ROW: 1; or 0 when it has none.  Members of ROW without contents are not actions. */
static int action_of(const struct delta_actions *in, json_t *row, json_t **ret, struct strbuf *err)
{
	const char *name, *found = NULL;
	json_t *action, *only = NULL;
	json_object_foreach(row, name, action)
	{
		if (!json_object_size(action))
			continue;
		if (found)
			return delta_actions_fault(in, -EBADMSG, "a row has two actions", err);
		found = name;
		only = action;
	}
	if (!found)
		return 0;
	const char *what = fault_of(found, only);
	if (what)
		return delta_actions_fault(in, -EBADMSG, what, err);
	*ret = json_pack("{s:O}", found, only);
	return 1;
}

int delta_actions_next(struct delta_actions *in, json_t **ret, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	int r = 0, more = 1;
	while (r == 0 && more > 0) {
		json_t *row = NULL;
		more = pq_rows_next(in->rows, &row, &why);
		if (more < 0)
			r = delta_actions_fault(in, more, why.s, err);
		else if (more > 0)
			r = action_of(in, row, ret, err);
		json_decref(row);
	}
	strbuf_release(&why);
	return r;
}
