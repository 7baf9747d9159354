/* The files beside a log: see audit.h, and ids.h and inventory.h, which make them. */
#include <errno.h>
#include <inttypes.h>

#include "common/lake/audit.h"
#include "common/lake/ids.h"
#include "common/lake/inventory.h"
#include "common/lake/json_in.h"
#include "common/lake/side.h"
#include "common/lake/snapshot.h"

/*
 * Like audit_judge(), but nothing is reported when the entry VERSION was emptied in the meantime, and its file removed
 * with it.
 */
static void judge(struct audit *a, const struct log *log, int64_t version, int code, const struct strbuf *text)
{
	if (code != -EBADMSG || version >= log_floor(log))
		audit_judge(a, code, text);
}

/* Whether the file of REF was not examined yet. */
static bool is_new(struct audit *a, json_t *ref)
{
	const char *name = text_in(ref, "name");
	return !json_object_get(a->beside, name) && json_object_set_new(a->beside, name, json_true()) == 0;
}

/* How many files INV lists; *RET_UNKNOWN of them are in no entry.  Or a negative error. */
static int64_t compare(struct audit *a, struct inventory *inv, int64_t *ret_unknown, struct strbuf *err)
{
	int64_t count = 0, version;
	json_t *add;
	int r;
	*ret_unknown = 0;
	while ((r = inventory_next(inv, &add, &version, err)) > 0) {
		struct strbuf path = STRBUF_INIT;
		*ret_unknown += snapshot_path(add, &path) < 0 || !json_object_get(a->files, path.s);
		count++;
		strbuf_release(&path);
		json_decref(add);
	}
	return r < 0 ? r : count;
}

/* Check that STATE names a valid inventory and, if this covers the entries read so far, that it has their files. */
static int check_inventory(struct audit *a, const struct log *log, json_t *state, struct strbuf *err)
{
	struct inventory inv;
	int64_t count = 0, unknown = 0, has = (int64_t)json_object_size(a->files);
	int r = inventory_read(&inv, log->store, log->dir, state, err);
	if (r == 0)
		count = compare(a, &inv, &unknown, err);
	if (r == 0 && count >= 0 && a->whole && inv.version == a->version && (count != has || unknown))
		audit_find(a,
			"the list of the files of version %" PRId64 " has %" PRId64 " files, %" PRId64
			" of them not in the log; the log has %" PRId64,
			inv.version, count, unknown, has);
	inventory_release(&inv);
	return r < 0 ? r : count < 0 ? (int)count : 0;
}

void audit_beside(struct audit *a, const struct log *log, int64_t version, const struct entry *entry)
{
	struct strbuf err = STRBUF_INIT;
	json_t *state = entry_state(entry), *ref = json_object_get(state, "inventory");
	json_t *meta = json_object_get(state, "meta");
	size_t i;
	/* the files that the floor's entry names are older than the floor */
	if (ref && version > a->floor && is_new(a, ref)) {
		int r = check_inventory(a, log, state, &err);
		if (r < 0)
			judge(a, log, version, r, &err);
	}
	if (meta && is_new(a, meta)) {
		struct strbuf text = STRBUF_INIT;
		int r = side_read(log->store, log->dir, meta, &text, &err);
		strbuf_release(&text);
		if (r < 0)
			judge(a, log, version, r, &err);
	}
	json_array_foreach(json_object_get(state, "id_files"), i, ref)
	{
		strbuf_clear(&err);
		int r = is_new(a, ref) ? ids_check((struct ids_place){log->store, log->dir}, ref, &err) : 0;
		if (r < 0)
			judge(a, log, version, r, &err);
	}
	strbuf_release(&err);
}

/* Note what INV lists, except the files of its own version, which have just been read. */
static int take_in(struct audit *a, struct inventory *inv, struct strbuf *err)
{
	int64_t version;
	json_t *add;
	int r;
	while ((r = inventory_next(inv, &add, &version, err)) > 0) {
		if (version != inv->version)
			audit_add(a, version, "the list of files", add, json_object_get(a->state, "columns"));
		json_decref(add);
	}
	return r;
}

void audit_begin(struct audit *a, const struct log *log)
{
	struct strbuf err = STRBUF_INIT;
	struct inventory inv = {.text = STRBUF_INIT};
	struct entry entry = {0};
	int r = log_read(log, a->floor + 1, &entry, &err);
	if (r == 0)
		r = inventory_read(&inv, log->store, log->dir, entry_state(&entry), &err);
	if (r == 0 && inv.version != a->floor) {
		strbuf_addf(&err, "there is no list of the files of version %" PRId64 ", with which the log begins",
			a->floor);
		r = -EBADMSG;
	}
	if (r == 0)
		r = take_in(a, &inv, &err);
	if (r < 0) {
		json_t *ref = json_object_get(entry_state(&entry), "inventory");
		if (!ref || is_new(a, ref)) /* report it only once */
			judge(a, log, a->floor, r, &err);
	}
	inventory_release(&inv);
	entry_release(&entry);
	strbuf_release(&err);
}
