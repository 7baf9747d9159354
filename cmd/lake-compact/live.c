/* The files of a table: see live.h. */
#include "live.h"

#include <errno.h>
#include <string.h>

#include "common/lake/delta_snapshot.h"
#include "common/lake/json_in.h"
#include "common/lake/percent.h"
#include "common/lake/snapshot.h"

static int raw_files(struct log *log, json_t **ret, struct strbuf *err)
{
	struct snapshot snapshot;
	int r = snapshot_read(&snapshot, log, err);
	if (r == 0)
		*ret = json_incref(snapshot.adds);
	snapshot_release(&snapshot);
	return r;
}

/* Take the file of ADD into FILES. */
static int take(json_t *files, json_t *add, const struct log *log, struct strbuf *err)
{
	const char *uri = text_in(add, "path");
	struct strbuf key = STRBUF_INIT;
	int r = uri && percent_decode(&key, uri) == 0 && strlen(key.s) == key.len ? 0 : -EBADMSG;
	if (r < 0) {
		strbuf_addf(err, "the log of '%s' names a file without a path", log->store->url);
	} else {
		json_object_set_nocheck(files, key.s, add);
	}
	strbuf_release(&key);
	return r;
}

static int delta_files(const struct log *log, json_t *files, struct strbuf *err)
{
	const struct as_of as_of = {.version = log->version, .time_ms = INT64_MIN};
	struct delta_snapshot snapshot;
	json_t *add;
	int more = 1, r = delta_snapshot_open(&snapshot, log->store, &as_of, err);
	while (r == 0 && (more = delta_snapshot_next(&snapshot, &add, err)) > 0) {
		r = take(files, add, log, err);
		json_decref(add);
	}
	delta_snapshot_release(&snapshot);
	r = r < 0 ? r : more;
	return r == -ENOTSUP ? -EINVAL : r == -ENOENT ? -EBADMSG : r;
}

int live_files(struct log *log, json_t **ret, struct strbuf *err)
{
	*ret = NULL;
	if (log->kind == TABLE_RAW)
		return raw_files(log, ret, err);
	json_t *files = json_object();
	int r = delta_files(log, files, err);
	if (r == 0)
		*ret = files;
	else
		json_decref(files);
	return r;
}
