/* Staged blobs that are uploaded, whole or in blocks, and copied to their final names: see az.h. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/patience.h"
#include "common/data/base64.h"
#include "common/io/uri.h"
#include "common/lake/az.h"

#define PART_MIN (UINT64_C(8) << 20)
#define DOUBLED  5000 /* this many blocks have the same size, and the next as many have twice that */

enum {
	ID_BYTES = AZ_BLOCK_ID / 4 * 3,
	LOOK_MS = 200,                /* how often a running copy is checked */
	COPY_MS = 2 * 60 * 60 * 1000, /* how long a copy may take */
};

struct remote_stage *az_stage_new(void)
{
	return xcalloc(1, sizeof(struct remote_stage));
}

uint64_t az_part_size(size_t number)
{
	return PART_MIN << (number / DOUBLED < 8 ? number / DOUBLED : 8);
}

void az_block_id(size_t number, char ret[AZ_BLOCK_ID + 1])
{
	char plain[ID_BYTES + 1];
	snprintf(plain, sizeof plain, "%0*u", ID_BYTES, (unsigned)number); /* of at most 50,000 */
	ret[base64_encode(ret, plain, ID_BYTES)] = '\0';
}

void az_block_list(size_t count, struct strbuf *ret)
{
	char id[AZ_BLOCK_ID + 1];
	strbuf_addstr(ret, "<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
	for (size_t i = 0; i < count; i++) {
		az_block_id(i, id);
		strbuf_addf(ret, "<Latest>%s</Latest>", id);
	}
	strbuf_addstr(ret, "</BlockList>");
}

/* The header that names the stage TAG, in TEXT. */
static const char *meta(const char *tag, struct strbuf *text)
{
	strbuf_addf(text, AZ_META ": %s", tag);
	return text->s;
}

size_t az_fields(const struct remote *remote, const char *tag, struct strbuf *text, const char *ret[REMOTE_FIELDS])
{
	size_t n = 0;
	(void)remote;
	ret[n++] = "x-ms-blob-type: BlockBlob";
	if (tag)
		ret[n++] = meta(tag, text);
	return n;
}

int az_send_whole(struct remote_stage *stage, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	const char *fields[REMOTE_FIELDS];
	struct remote_request request = {.method = "PUT", .path = stage->base.tag, .fields = fields};
	request.nfields = az_fields(stage->remote, stage->base.tag, &text, fields);
	int r = remote_send(stage, &request, remote_uploaded, err);
	strbuf_release(&text);
	return r;
}

int az_send_part(struct remote_stage *stage, struct strbuf *err)
{
	struct strbuf query = STRBUF_INIT;
	char id[AZ_BLOCK_ID + 1];
	az_block_id(stage->nparts, id);
	strbuf_addstr(&query, "comp=block&blockid=");
	uri_encode(&query, id, strlen(id), false);
	int r = remote_send(stage, &(struct remote_request){.method = "PUT", .path = stage->base.tag, .query = query.s},
		remote_uploaded, err);
	strbuf_release(&query);
	return r;
}

int az_send_complete(struct remote_stage *stage, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT, body = STRBUF_INIT;
	const char *fields[] = {meta(stage->base.tag, &text)};
	az_block_list(stage->nparts, &body);
	int r = remote_send_text(stage,
		&(struct remote_request){.method = "PUT",
			.path = stage->base.tag,
			.query = "comp=blocklist",
			.fields = fields,
			.nfields = 1},
		strbuf_detach(&body), remote_uploaded, err);
	strbuf_release(&text);
	return r;
}

/* Check the copy of F until it has ended: 0, and its `call` has the last answer; or -errno. */
static int await_copy(struct remote *remote, struct remote_flight *f, struct strbuf *err)
{
	const struct http_config *http = &remote->options.http;
	struct patience patience = {0};
	struct strbuf line = STRBUF_INIT;
	int64_t end = clock_ms() + COPY_MS;
	int r = 0;
	for (;;) {
		const char *state = http_field(remote_answer(f->call), "x-ms-copy-status");
		if (!remote_good(f->call) || !state || strcmp(state, "pending") != 0)
			break;
		strbuf_clear(&line);
		strbuf_addf(&line, "waiting for the copy to '%s/%s'", remote->base.url, f->path);
		if (patience_ask(&patience, -1, clock_ms()) == PATIENCE_TELL && http->tell)
			http->tell(line.s);
		r = clock_ms() >= end ? -ETIMEDOUT : http->stopped && http->stopped() ? -EINTR : 0;
		if (r == 0 && poll(NULL, 0, LOOK_MS) < 0 && errno != EINTR)
			r = -errno;
		if (r < 0) {
			strbuf_addf(err, "ended %s: %s", line.s, diag_strerror(r));
			break;
		}
		remote_call_free(f->call);
		f->call = NULL;
		r = remote_run(remote, &(struct remote_request){.method = "HEAD", .path = f->path}, &f->call, err);
		if (r < 0)
			break;
	}
	if (patience_end(&patience) && r == 0 && http->tell)
		http->tell("the copy has ended");
	strbuf_release(&line);
	return r;
}

static int copied(struct remote *remote, struct remote_flight *f, struct strbuf *err)
{
	if (remote_status(f->call) == 404 && !az_has_code(remote_answer(f->call), "ContainerNotFound"))
		return remote_gone(remote, f, err);
	int r = await_copy(remote, f, err);
	if (r < 0)
		return r;
	const char *state = http_field(remote_answer(f->call), "x-ms-copy-status");
	if (!remote_good(f->call))
		return remote_fail(f->call, "publish", f->path, err);
	if (state && strcmp(state, "success") == 0)
		return remote_copied(remote, f, err);
	strbuf_addf(err, "cannot publish '%s/%s': the state of the copy is '%s'", remote->base.url, f->path,
		state ? state : "");
	return -EAGAIN;
}

/* The header that names the stage TAG as the source of a copy. */
static const char *source(const struct store_az *az, const char *tag, struct strbuf *text)
{
	strbuf_addf(text, "x-ms-copy-source: %s", az->place.base);
	az_path(&az->base, tag, text);
	if (az->settings.sas)
		strbuf_addf(text, "?%s", az->settings.sas);
	return text->s;
}

int az_copy(struct remote *remote, struct remote_flight *f, struct strbuf *err)
{
	const struct store_az *az = az_of(remote);
	const struct store_options *options = &remote->options;
	struct strbuf from = STRBUF_INIT, stage = STRBUF_INIT, tier = STRBUF_INIT, tags = STRBUF_INIT;
	const char *fields[4] = {source(az, f->tag, &from), meta(f->tag, &stage)};
	size_t n = 2;
	if (options->storage_class) {
		strbuf_addf(&tier, "x-ms-access-tier: %s", options->storage_class);
		fields[n++] = tier.s;
	}
	if (options->tags) {
		strbuf_addf(&tags, "x-ms-tags: %s", options->tags);
		fields[n++] = tags.s;
	}
	f->landed = copied;
	int r = remote_start(remote,
		&(struct remote_request){.method = "PUT", .path = f->path, .fields = fields, .nfields = n}, &f->call,
		err);
	strbuf_release(&from);
	strbuf_release(&stage);
	strbuf_release(&tier);
	strbuf_release(&tags);
	return r < 0 ? r : 1;
}
