/*
 * Publishing: the server copies a stage to its final name, and the stage is deleted.  See s3.h.
 *
 * The copy keeps the metadata, so the final object says which stage it was.  That settles everything that can happen
 * twice: without the stage, either such an object of the right size is there, or the file is lost.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/killpoint.h"
#include "common/io/uri.h"
#include "common/io/xml.h"
#include "common/lake/s3.h"

#define WHOLE_COPY                                                                                                    \
	(UINT64_C(1) << 30) /* larger objects are copied in parts of this size: S3 refuses more than 5 GiB, and waits \
			       long */

static int removed(struct store_s3 *s3, struct s3_flight *f, struct strbuf *err)
{
	int status = s3_status(f->call);
	(void)s3;
	return status == 204 || status == 200 || status == 404 ? 0 : s3_fail(f->call, "remove", f->tag, err);
}

/* The copy is there: go on with deleting the stage. */
static int remove_stage(struct store_s3 *s3, struct s3_flight *f, struct strbuf *err)
{
	KILL_POINT("copied");
	s3_call_free(f->call);
	f->landed = removed;
	int r = s3_start(s3, &(struct s3_request){.method = "DELETE", .path = f->tag}, &f->call, err);
	return r == 0 ? 1 : r;
}

/* The stage is gone: is the file there? */
static int gone(struct store_s3 *s3, const struct s3_flight *f, struct strbuf *err)
{
	int r = s3_is_file(s3, f->path, f->size, f->tag, err);
	if (r != 0)
		return r < 0 ? r : 0;
	strbuf_addf(err, "'%s/%s' is missing, and so is what was staged for it ('%s')", s3->base.url, f->path, f->tag);
	return -EBADMSG;
}

static int copied(struct store_s3 *s3, struct s3_flight *f, struct strbuf *err)
{
	if (s3_status(f->call) == 404)
		return gone(s3, f, err);
	return s3_status(f->call) == 200 ? remove_stage(s3, f, err) : s3_fail(f->call, "publish", f->path, err);
}

/* The header that names the stage TAG as what is copied. */
static void add_source(const struct store_s3 *s3, const char *tag, struct strbuf *ret)
{
	char *key = s3_key(s3, tag);
	strbuf_addf(ret, "x-amz-copy-source: /%s/", s3->place.bucket);
	uri_encode(ret, key, strlen(key), true);
	free(key);
}

static int start_copy(struct store_s3 *s3, struct s3_flight *f, struct strbuf *err)
{
	struct strbuf source = STRBUF_INIT, text = STRBUF_INIT;
	const char *fields[S3_FIELDS + 1];
	size_t n = s3_object_fields(s3, true, NULL, &text, fields);
	add_source(s3, f->tag, &source);
	fields[n++] = source.s;
	f->landed = copied;
	int r = s3_start(s3,
		&(struct s3_request){.method = "PUT", .path = f->path, .fields = fields, .nfields = n, .late = true},
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
static int copy_part(
	struct store_s3 *s3, const struct s3_flight *f, const char *id, uint64_t i, char **ret_etag, struct strbuf *err)
{
	struct strbuf source = STRBUF_INIT, range = STRBUF_INIT, query = STRBUF_INIT, why = STRBUF_INIT;
	uint64_t from = i * WHOLE_COPY, to = from + WHOLE_COPY < f->size ? from + WHOLE_COPY : f->size;
	struct s3_call *call;
	add_source(s3, f->tag, &source);
	strbuf_addf(&range, "x-amz-copy-source-range: bytes=%" PRIu64 "-%" PRIu64, from, to - 1);
	strbuf_addf(&query, "partNumber=%" PRIu64 "&uploadId=", i + 1);
	uri_encode(&query, id, strlen(id), false);
	const char *fields[] = {source.s, range.s};
	int r = s3_run(s3,
		&(struct s3_request){.method = "PUT",
			.path = f->path,
			.query = query.s,
			.fields = fields,
			.nfields = 2,
			.late = true},
		&call, err);
	if (r == 0 && s3_status(call) != 200)
		r = s3_fail(call, "publish", f->path, err);
	else if (r == 0)
		r = xml_read(s3_answer(call)->body.s, s3_answer(call)->body.len, on_etag, ret_etag, &why);
	if (r == -EBADMSG || (r == 0 && !*ret_etag)) {
		strbuf_addf(err, "cannot publish '%s/%s': the answer has no ETag", s3->base.url, f->path);
		r = -EINVAL;
	}
	s3_call_free(call);
	strbuf_release(&source);
	strbuf_release(&range);
	strbuf_release(&query);
	strbuf_release(&why);
	return r;
}

/* Complete the upload ID of F's path from ETAGS. */
static int complete_copy(struct store_s3 *s3, const struct s3_flight *f, const char *id, char *const *etags,
	size_t count, struct strbuf *err)
{
	struct strbuf body = STRBUF_INIT, query = STRBUF_INIT;
	struct s3_call *call;
	s3_complete_body(etags, count, &body);
	strbuf_addstr(&query, "uploadId=");
	uri_encode(&query, id, strlen(id), false);
	int r = s3_run(s3,
		&(struct s3_request){.method = "POST",
			.path = f->path,
			.query = query.s,
			.data = body.s,
			.len = body.len,
			.late = true},
		&call, err);
	if (r == 0 && s3_status(call) == 404 && s3_doubtful(call))
		r = gone(s3, f, err);
	else if (r == 0 && s3_status(call) != 200)
		r = s3_fail(call, "publish", f->path, err);
	s3_call_free(call);
	strbuf_release(&body);
	strbuf_release(&query);
	return r;
}

/* Copy a large stage in parts.  1: done; 0: the stage is gone, and the file is there. */
static int copy_parts(struct store_s3 *s3, const struct s3_flight *f, struct strbuf *err)
{
	size_t count = (size_t)((f->size + WHOLE_COPY - 1) / WHOLE_COPY), before = err->len;
	char **etags = xcalloc(count, sizeof *etags), *id;
	struct strbuf text = STRBUF_INIT;
	const char *fields[S3_FIELDS];
	size_t n = s3_object_fields(s3, true, f->tag, &text, fields);
	int r = s3_begin_upload(s3, f->path, fields, n, &id, err);
	for (size_t i = 0; r == 0 && i < count; i++)
		r = copy_part(s3, f, id, i, &etags[i], err);
	if (r == 0)
		r = complete_copy(s3, f, id, etags, count, err);
	else if (id)
		s3_abort_upload(s3, f->path, id);
	for (size_t i = 0; i < count; i++)
		free(etags[i]);
	free(etags);
	free(id);
	strbuf_release(&text);
	if (r != -ENOENT)
		return r == 0 ? 1 : r;
	strbuf_setlen(err, before);
	return gone(s3, f, err);
}

int s3_publish(struct store *store, const char *path, uint64_t size, const char *tag, struct strbuf *err)
{
	struct store_s3 *s3 = store_s3(store);
	if (!s3_is_stage(tag)) {
		strbuf_addf(err, "the log of '%s' names '%s' as a stage, which it is not", store->url, tag);
		return -EBADMSG;
	}
	struct s3_flight *f = xcalloc(1, sizeof *f);
	f->path = xstrdup(path);
	f->tag = xstrdup(tag);
	f->size = size;
	f->bytes.pool = s3->pool;
	int r = size > WHOLE_COPY ? copy_parts(s3, f, err) : start_copy(s3, f, err);
	if (r == 1)
		r = remove_stage(s3, f, err);
	else if (r == 0 && size <= WHOLE_COPY)
		r = 1;
	if (r == 1)
		return s3_fly(s3, f, err);
	s3_flight_free(f);
	return r;
}
