/* Staged objects that are uploaded, whole or in parts: see s3.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/io/uri.h"
#include "common/io/xml.h"
#include "common/lake/s3.h"

#define PART_MIN (UINT64_C(8) << 20)
/* this many parts have the same size, and the next as many have twice that: 10,000 parts hold 8 TiB */
#define DOUBLED 1000

uint64_t s3_part_size(size_t number)
{
	return PART_MIN << (number / DOUBLED < 9 ? number / DOUBLED : 9);
}

static struct s3_stage *stage_of(struct remote_stage *stage)
{
	return (struct s3_stage *)stage;
}

struct remote_stage *s3_stage_new(void)
{
	struct s3_stage *stage = xcalloc(1, sizeof *stage);
	return &stage->base;
}

void s3_stage_release(struct remote_stage *base)
{
	struct s3_stage *stage = stage_of(base);
	for (size_t i = 0; i < stage->cap; i++)
		free(stage->etags[i]);
	free(stage->etags);
	free(stage->upload);
}

size_t s3_object_fields(const struct remote *remote, enum s3_object what, const char *tag, struct strbuf *text,
	const char *ret[REMOTE_FIELDS])
{
	const struct store_options *opt = &remote->options;
	size_t starts[REMOTE_FIELDS], n = 0;
	const struct {
		const char *name, *value;
	} fields[] = {
		{S3_META, tag},
		{"x-amz-metadata-directive", what == S3_COPIED ? "REPLACE" : NULL},
		{"x-amz-server-side-encryption", opt->sse},
		{"x-amz-server-side-encryption-aws-kms-key-id", opt->sse_key},
		{"x-amz-storage-class", what != S3_STAGED ? opt->storage_class : NULL},
		{"x-amz-tagging", what != S3_STAGED ? opt->tags : NULL},
		{"x-amz-tagging-directive", what == S3_COPIED && opt->tags ? "REPLACE" : NULL},
	};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		if (!fields[i].value)
			continue;
		starts[n++] = text->len;
		strbuf_addf(text, "%s: %s", fields[i].name, fields[i].value);
		strbuf_add(text, "", 1);
	}
	for (size_t i = 0; i < n; i++)
		ret[i] = text->s + starts[i];
	return n;
}

size_t s3_fields(const struct remote *remote, const char *tag, struct strbuf *text, const char *ret[REMOTE_FIELDS])
{
	return s3_object_fields(remote, S3_STAGED, tag, text, ret);
}

static size_t stage_fields(const struct remote_stage *stage, struct strbuf *text, const char *ret[REMOTE_FIELDS])
{
	enum s3_object what = stage->base.in_place ? S3_IN_PLACE : S3_STAGED;
	return s3_object_fields(stage->remote, what, stage->base.tag, text, ret);
}

int s3_send_whole(struct remote_stage *stage, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	const char *fields[REMOTE_FIELDS];
	struct remote_request request = {.method = "PUT", .path = stage->base.tag, .fields = fields};
	request.nfields = stage_fields(stage, &text, fields);
	int r = remote_send(stage, &request, remote_uploaded, err);
	strbuf_release(&text);
	return r;
}

static int part_landed(struct remote *remote, struct remote_flight *f, struct strbuf *err)
{
	int r = remote_uploaded(remote, f, err);
	const char *etag = http_field(remote_answer(f->call), "etag");
	if (r == 0 && !etag) {
		strbuf_addf(err, "cannot upload '%s/%s': the answer has no ETag", remote->base.url, f->stage->base.tag);
		r = -EINVAL;
	}
	if (r == 0)
		stage_of(f->stage)->etags[f->part] = xstrdup(etag);
	return r;
}

/* The id of an upload, in the answer to its beginning. */
static int on_id(void *arg, const char *path, const struct strbuf *text)
{
	char **id = arg;
	if (strcmp(path, "InitiateMultipartUploadResult/UploadId") == 0 && !*id)
		*id = xstrdup(text->s);
	return 0;
}

int s3_begin_upload(struct remote *remote, const char *path, const char *const *fields, size_t nfields, char **ret,
	struct strbuf *err)
{
	struct remote_call *call;
	struct strbuf why = STRBUF_INIT;
	*ret = NULL;
	int r = remote_run(remote,
		&(struct remote_request){
			.method = "POST", .path = path, .query = "uploads=", .fields = fields, .nfields = nfields},
		&call, err);
	if (r == 0 && remote_status(call) != 200)
		r = remote_fail(call, "upload", path, err);
	else if (r == 0)
		r = xml_read(remote_answer(call)->body.s, remote_answer(call)->body.len, on_id, ret, &why);
	if (r == -EBADMSG || (r == 0 && !*ret)) {
		strbuf_addf(err, "cannot upload '%s/%s': the answer has no id of an upload", remote->base.url, path);
		r = -EINVAL;
	}
	remote_call_free(call);
	strbuf_release(&why);
	return r;
}

static int begin_parts(struct s3_stage *stage, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	const char *fields[REMOTE_FIELDS], *tag = stage->base.base.tag;
	size_t n = stage_fields(&stage->base, &text, fields);
	int r = s3_begin_upload(stage->base.remote, tag, fields, n, &stage->upload, err);
	strbuf_release(&text);
	return r;
}

/* Make room for the ETag of the part number I. */
static void make_room(struct s3_stage *stage, size_t i)
{
	size_t cap = stage->cap;
	if (i < cap)
		return;
	stage->cap = cap ? 2 * cap : 16;
	stage->etags = xreallocarray(stage->etags, stage->cap, sizeof *stage->etags);
	memset(stage->etags + cap, 0, (stage->cap - cap) * sizeof *stage->etags);
}

int s3_send_part(struct remote_stage *base, struct strbuf *err)
{
	struct s3_stage *stage = stage_of(base);
	struct strbuf query = STRBUF_INIT;
	int r = stage->upload ? 0 : begin_parts(stage, err);
	if (r < 0)
		return r;
	make_room(stage, base->nparts);
	strbuf_addf(&query, "partNumber=%zu&uploadId=", base->nparts + 1);
	uri_encode(&query, stage->upload, strlen(stage->upload), false);
	r = remote_send(base, &(struct remote_request){.method = "PUT", .path = base->base.tag, .query = query.s},
		part_landed, err);
	strbuf_release(&query);
	return r;
}

void s3_complete_body(char *const *etags, size_t count, struct strbuf *ret)
{
	strbuf_addstr(ret, "<CompleteMultipartUpload>");
	for (size_t i = 0; i < count; i++) {
		strbuf_addf(ret, "<Part><PartNumber>%zu</PartNumber><ETag>", i + 1);
		for (const char *s = etags[i]; *s; s++)
			if (*s == '&' || *s == '<' || *s == '>')
				strbuf_addstr(ret, *s == '&' ? "&amp;" : *s == '<' ? "&lt;" : "&gt;");
			else
				strbuf_addch(ret, *s);
		strbuf_addstr(ret, "</ETag></Part>");
	}
	strbuf_addstr(ret, "</CompleteMultipartUpload>");
}

/*
 * If the server has already carried out this completion, there is no upload any more; then the object itself shows it.
 */
static int complete_landed(struct remote *remote, struct remote_flight *f, struct strbuf *err)
{
	struct stage *stage = &f->stage->base;
	int there = 0;
	if (remote_status(f->call) == 200)
		return 0;
	if (remote_status(f->call) == 404)
		there = remote_is_file(remote, stage->tag, stage->size, stage->tag, err);
	if (there)
		return there < 0 ? there : 0;
	return remote_fail(f->call, "upload", stage->tag, err);
}

int s3_send_complete(struct remote_stage *base, struct strbuf *err)
{
	struct s3_stage *stage = stage_of(base);
	struct strbuf query = STRBUF_INIT, body = STRBUF_INIT;
	s3_complete_body(stage->etags, base->nparts, &body);
	strbuf_addstr(&query, "uploadId=");
	uri_encode(&query, stage->upload, strlen(stage->upload), false);
	int r = remote_send_text(base,
		&(struct remote_request){.method = "POST", .path = base->base.tag, .query = query.s, .late = true},
		strbuf_detach(&body), complete_landed, err);
	strbuf_release(&query);
	return r;
}

void s3_abort_upload(struct remote *remote, const char *path, const char *id)
{
	struct strbuf query = STRBUF_INIT, ignored = STRBUF_INIT;
	struct remote_call *call;
	strbuf_addstr(&query, "uploadId=");
	uri_encode(&query, id, strlen(id), false);
	if (remote_run(remote, &(struct remote_request){.method = "DELETE", .path = path, .query = query.s}, &call,
		    &ignored) < 0)
		strbuf_clear(&ignored); /* a lifecycle rule of the bucket removes the upload */
	remote_call_free(call);
	strbuf_release(&query);
	strbuf_release(&ignored);
}

void s3_abort(struct remote_stage *base)
{
	struct s3_stage *stage = stage_of(base);
	if (stage->upload)
		s3_abort_upload(base->remote, base->base.tag, stage->upload);
}
