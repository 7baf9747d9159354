/* Copies of a stage to its final name, which the server makes: see s3.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/io/uri.h"
#include "common/io/xml.h"
#include "common/lake/s3.h"

#define WHOLE_COPY                                                                                                    \
	(UINT64_C(1) << 30) /* larger objects are copied in parts of this size: S3 refuses more than 5 GiB, and waits \
			       long */

static int copied(struct remote *remote, struct remote_flight *f, struct strbuf *err)
{
	if (remote_status(f->call) == 404)
		return remote_gone(remote, f, err);
	return remote_status(f->call) == 200 ? remote_copied(remote, f, err)
					     : remote_fail(f->call, "publish", f->path, err);
}

/* The header that names the stage TAG as what is copied. */
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
	size_t n = s3_object_fields(remote, S3_COPIED, NULL, &text, fields);
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

/* Copy part I of the stage of F; *RET_ETAG is the caller's. */
static int copy_part(struct remote *remote, const struct remote_flight *f, const char *id, uint64_t i, char **ret_etag,
	struct strbuf *err)
{
	struct strbuf source = STRBUF_INIT, range = STRBUF_INIT, query = STRBUF_INIT, why = STRBUF_INIT;
	uint64_t from = i * WHOLE_COPY, to = from + WHOLE_COPY < f->size ? from + WHOLE_COPY : f->size;
	struct remote_call *call;
	add_source(remote, f->tag, &source);
	strbuf_addf(&range, "x-amz-copy-source-range: bytes=%" PRIu64 "-%" PRIu64, from, to - 1);
	strbuf_addf(&query, "partNumber=%" PRIu64 "&uploadId=", i + 1);
	uri_encode(&query, id, strlen(id), false);
	const char *fields[] = {source.s, range.s};
	int r = remote_run(remote,
		&(struct remote_request){.method = "PUT",
			.path = f->path,
			.query = query.s,
			.fields = fields,
			.nfields = 2,
			.late = true},
		&call, err);
	if (r == 0 && remote_status(call) != 200)
		r = remote_fail(call, "publish", f->path, err);
	else if (r == 0)
		r = xml_read(remote_answer(call)->body.s, remote_answer(call)->body.len, on_etag, ret_etag, &why);
	if (r == -EBADMSG || (r == 0 && !*ret_etag)) {
		strbuf_addf(err, "cannot publish '%s/%s': the answer has no ETag", remote->base.url, f->path);
		r = -EINVAL;
	}
	remote_call_free(call);
	strbuf_release(&source);
	strbuf_release(&range);
	strbuf_release(&query);
	strbuf_release(&why);
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
	size_t count = (size_t)((f->size + WHOLE_COPY - 1) / WHOLE_COPY), before = err->len;
	char **etags = xcalloc(count, sizeof *etags), *id;
	struct strbuf text = STRBUF_INIT;
	const char *fields[REMOTE_FIELDS];
	size_t n = s3_object_fields(remote, S3_COPIED, f->tag, &text, fields);
	int r = s3_begin_upload(remote, f->path, fields, n, &id, err);
	for (size_t i = 0; r == 0 && i < count; i++)
		r = copy_part(remote, f, id, i, &etags[i], err);
	if (r == 0)
		r = complete_copy(remote, f, id, etags, count, err);
	else if (id)
		s3_abort_upload(remote, f->path, id);
	for (size_t i = 0; i < count; i++)
		free(etags[i]);
	free(etags);
	free(id);
	strbuf_release(&text);
	if (r != -ENOENT)
		return r == 0 ? 1 : r;
	strbuf_setlen(err, before);
	return remote_gone(remote, f, err);
}

int s3_copy(struct remote *remote, struct remote_flight *f, struct strbuf *err)
{
	int r;
	if (f->size <= WHOLE_COPY)
		return (r = start_copy(remote, f, err)) < 0 ? r : 1;
	r = copy_parts(remote, f, err);
	return r == 1 ? remote_copied(remote, f, err) : r;
}
