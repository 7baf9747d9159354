/*
 * Ranges of an object, read ahead: see remote.h.
 *
 * A file is read from its beginning to its end, a megabyte at a time, and each request costs a round trip; so ranges of
 * a few MiB are requested before they are needed, several at once.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/num.h"
#include "common/lake/remote.h"

enum { AHEAD = 4 };      /* ranges in flight or in memory */
#define RANGE (4u << 20) /* bytes of one */

struct range {
	struct remote_call *call;
	uint64_t pos;
	char *data; /* RANGE bytes */
	size_t len; /* bytes that were received, once the call has ended */
	bool here;
};

struct remote_ahead {
	char *path, *tag;           /* those of the reader; the object that is read is `from` */
	const char *from;           /* either PATH or TAG */
	struct range ranges[AHEAD]; /* a ring, in the order of their positions */
	size_t first, count;
	uint64_t next; /* where the next range begins */
	uint64_t size; /* size of the object; UINT64_MAX: not known yet */
};

static void drop(struct remote_ahead *a)
{
	for (; a->count; a->count--) {
		remote_call_free(a->ranges[a->first].call);
		a->ranges[a->first].call = NULL;
		a->first = (a->first + 1) % AHEAD;
	}
}

void remote_ahead_free(struct remote_ahead *a)
{
	if (!a)
		return;
	drop(a);
	for (size_t i = 0; i < AHEAD; i++)
		free(a->ranges[i].data);
	free(a->path);
	free(a->tag);
	free(a);
}

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* The reader of PATH, staged as TAG, from POS on. */
static struct remote_ahead *ahead_of(struct remote *remote, const char *path, const char *tag, uint64_t pos)
{
	struct remote_ahead *a = remote->ahead;
	if (!a || !same(a->path, path) || !same(a->tag, tag)) {
		remote_ahead_free(a);
		a = remote->ahead = xcalloc(1, sizeof *a);
		a->path = xstrdup(path);
		a->tag = tag ? xstrdup(tag) : NULL;
		a->from = a->path;
		a->next = pos;
		a->size = UINT64_MAX;
	}
	const struct range *r = &a->ranges[a->first];
	uint64_t at = a->count ? r->pos : a->next;
	if (pos < at || pos >= at + RANGE) {
		drop(a);
		a->next = pos;
	}
	return a;
}

/* Request the range R of LEN bytes. */
static int ask_range(
	struct remote *remote, const struct remote_ahead *a, struct range *r, uint64_t len, struct strbuf *err)
{
	char field[64];
	const char *fields[] = {field};
	struct strbuf query = STRBUF_INIT;
	struct remote_request request = {
		.method = "GET", .path = a->from, .fields = fields, .into = r->data, .max = RANGE};
	if (remote->ops->range) {
		remote->ops->range(r->pos, len, &query);
		request.query = query.s;
	} else {
		snprintf(field, sizeof field, "Range: bytes=%" PRIu64 "-%" PRIu64, r->pos, r->pos + len - 1);
		request.nfields = 1;
	}
	int code = remote_start(remote, &request, &r->call, err);
	strbuf_release(&query);
	return code;
}

/* Request the next ranges; only one as long as the size of the object is not known. */
static int ask(struct remote *remote, struct remote_ahead *a, struct strbuf *err)
{
	int code = 0;
	if (a->size == UINT64_MAX && remote->ops->measure)
		code = remote->ops->measure(remote, a->from, &a->size, err);
	size_t most = a->size == UINT64_MAX ? 1 : AHEAD;
	while (code == 0 && a->count < most && a->next < a->size) {
		struct range *r = &a->ranges[(a->first + a->count) % AHEAD];
		uint64_t left = a->size - a->next;
		if (!r->data)
			r->data = xmalloc(RANGE);
		r->pos = a->next;
		r->here = false;
		a->next += RANGE;
		a->count++;
		code = ask_range(remote, a, r, !remote->ops->range || left > RANGE ? RANGE : left, err);
	}
	return code;
}

/* The size of the whole object, from the answer to a range: "bytes 0-99/1234", or the length of all. */
static uint64_t whole_size(struct http_answer *answer, uint64_t pos)
{
	const char *range = http_field(answer, "content-range"), *slash = range ? strchr(range, '/') : NULL;
	uint64_t size;
	if (slash && num_u64(slash + 1, &size) == 0)
		return size;
	return pos + answer->length;
}

/* Wait for the range R. 0: it is here; -ENOENT: there is no such object; or another error. */
static int arrive(const struct remote *remote, struct remote_ahead *a, struct range *r, struct strbuf *err)
{
	size_t before = err->len;
	int code = remote_wait(r->call, err), status = code < 0 ? 0 : remote_status(r->call);
	if (code < 0)
		return code;
	r->here = true;
	if (status == 416) { /* at or beyond the end */
		r->len = 0;
		a->size = r->pos;
		return 0;
	}
	if (status == 200 && r->pos > 0 && !remote->ops->range) {
		strbuf_setlen(err, before);
		strbuf_addf(err, "cannot read a range of '%s': the server ignores it", a->from);
		return -EINVAL;
	}
	if (status != 200 && status != 206)
		return remote_fail(r->call, "read", a->path, err);
	r->len = (size_t)remote_answer(r->call)->length;
	if (!remote->ops->measure)
		a->size = whole_size(remote_answer(r->call), r->pos);
	return 0;
}

/* The bytes at POS, from the first range. */
static int serve(
	struct remote *remote, struct remote_ahead *a, uint64_t pos, void *buf, size_t size, struct strbuf *err)
{
	int code = ask(remote, a, err);
	struct range *r = &a->ranges[a->first];
	if (code < 0 || !a->count)
		return code; /* there is no range: this is the end */
	if (!r->here)
		code = arrive(remote, a, r, err);
	if (code == 0)
		code = ask(remote, a, err);
	if (code < 0)
		return code;
	size_t at = (size_t)(pos - r->pos), n = at < r->len ? r->len - at : 0;
	n = n < size ? n : size;
	memcpy(buf, r->data + at, n);
	if (at + n == RANGE) { /* all of it was read */
		remote_call_free(r->call);
		r->call = NULL;
		a->first = (a->first + 1) % AHEAD;
		a->count--;
	}
	return (int)n;
}

int remote_read(struct store *store, const char *path, const char *tag, uint64_t pos, void *buf, size_t size,
	struct strbuf *err)
{
	struct remote *remote = remote_of(store);
	struct remote_ahead *a = ahead_of(remote, path, tag, pos);
	size_t before = err->len;
	int r = 0;
	/* The stage, and the file once more, in case it was published in between. */
	for (int i = 0; i < 3; i++) {
		r = serve(remote, a, pos, buf, size, err);
		if (r != -ENOENT || !tag || i == 2)
			break;
		strbuf_setlen(err, before);
		drop(a);
		a->next = pos;
		a->from = i == 0 ? a->tag : a->path;
	}
	if (r < 0) { /* none of the requested ranges can be used */
		remote_ahead_free(a);
		remote->ahead = NULL;
	}
	return r;
}
