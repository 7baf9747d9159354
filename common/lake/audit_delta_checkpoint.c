/* The checkpoints of a Delta table: see audit_delta.h. */
#include <errno.h>
#include <inttypes.h>

#include "common/lake/audit_delta_impl.h"
#include "common/lake/json_in.h"
#include "common/lake/snapshot.h"

/* --- to begin from ------------------------------------------------------------------------------------------------ */

/* Read all of WHICH into RET, an array. */
static int read_all(const struct log *log, struct delta_checkpoint which, json_t *ret, struct strbuf *err)
{
	struct delta_checkpoint_in in;
	json_t *object;
	int r = delta_checkpoint_begin(&in, log, which, true, err), more = 1;
	while (r == 0 && (more = delta_checkpoint_next(&in, &object, err)) > 0)
		json_array_append_new(ret, object);
	delta_checkpoint_end(&in);
	return r < 0 ? r : more;
}

/* Take in {NAME:ACTION} of a checkpoint of VERSION. */
static void take(struct audit *a, int64_t version, json_t *object)
{
	json_t *add = json_object_get(object, "add"), *removed = json_object_get(object, "remove");
	json_t *meta = json_object_get(object, "metaData"), *txn = json_object_get(object, "txn");
	if (add)
		audit_delta_add(a, version, "a checkpoint", add);
	if (removed)
		audit_delta_mention(a, removed);
	if (meta && !a->delta.meta)
		a->delta.meta = json_incref(meta);
	if (txn)
		audit_begin_part(a, text_in(txn, "appId"), json_object_get(txn, "version"));
}

/* Begin with WHICH: whether it can be read. */
static bool begin_with(struct audit *a, const struct log *log, struct delta_checkpoint which)
{
	struct strbuf err = STRBUF_INIT;
	json_t *objects = json_array(), *object;
	size_t i;
	int r = read_all(log, which, objects, &err);
	if (r < 0) {
		audit_judge(a, r == -ENOTSUP ? -EINVAL : r, &err);
	} else {
		a->floor = which.version + 1;
		a->version = which.version;
	}
	json_array_foreach(objects, i, object)
	{
		if (r == 0)
			take(a, which.version, object);
	}
	json_decref(objects);
	strbuf_release(&err);
	return r == 0;
}

void audit_delta_begin(struct audit *a, const struct log *log, int64_t first, const struct delta_checkpoints *list)
{
	struct strbuf text = STRBUF_INIT;
	bool begun = false;
	a->floor = first;
	for (size_t i = list->count; !begun && i-- > 0;)
		begun = begin_with(a, log, list->items[i]);
	if (begun)
		return;
	audit_gap(a);
	a->delta.partial = true;
	strbuf_addf(&text,
		"the entries before version %" PRId64 " were cleaned away, and no checkpoint that weir can read "
		"has their contents",
		first);
	if (list->v2)
		strbuf_addf(&text, " ('%s' is a V2 checkpoint)", list->v2);
	audit_judge(a, list->v2 ? -EINVAL : -EBADMSG, &text);
	strbuf_release(&text);
}

/* --- to compare --------------------------------------------------------------------------------------------------- */

/* What was seen of a checkpoint. */
struct seen {
	uint64_t files, unknown, parts;
};

static void compare_action(struct audit *a, struct delta_checkpoint which, json_t *object, struct seen *seen)
{
	json_t *add = json_object_get(object, "add"), *txn = json_object_get(object, "txn");
	const struct audit_part *part = txn ? audit_part_of(a, text_in(txn, "appId")) : NULL;
	int64_t next = number_in(txn, "version");
	if (add) {
		struct strbuf path = STRBUF_INIT;
		seen->unknown += snapshot_path(add, &path) < 0 || !json_object_get(a->files, path.s);
		seen->files++;
		strbuf_release(&path);
	}
	if (part && part->next >= 0) {
		seen->parts++;
		if (next != part->next)
			audit_find(a,
				"the checkpoint of version %" PRId64 " has offset %" PRId64
				" as the position of topic '%s', partition %d, group '%s', and the log %" PRId64,
				which.version, next, part->topic, (int)part->partition, part->group, part->next);
	}
}

static void judge(struct audit *a, struct delta_checkpoint which, const struct seen *seen)
{
	uint64_t files = json_object_size(a->files), parts = 0;
	for (size_t i = 0; i < a->nparts; i++)
		parts += a->parts[i].next >= 0;
	if (seen->files != files || seen->unknown)
		audit_find(a,
			"the checkpoint of version %" PRId64 " has %" PRIu64 " files, %" PRIu64
			" of them unknown to the log; the log has %" PRIu64,
			which.version, seen->files, seen->unknown, files);
	if (seen->parts < parts)
		audit_find(a, "the checkpoint of version %" PRId64 " has %" PRIu64 " positions, and the log %" PRIu64,
			which.version, seen->parts, parts);
}

void audit_delta_compare(struct audit *a, const struct log *log, struct delta_checkpoint which)
{
	struct delta_checkpoint_in in;
	struct strbuf err = STRBUF_INIT;
	struct seen seen = {0};
	json_t *object;
	if (a->delta.partial || a->delta.outside || which.version != a->version)
		return;
	int r = delta_checkpoint_begin(&in, log, which, true, &err), more = 1;
	while (r == 0 && (more = delta_checkpoint_next(&in, &object, &err)) > 0) {
		compare_action(a, which, object, &seen);
		json_decref(object);
	}
	delta_checkpoint_end(&in);
	r = r < 0 ? r : more;
	if (r == 0)
		judge(a, which, &seen);
	else if (r != -ENOTSUP) /* of a newer kind: nothing needs it here */
		audit_judge(a, r, &err);
	strbuf_release(&err);
}
