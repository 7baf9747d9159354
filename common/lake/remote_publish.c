/*
 * Publishing: the server copies a stage to its final name, and the stage is deleted.  See remote.h.
 *
 * The copy is given the metadata, so the final object says which stage it was.  So every step can be repeated: if the
 * stage is gone, either there is such an object of the right size, or the file is lost.  To let the server copy the
 * metadata, too, is not enough: versitygw reads them after it has opened the stage, so a copy that runs while another
 * writer removes the stage is complete, but without them.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/base/killpoint.h"
#include "common/lake/remote.h"

enum { LOOKS = 5, LOOK_MS = 150 };

static int removed(struct remote *remote, struct remote_flight *f, struct strbuf *err)
{
	(void)remote;
	return remote_good(f->call) || remote_status(f->call) == 404 ? 0 : remote_fail(f->call, "remove", f->tag, err);
}

int remote_copied(struct remote *remote, struct remote_flight *f, struct strbuf *err)
{
	KILL_POINT("copied");
	remote_call_free(f->call);
	f->landed = removed;
	int r = remote_start(remote, &(struct remote_request){.method = "DELETE", .path = f->tag}, &f->call, err);
	return r == 0 ? 1 : r;
}

/*
 * Check several times: a server may replace an object by removing it first, as versitygw does; and another writer that
 * publishes the same file, or a copy of ours that arrives late, replaces it.
 */
int remote_gone(struct remote *remote, const struct remote_flight *f, struct strbuf *err)
{
	int r = remote_is_file(remote, f->path, f->size, f->tag, err);
	for (int i = 1; r == 0 && i < LOOKS; i++) {
		if (poll(NULL, 0, LOOK_MS) < 0 && errno != EINTR)
			break;
		r = remote_is_file(remote, f->path, f->size, f->tag, err);
	}
	if (r != 0)
		return r < 0 ? r : 0;
	strbuf_addf(
		err, "'%s/%s' is missing, and so is what was staged for it ('%s')", remote->base.url, f->path, f->tag);
	return -EBADMSG;
}

int remote_publish(struct store *store, const char *path, uint64_t size, const char *tag, struct strbuf *err)
{
	struct remote *remote = remote_of(store);
	if (!remote_is_stage(tag)) {
		strbuf_addf(err, "the log of '%s' names '%s' as a stage, which it is not", store->url, tag);
		return -EBADMSG;
	}
	struct remote_flight *f = remote_flight_new(remote, NULL, NULL);
	f->path = xstrdup(path);
	f->tag = xstrdup(tag);
	f->size = size;
	int r = remote->ops->copy(remote, f, err);
	if (r == 1)
		return remote_fly(remote, f, err);
	remote_flight_free(f);
	return r;
}
