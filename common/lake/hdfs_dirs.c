/* Directories that are made for a table in HDFS, and removed again when nothing is written to it: see hdfs.h. */
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/io/uri.h"
#include "common/lake/hdfs.h"

/* A request about PATH, from '/' on, of which only the status matters; 0: there is no answer. */
static int bare(struct store_hdfs *hdfs, const char *method, const char *path, const char *query)
{
	struct strbuf url = STRBUF_INIT;
	strbuf_addf(&url, "%s" HDFS_API, hdfs->place.bases[hdfs->active]);
	uri_encode(&url, path, strlen(path), true);
	strbuf_addf(&url, "?%s", query);
	int status = hdfs_try(hdfs, method, url.s);
	strbuf_release(&url);
	return status;
}

void hdfs_look_around(struct store_hdfs *hdfs)
{
	char *path = xstrdup(hdfs->place.root);
	if (!hdfs->looked)
		while (*path && bare(hdfs, "GET", path, "op=GETFILESTATUS") == 404) {
			names_add(&hdfs->made, path);
			*strrchr(path, '/') = '\0';
		}
	hdfs->looked = true;
	free(path);
}

/* Note that the directories above PATH in the table were made. */
static void note_made(struct store_hdfs *hdfs, const char *path)
{
	struct strbuf full = STRBUF_INIT;
	for (const char *s = path; (s = strchr(s, '/')); s++) {
		strbuf_clear(&full);
		strbuf_addf(&full, "%s/", hdfs->place.root);
		strbuf_add(&full, path, (size_t)(s - path));
		names_add(&hdfs->made, full.s);
	}
	strbuf_release(&full);
}

int hdfs_make_parent(struct store_hdfs *hdfs, const char *path, struct strbuf *err)
{
	const char *slash = strrchr(path, '/');
	char *dir = xstrndup(path, slash ? (size_t)(slash - path) : 0);
	struct remote_call *call;
	int r = hdfs_run(hdfs, "PUT", dir, "op=MKDIRS", 0, &call, err);
	if (r == 0 && !remote_good(call))
		r = hdfs_fail(call, "create", dir, err);
	if (r == 0)
		note_made(hdfs, path);
	remote_call_free(call);
	free(dir);
	return r;
}

void hdfs_undo(struct store *store)
{
	struct store_hdfs *hdfs = store_hdfs(remote_of(store));
	struct strbuf stages = STRBUF_INIT;
	if (!hdfs->looked)
		return; /* nothing was written */
	strbuf_addf(&stages, "%s/" REMOTE_STAGES, hdfs->place.root);
	names_add(&hdfs->made, stages.s);
	names_sort(&hdfs->made); /* a directory comes before those inside it */
	for (size_t i = hdfs->made.count; i-- > 0;)
		(void)bare(hdfs, "DELETE", hdfs->made.items[i], "op=DELETE&recursive=false"); /* if it is empty */
	names_release(&hdfs->made);
	strbuf_release(&stages);
	hdfs->looked = false;
}
