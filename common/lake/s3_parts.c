/* Objects that are uploaded, whole or in parts: see s3.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/killpoint.h"
#include "common/io/uri.h"
#include "common/io/xml.h"
#include "common/lake/s3.h"

#define PART_MIN (UINT64_C(8) << 20)
#define DOUBLED  1000 /* so many parts have one size, the next as many twice that: 10,000 of them hold 8 TiB */

uint64_t s3_part_size(size_t number)
{
	return PART_MIN << (number / DOUBLED < 9 ? number / DOUBLED : 9);
}

/* End the sum of what STAGE has gathered, in hexadecimal, and begin a new one. */
static int end_sum(struct s3_stage *stage, char ret[AWS_HASH_LEN + 1], struct strbuf *err)
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	if (EVP_DigestFinal_ex(stage->sum, sum, NULL) != 1 || EVP_DigestInit_ex(stage->sum, EVP_sha256(), NULL) != 1) {
		strbuf_addstr(err, "cannot compute a SHA-256");
		return -ENOMEM;
	}
	for (size_t i = 0; i < AWS_HASH_LEN / 2; i++)
		snprintf(ret + 2 * i, 3, "%02x", sum[i]);
	return 0;
}

/* Send what STAGE has gathered by REQUEST, whose answer LANDED looks at. */
static int send_bytes(struct s3_stage *stage, struct s3_request *request,
	int (*landed)(struct store_s3 *, struct s3_flight *, struct strbuf *), struct strbuf *err)
{
	char hash[AWS_HASH_LEN + 1];
	struct s3_flight *f = xcalloc(1, sizeof *f);
	int r = end_sum(stage, hash, err);
	f->landed = landed;
	f->stage = stage;
	f->part = stage->nparts;
	f->bytes = stage->bytes;
	stage->bytes = (struct backlog){.pool = stage->s3->pool};
	request->bytes = &f->bytes;
	request->hash = hash;
	if (r == 0)
		r = s3_start(stage->s3, request, &f->call, err);
	if (r < 0) {
		s3_call_free(f->call);
		backlog_release(&f->bytes);
		free(f);
		return r;
	}
	return s3_fly(stage->s3, f, err);
}

static int whole_landed(struct store_s3 *s3, struct s3_flight *f, struct strbuf *err)
{
	(void)s3;
	return s3_status(f->call) == 200 ? 0 : s3_fail(f->call, "upload", f->stage->base.tag, err);
}

int s3_send_whole(struct s3_stage *stage, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	const char *fields[S3_FIELDS];
	struct s3_request request = {.method = "PUT", .path = stage->base.tag, .fields = fields};
	request.nfields = s3_object_fields(stage->s3, false, stage->base.tag, &text, fields);
	int r = send_bytes(stage, &request, whole_landed, err);
	strbuf_release(&text);
	return r;
}

static int part_landed(struct store_s3 *s3, struct s3_flight *f, struct strbuf *err)
{
	const char *etag = http_field(s3_answer(f->call), "etag");
	if (s3_status(f->call) != 200)
		return s3_fail(f->call, "upload", f->stage->base.tag, err);
	if (!etag) {
		strbuf_addf(err, "cannot upload '%s/%s': the answer has no ETag", s3->base.url, f->stage->base.tag);
		return -EINVAL;
	}
	f->stage->etags[f->part] = xstrdup(etag);
	return 0;
}

/* The id of an upload, in the answer to its beginning. */
static int on_id(void *arg, const char *path, const struct strbuf *text)
{
	char **id = arg;
	if (strcmp(path, "InitiateMultipartUploadResult/UploadId") == 0 && !*id)
		*id = xstrdup(text->s);
	return 0;
}

int s3_begin_upload(struct store_s3 *s3, const char *path, const char *const *fields, size_t nfields, char **ret,
	struct strbuf *err)
{
	struct s3_call *call;
	struct strbuf why = STRBUF_INIT;
	*ret = NULL;
	int r = s3_run(s3,
		&(struct s3_request){
			.method = "POST", .path = path, .query = "uploads=", .fields = fields, .nfields = nfields},
		&call, err);
	if (r == 0 && s3_status(call) != 200)
		r = s3_fail(call, "upload", path, err);
	else if (r == 0)
		r = xml_read(s3_answer(call)->body.s, s3_answer(call)->body.len, on_id, ret, &why);
	if (r == -EBADMSG || (r == 0 && !*ret)) {
		strbuf_addf(err, "cannot upload '%s/%s': the answer has no id of an upload", s3->base.url, path);
		r = -EINVAL;
	}
	s3_call_free(call);
	strbuf_release(&why);
	return r;
}

static int begin_parts(struct s3_stage *stage, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	const char *fields[S3_FIELDS];
	size_t n = s3_object_fields(stage->s3, false, stage->base.tag, &text, fields);
	int r = s3_begin_upload(stage->s3, stage->base.tag, fields, n, &stage->upload, err);
	strbuf_release(&text);
	return r;
}

int s3_send_part(struct s3_stage *stage, struct strbuf *err)
{
	struct strbuf query = STRBUF_INIT;
	int r = stage->upload ? 0 : begin_parts(stage, err);
	if (r < 0)
		return r;
	if (stage->nparts == stage->cap) {
		stage->cap = stage->cap ? 2 * stage->cap : 16;
		stage->etags = xreallocarray(stage->etags, stage->cap, sizeof *stage->etags);
	}
	stage->etags[stage->nparts] = NULL;
	strbuf_addf(&query, "partNumber=%zu&uploadId=", stage->nparts + 1);
	uri_encode(&query, stage->upload, strlen(stage->upload), false);
	r = send_bytes(stage, &(struct s3_request){.method = "PUT", .path = stage->base.tag, .query = query.s},
		part_landed, err);
	stage->nparts++;
	KILL_POINT("part-sent");
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

/* A completion whose first answer was lost finds no upload any more; then the object itself tells. */
static int complete_landed(struct store_s3 *s3, struct s3_flight *f, struct strbuf *err)
{
	struct s3_stage *stage = f->stage;
	if (s3_status(f->call) == 200)
		return 0;
	if (s3_status(f->call) == 404 && s3_doubtful(f->call) &&
		s3_is_file(s3, stage->base.tag, stage->base.size, stage->base.tag, err) == 1)
		return 0;
	return s3_fail(f->call, "upload", stage->base.tag, err);
}

int s3_send_complete(struct s3_stage *stage, struct strbuf *err)
{
	struct strbuf query = STRBUF_INIT, body = STRBUF_INIT;
	struct s3_flight *f = xcalloc(1, sizeof *f);
	s3_complete_body(stage->etags, stage->nparts, &body);
	strbuf_addstr(&query, "uploadId=");
	uri_encode(&query, stage->upload, strlen(stage->upload), false);
	f->landed = complete_landed;
	f->stage = stage;
	f->bytes.pool = stage->s3->pool;
	f->body = strbuf_detach(&body);
	int r = s3_start(stage->s3,
		&(struct s3_request){.method = "POST",
			.path = stage->base.tag,
			.query = query.s,
			.data = f->body,
			.len = strlen(f->body),
			.late = true},
		&f->call, err);
	strbuf_release(&query);
	if (r == 0)
		return s3_fly(stage->s3, f, err);
	s3_call_free(f->call);
	free(f->body);
	free(f);
	return r;
}

void s3_abort_upload(struct store_s3 *s3, const char *path, const char *id)
{
	struct strbuf query = STRBUF_INIT, ignored = STRBUF_INIT;
	struct s3_call *call;
	strbuf_addstr(&query, "uploadId=");
	uri_encode(&query, id, strlen(id), false);
	if (s3_run(s3, &(struct s3_request){.method = "DELETE", .path = path, .query = query.s}, &call, &ignored) < 0)
		strbuf_clear(&ignored); /* a rule of the bucket's life cycle ends it */
	s3_call_free(call);
	strbuf_release(&query);
	strbuf_release(&ignored);
}
