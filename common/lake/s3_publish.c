/* Copies of a stage to its final name, which the server makes: see s3.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/io/uri.h"
#include "common/io/xml.h"
#include "common/lake/s3.h"

/*
 * Stages larger than COPY_WHOLE are copied in parts of COPY_PART or more, `--uploads` of them at once, because MinIO
 * copies an object with one thread.  1.07 GB there, 2 cores with a load of 8 to 12, five alternating pairs: whole 12.9
 * s (median; 5.4 s of the server's CPU time), in parts of 32 MiB 4 at once 7.5 s (4.8 s).  With versitygw it is not
 * faster, because that combines the parts by another copy.
 */
#define COPY_WHOLE (UINT64_C(128) << 20)
#define COPY_PART  (UINT64_C(32) << 20)
enum { PARTS_MOST = 5000 }; /* larger parts rather than more: S3 takes 10,000, of 5 GiB at most, for 5 TiB */

static int copied(struct remote *remote, struct remote_flight *f, struct strbuf *err)
{
	if (remote_status(f->call) == 404)
		return remote_gone(remote, f, err);
	return remote_status(f->call) == 200 ? remote_copied(remote, f, err)
					     : remote_fail(f->call, "publish", f->path, err);
}

/* The header that names the stage TAG as the source of a copy. */
static void add_source(const struct remote *remote, const char *tag, struct strbuf *ret)
{
	const struct store_s3 *s3 = s3_of_const(remote);
	char *key = s3_key(s3, tag);
	strbuf_addf(ret, "x-amz-copy-source: /%s/", s3->place.bucket);
	uri_encode(ret, key, strlen(key), true);
	free(key);
}

static int start_copy(struct remote *remote, struct remote_flight *f, struct strbuf *err)
{
	struct strbuf source = STRBUF_INIT, text = STRBUF_INIT;
	const char *fields[REMOTE_FIELDS + 1];
	size_t n = s3_object_fields(remote, S3_COPIED, f->tag, &text, fields);
	add_source(remote, f->tag, &source);
	fields[n++] = source.s;
	f->landed = copied;
	int r = remote_start(remote,
		&(struct remote_request){
			.method = "PUT", .path = f->path, .fields = fields, .nfields = n, .late = true},
		&f->call, err);
	strbuf_release(&source);
	strbuf_release(&text);
	return r;
}

/* The ETag of a part that was copied. */
static int on_etag(void *arg, const char *path, const struct strbuf *text)
{
	char **etag = arg;
	if (strcmp(path, "CopyPartResult/ETag") == 0 && !*etag)
		*etag = xstrdup(text->s);
	return 0;
}

/* A copy in parts. */
struct part_copies {
	const struct remote_flight *flight;
	char *id; /* id of the upload; NULL: none was begun */
	uint64_t size;
	size_t count;
	struct remote_call **calls; /* the calls that copy a part; NULL: not begun, or ended */
	char **etags;
};

static uint64_t copy_part_size(uint64_t size)
{
	uint64_t least = (size + PARTS_MOST - 1) / PARTS_MOST;
	return least > COPY_PART ? least : COPY_PART;
}

static int start_part(struct remote *remote, struct part_copies *p, size_t i, struct strbuf *err)
{
	struct strbuf source = STRBUF_INIT, range = STRBUF_INIT, query = STRBUF_INIT;
	uint64_t all = p->flight->size, from = i * p->size, to = all - from > p->size ? from + p->size : all;
	add_source(remote, p->flight->tag, &source);
	strbuf_addf(&range, "x-amz-copy-source-range: bytes=%" PRIu64 "-%" PRIu64, from, to - 1);
	strbuf_addf(&query, "partNumber=%zu&uploadId=", i + 1);
	uri_encode(&query, p->id, strlen(p->id), false);
	const char *fields[] = {source.s, range.s};
	int r = remote_start(remote,
		&(struct remote_request){.method = "PUT",
			.path = p->flight->path,
			.query = query.s,
			.fields = fields,
			.nfields = 2,
			.late = true},
		&p->calls[i], err);
	strbuf_release(&source);
	strbuf_release(&range);
	strbuf_release(&query);
	return r;
}

/* Wait for part I. */
static int end_part(struct remote *remote, struct part_copies *p, size_t i, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	struct remote_call *call = p->calls[i];
	int r = remote_wait(call, err);
	if (r == 0 && remote_status(call) != 200)
		r = remote_fail(call, "publish", p->flight->path, err);
	else if (r == 0)
		r = xml_read(remote_answer(call)->body.s, remote_answer(call)->body.len, on_etag, &p->etags[i], &why);
	if (r == -EBADMSG || (r == 0 && !p->etags[i])) {
		strbuf_addf(err, "cannot publish '%s/%s': the answer has no ETag", remote->base.url, p->flight->path);
		r = -EINVAL;
	}
	strbuf_release(&why);
	return r;
}

static int copy_all(struct remote *remote, struct part_copies *p, struct strbuf *err)
{
	size_t most = remote->options.uploads, begun = 0;
	int r = 0;
	for (size_t i = 0; r == 0 && i < p->count; i++) {
		while (r == 0 && begun < p->count && begun < i + most)
			r = start_part(remote, p, begun++, err);
		if (r == 0)
			r = end_part(remote, p, i, err);
	}
	for (size_t i = 0; i < begun; i++)
		remote_call_free(p->calls[i]); /* calls that are still running after an error end here */
	return r;
}

/* Complete the upload ID of F's path from ETAGS. */
static int complete_copy(struct remote *remote, const struct remote_flight *f, const char *id, char *const *etags,
	size_t count, struct strbuf *err)
{
	struct strbuf body = STRBUF_INIT, query = STRBUF_INIT;
	struct remote_call *call;
	s3_complete_body(etags, count, &body);
	strbuf_addstr(&query, "uploadId=");
	uri_encode(&query, id, strlen(id), false);
	int r = remote_run(remote,
		&(struct remote_request){.method = "POST",
			.path = f->path,
			.query = query.s,
			.data = body.s,
			.len = body.len,
			.late = true},
		&call, err);
	if (r == 0 && remote_status(call) == 404)
		r = remote_gone(remote, f, err);
	else if (r == 0 && remote_status(call) != 200)
		r = remote_fail(call, "publish", f->path, err);
	remote_call_free(call);
	strbuf_release(&body);
	strbuf_release(&query);
	return r;
}

/* Copy a large stage in parts.  1: done; 0: the stage is gone, and the file is there. */
static int copy_parts(struct remote *remote, const struct remote_flight *f, struct strbuf *err)
{
	struct part_copies p = {.flight = f, .size = copy_part_size(f->size)};
	struct strbuf text = STRBUF_INIT;
	const char *fields[REMOTE_FIELDS];
	size_t n = s3_object_fields(remote, S3_IN_PLACE, f->tag, &text, fields), before = err->len;
	p.count = (size_t)((f->size + p.size - 1) / p.size);
	p.calls = xcalloc(p.count, sizeof *p.calls);
	p.etags = xcalloc(p.count, sizeof *p.etags);
	int r = s3_begin_upload(remote, f->path, fields, n, &p.id, err);
	if (r == 0)
		r = copy_all(remote, &p, err);
	if (r == 0)
		r = complete_copy(remote, f, p.id, p.etags, p.count, err);
	else if (p.id)
		s3_abort_upload(remote, f->path, p.id);
	for (size_t i = 0; i < p.count; i++)
		free(p.etags[i]);
	free(p.etags);
	free(p.calls);
	free(p.id);
	strbuf_release(&text);
	if (r != -ENOENT)
		return r == 0 ? 1 : r;
	strbuf_setlen(err, before);
	return remote_gone(remote, f, err);
}

int s3_copy(struct remote *remote, struct remote_flight *f, struct strbuf *err)
{
	int r;
	if (f->size <= COPY_WHOLE)
		return (r = start_copy(remote, f, err)) < 0 ? r : 1;
	r = copy_parts(remote, f, err);
	return r == 1 ? remote_copied(remote, f, err) : r;
}
