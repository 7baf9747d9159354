/* Reading the whole log of a raw table: see audit.h. */
#include <errno.h>
#include <inttypes.h>

#include "common/lake/audit.h"

static void read_entry(struct audit *a, struct log *log, int64_t version)
{
	struct strbuf err = STRBUF_INIT;
	struct entry entry;
	int r = log_read(log, version, &entry, &err);
	bool undone = audit_undone(a, version);
	if (r == 0) {
		if (!undone)
			audit_beside(a, log, version, &entry);
		(undone ? audit_undone_entry : audit_entry)(a, version, &entry);
		entry_release(&entry);
	} else if (r == -EBADMSG && undone) {
		r = 0;
		/* it was emptied in the meantime: go on from the new floor */
	} else if (r == -EBADMSG && log_is_retired(log, version)) {
		a->floor = log_floor(log);
		r = 0;
	} else {
		audit_gap(a);
	}
	if ((r == -EBADMSG || r == -ENOENT) && json_object_get(a->beside, err.s))
		r = 0; /* a finding about a file that several entries name is reported only once */
	if (r == -EBADMSG || r == -ENOENT) {
		audit_find(a, "%s", err.s);
		json_object_set_new_nocheck(a->beside, err.s, json_true());
	} else if (r < 0) {
		a->fail(a->arg, r, err.s);
	}
	strbuf_release(&err);
}

/* Check VERSION, unless it lies before the floor, where the log begins. */
static void take_version(struct audit *a, struct log *log, int64_t version)
{
	if (version < a->floor)
		return;
	if (version == a->floor && version > 0)
		audit_gap(a);
	read_entry(a, log, version);
	if (version == a->floor && version > 0)
		audit_begin(a, log);
}

int audit_log(struct audit *a, struct store *store, struct strbuf *err)
{
	struct log log = {.store = store, .dir = LOG_RAW, .version = -1};
	struct names names = {0};
	/* read the hint first, so that it is not ahead of the entries that are read */
	int64_t hint = log_hint(&log, NULL), next = 0;
	int r = store_list(store, log.dir, &names, err);
	names_sort(&names);
	a->floor = log_floor(&log);
	audit_undone_find(a, &log, &names);
	for (size_t i = 0; r == 0 && i < names.count; i++) {
		int64_t version = log_version_of(names.items[i]);
		if (version < 0)
			continue;
		if (version > next)
			audit_missing(a, next, version - 1);
		take_version(a, &log, version);
		next = version + 1;
	}
	names_release(&names);
	if (r == 0 && next == 0 && hint < 0)
		return log_missing(&log, err);
	if (r == 0 && hint >= next)
		audit_missing(a, next, hint);
	return r;
}
