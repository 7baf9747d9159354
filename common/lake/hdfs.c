/* The store of a directory in HDFS: opening and closing.  See hdfs.h and store.h. */
#include "common/lake/hdfs.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/config.h"
#include "common/io/uri.h"

static void release(struct remote *remote)
{
	struct store_hdfs *hdfs = store_hdfs(remote);
	hdfs_place_release(&hdfs->place);
	names_release(&hdfs->made);
	free(hdfs->auth);
}

/* A stage is uploaded as a whole. */
static uint64_t part_size(size_t number)
{
	(void)number;
	return UINT64_MAX;
}

static struct remote_stage *stage_new(void)
{
	return xcalloc(1, sizeof(struct remote_stage));
}

static int measure(struct remote *remote, const char *path, uint64_t *ret, struct strbuf *err)
{
	size_t before = err->len;
	int r = hdfs_size(&remote->base, path, ret, err);
	if (r == -ENOENT && err->len == before)
		strbuf_addf(err, "cannot read '%s/%s': no such file", remote->base.url, path);
	return r;
}

static void range(uint64_t pos, uint64_t len, struct strbuf *query)
{
	strbuf_addf(query, "op=OPEN&offset=%llu&length=%llu", (unsigned long long)pos, (unsigned long long)len);
}

static const struct remote_ops operations = {
	.close = release,
	.path = hdfs_path,
	.url = hdfs_url,
	.sign = hdfs_sign,
	.classify = hdfs_classify,
	.classify_late = hdfs_classify_names,
	.fail = hdfs_fail,
	.list = hdfs_list,
	.range = range,
	.measure = measure,
	.stage_new = stage_new,
	.part_size = part_size,
	.send_whole = hdfs_send_whole,
	.send_growing = hdfs_send_growing,
	.copy = hdfs_start_rename,
};

/* The identity of the client: a token or a name. */
static int set_auth(struct store_hdfs *hdfs, struct strbuf *err)
{
	const char *token = config_variable("WEIR_HDFS_TOKEN"), *user = config_variable("HADOOP_USER_NAME");
	const struct passwd *me = user ? NULL : getpwuid(geteuid());
	struct strbuf auth = STRBUF_INIT;
	if (!user)
		user = me ? me->pw_name : NULL;
	if (token) {
		hdfs->has_token = true;
		strbuf_addstr(&auth, "&delegation=");
		uri_encode(&auth, token, strlen(token), false);
	} else if (user) {
		strbuf_addstr(&auth, "&user.name=");
		uri_encode(&auth, user, strlen(user), false);
	} else {
		strbuf_addf(err, "the user %u has no name: set HADOOP_USER_NAME", (unsigned)geteuid());
		return -EINVAL;
	}
	hdfs->auth = strbuf_detach(&auth);
	return 0;
}

int store_hdfs_open(const char *url, const char *writer, const struct store_options *options, struct store **ret,
	struct strbuf *err)
{
	struct store_hdfs *hdfs = xcalloc(1, sizeof *hdfs);
	remote_init(&hdfs->remote, &operations, writer, options);
	hdfs->operations = remote_operations;
	hdfs->operations.put = hdfs_put;
	hdfs->operations.put_if_absent = hdfs_put_if_absent;
	hdfs->operations.size = hdfs_size;
	hdfs->housekeeping = remote_housekeeping;
	hdfs->housekeeping.undo = hdfs_undo;
	hdfs->operations.housekeeping = &hdfs->housekeeping;
	hdfs->remote.base.ops = &hdfs->operations;
	int r = hdfs_place_init(&hdfs->place, url, err);
	if (r == 0)
		r = set_auth(hdfs, err);
	if (r == 0)
		r = http_new(&options->http, &hdfs->remote.http, err);
	if (r < 0)
		store_close(&hdfs->remote.base);
	else
		*ret = &hdfs->remote.base;
	return r;
}
