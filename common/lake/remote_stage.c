/* Staged files: see remote.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/killpoint.h"
#include "common/lake/remote.h"

#define GROWING_LEAST (UINT64_C(8) << 20) /* bytes that a stage has before it goes up while it grows */

static struct remote_stage *stage_of(struct stage *stage)
{
	return (struct remote_stage *)stage;
}

bool remote_is_stage(const char *tag)
{
	size_t n = strlen(REMOTE_STAGES "/");
	const char *uuid = tag + n;
	return strncmp(tag, REMOTE_STAGES "/", n) == 0 && uuid_begins(uuid) && uuid[UUID_LEN] == '-' &&
	       uuid[UUID_LEN + 1] && !uuid[UUID_LEN + 1 + strspn(uuid + UUID_LEN + 1, "0123456789")];
}

/* Begin the sum of the next bytes of STAGE. */
static int begin_sum(struct remote_stage *stage, struct strbuf *err)
{
	const EVP_MD *(*sum)(void) = stage->remote->ops->sum;
	if (!sum)
		return 0;
	if (!stage->sum)
		stage->sum = EVP_MD_CTX_new();
	if (stage->sum && EVP_DigestInit_ex(stage->sum, sum(), NULL) == 1)
		return 0;
	strbuf_addf(err, "cannot compute a %s", EVP_MD_get0_name(sum()));
	return -ENOMEM;
}

static int add_to_sum(struct remote_stage *stage, const void *data, size_t len, struct strbuf *err)
{
	if (!stage->sum || EVP_DigestUpdate(stage->sum, data, len) == 1)
		return 0;
	strbuf_addf(err, "cannot compute a %s", EVP_MD_get0_name(stage->remote->ops->sum()));
	return -ENOMEM;
}

/* End that sum, and begin a new one. */
static int end_sum(struct remote_stage *stage, unsigned char ret[EVP_MAX_MD_SIZE], struct strbuf *err)
{
	if (stage->sum && EVP_DigestFinal_ex(stage->sum, ret, NULL) != 1) {
		strbuf_addf(err, "cannot compute a %s", EVP_MD_get0_name(stage->remote->ops->sum()));
		return -ENOMEM;
	}
	return begin_sum(stage, err);
}

/* Begin REQUEST for FLIGHT, of which it takes ownership. */
static int take_off(
	struct remote *remote, struct remote_request *request, struct remote_flight *flight, struct strbuf *err)
{
	int r = remote_start(remote, request, &flight->call, err);
	if (r == 0)
		return remote_fly(remote, flight, err);
	remote_flight_free(flight);
	return r;
}

int remote_send(struct remote_stage *stage, struct remote_request *request, remote_landed *landed, struct strbuf *err)
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	int r = end_sum(stage, sum, err);
	if (r < 0)
		return r;
	struct remote_flight *f = remote_flight_new(stage->remote, stage, landed);
	f->part = stage->nparts;
	f->bytes = stage->bytes;
	stage->bytes = (struct backlog){.pool = stage->remote->pool};
	request->bytes = &f->bytes;
	request->sum = sum;
	return take_off(stage->remote, request, f, err);
}

int remote_send_text(struct remote_stage *stage, struct remote_request *request, char *body, remote_landed *landed,
	struct strbuf *err)
{
	struct remote_flight *f = remote_flight_new(stage->remote, stage, landed);
	f->body = body;
	request->data = body;
	request->len = strlen(body);
	return take_off(stage->remote, request, f, err);
}

int remote_send_growing(
	struct remote_stage *stage, struct remote_request *request, remote_landed *landed, struct strbuf *err)
{
	struct remote *remote = stage->remote;
	struct remote_flight *f = remote_flight_new(remote, stage, landed);
	request->bytes = &stage->bytes;
	request->whole = &stage->sealed;
	int r = remote_start(remote, request, &f->call, err);
	if (r < 0) {
		remote_flight_free(f);
		return r;
	}
	stage->begun = true;
	remote_fly_growing(remote, f);
	KILL_POINT("growing");
	return 0;
}

int remote_uploaded(struct remote *remote, struct remote_flight *f, struct strbuf *err)
{
	(void)remote;
	if (remote_good(f->call))
		return 0;
	f->stage->refused = !remote_doubtful(f->call);
	return remote_fail(f->call, "upload", f->stage->base.tag, err);
}

void remote_next_tag(struct remote *remote, struct strbuf *ret)
{
	strbuf_addf(ret, REMOTE_STAGES "/%s-%" PRIu64, remote->writer, remote->stages++);
}

/* Begin the stage TAG, of which it takes ownership. */
static int open_as(struct remote *remote, const char *path, char *tag, struct stage **ret, struct strbuf *err)
{
	struct remote_stage *stage = remote->ops->stage_new();
	stage->remote = remote;
	stage->base.store = &remote->base;
	stage->base.path = xstrdup(path);
	stage->base.tag = tag;
	stage->bytes.pool = remote->pool;
	stage->next = remote->open;
	remote->open = stage;
	int r = begin_sum(stage, err);
	if (r < 0)
		store_stage_free(&stage->base);
	else
		*ret = &stage->base;
	return r;
}

int remote_stage_open(struct store *store, const char *path, struct stage **ret, struct strbuf *err)
{
	struct strbuf tag = STRBUF_INIT;
	remote_next_tag(remote_of(store), &tag);
	return open_as(remote_of(store), path, strbuf_detach(&tag), ret, err);
}

int remote_stage_in_place(struct store *store, const char *path, struct stage **ret, struct strbuf *err)
{
	struct remote *remote = remote_of(store);
	if (!remote->ops->in_place)
		return remote_stage_open(store, path, ret, err);
	int r = open_as(remote, path, xstrdup(path), ret, err);
	if (r == 0)
		(*ret)->in_place = true;
	return r;
}

/* Whether PATH is a file that this writer may make in place, and may therefore remove. */
static bool is_own(const struct remote *remote, const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	return remote->ops->in_place && remote->writer && strncmp(name, "part-", 5) == 0 &&
	       strncmp(name + 5, remote->writer, UUID_LEN) == 0;
}

/* Upload what STAGE has gathered as a part. */
static int send_part(struct remote_stage *stage, struct strbuf *err)
{
	int r = stage->remote->ops->send_part(stage, err);
	stage->nparts++;
	KILL_POINT("part-sent");
	return r;
}

/*
 * Whether STAGE, which has no parts, is to go up while it grows: one at a time, since each has a connection for as long
 * as it is not sealed.
 */
static bool may_grow(const struct remote_stage *stage)
{
	const struct remote *remote = stage->remote;
	return remote->ops->send_growing && !remote->not_growing && !remote->growing && !stage->begun &&
	       stage->bytes.len >= GROWING_LEAST;
}

int remote_append(struct store *store, struct stage *base, const void *data, size_t len, struct strbuf *err)
{
	struct remote_stage *stage = stage_of(base);
	const char *s = data;
	int r = remote_move(remote_of(store), err);
	while (r == 0 && len) {
		uint64_t room = stage->remote->ops->part_size(stage->nparts) - stage->bytes.len;
		size_t n = len < room ? len : (size_t)room;
		r = backlog_append(&stage->bytes, s, n, err);
		if (r == 0)
			r = add_to_sum(stage, s, n, err);
		if (r < 0)
			return r;
		base->size += n;
		s += n;
		len -= n;
		if (n == room) /* even if more bytes come: after sending they need no memory */
			r = send_part(stage, err);
	}
	return r == 0 && may_grow(stage) ? stage->remote->ops->send_growing(stage, err) : r;
}

int remote_seal(struct store *store, struct stage *base, struct strbuf *err)
{
	struct remote_stage *stage = stage_of(base);
	const struct remote_flight *growing = remote_of(store)->growing;
	stage->sealed = true;
	if (growing && growing->stage == stage)
		return remote_grown(remote_of(store), err);
	if (!stage->nparts)
		return stage->remote->ops->send_whole(stage, err);
	return stage->bytes.len ? send_part(stage, err) : 0;
}

int remote_sync(struct store *store, struct strbuf *err)
{
	struct remote *remote = remote_of(store);
	int r = remote_land(remote, NULL, 0, err); /* all parts and whole objects */
	for (struct remote_stage *stage = remote->open; r == 0 && stage; stage = stage->next)
		if (stage->sealed && stage->nparts)
			r = remote->ops->send_complete(stage, err);
	if (r == 0)
		r = remote_land(remote, NULL, 0, err);
	for (struct remote_stage *stage = remote->open, *next; r == 0 && stage; stage = next) {
		next = stage->next;
		if (stage->sealed)
			remote_stage_end(stage);
	}
	KILL_POINT("synced");
	if (r < 0) { /* it was reported; later operations are a new attempt */
		remote_ground(remote, NULL);
		remote->failed = 0;
		strbuf_clear(&remote->why);
	}
	return r;
}

void remote_stage_end(struct remote_stage *stage)
{
	struct remote_stage **p = &stage->remote->open;
	while (*p && *p != stage)
		p = &(*p)->next;
	if (!*p)
		return;
	*p = stage->next;
	remote_ground(stage->remote, stage);
	backlog_release(&stage->bytes);
}

void remote_stage_free(struct stage *base)
{
	struct remote_stage *stage = stage_of(base);
	remote_stage_end(stage);
	if (stage->remote->ops->stage_release)
		stage->remote->ops->stage_release(stage);
	EVP_MD_CTX_free(stage->sum);
}

int remote_discard(struct store *store, const char *tag, struct strbuf *err)
{
	struct remote *remote = remote_of(store);
	if (strncmp(tag, ".proof-", 7) == 0 && !strchr(tag, '/')) /* claimed from a writer that was killed */
		return remote_remove(store, tag, err);
	if (!remote_is_stage(tag) && !is_own(remote, tag)) { /* tags come from the log, too */
		strbuf_addf(err, "the log of '%s' names '%s' as a stage, which it is not", store->url, tag);
		return -EBADMSG;
	}
	struct remote_stage *stage = remote->open;
	while (stage && strcmp(stage->base.tag, tag) != 0)
		stage = stage->next;
	if (stage) {
		remote_stage_end(stage);
		if (stage->nparts && remote->ops->abort)
			remote->ops->abort(stage);
		if ((!stage->sealed && !stage->begun) || stage->refused)
			/* there is no such object; a writer that may not create it may not remove it either */
			return 0;
	}
	return remote_remove(store, tag, err);
}
