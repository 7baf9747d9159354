/*
 * Private to the store of an S3 bucket; the parts that all remote stores share are in remote.h: s3.c (opening),
 * s3_place.c (where a bucket is), s3_call.c (signed requests), s3_error.c (what a refusal means), s3_list.c (listings),
 * s3_parts.c (staged files), s3_publish.c (copies).
 */
#ifndef WEIR_LAKE_S3_H
#define WEIR_LAKE_S3_H

#include "common/lake/aws_creds.h"
#include "common/lake/remote.h"

#define S3_META "x-amz-meta-weir-stage" /* metadata of an object that was a stage: its tag */

/* Where the objects of a table are.  All strings are owned. */
struct s3_place {
	char *base; /* scheme, host and port: "http://127.0.0.1:9000" */
	/*
	 * for the header Host: with the port unless it is the scheme's default, and in virtual-host style with the
	 * bucket
	 */
	char *host;
	char *bucket;
	char *prefix; /* the beginning of all keys: "" or "a/b/" */
	char *region;
	bool in_path; /* the bucket is the first part of the path, else of the host */
};

/*
 * The place of s3://BUCKET/PREFIX.  ENDPOINT is a URL, or NULL for AWS; STYLE is "path", "host" or NULL.  NULL means
 * "host" if the endpoint is AWS's and the certificate allows the bucket's name as a part of the host name, else "path".
 * -EINVAL with ERR.
 */
int s3_place_init(struct s3_place *place, const char *url, const char *endpoint, const char *region, const char *style,
	struct strbuf *err) MUST_CHECK;
/* The same place in another region: for AWS that is another host. */
void s3_place_move(struct s3_place *place, const char *region);
void s3_place_release(struct s3_place *place);
/* Append the encoded path of KEY (of the bucket, NULL: the bucket itself), from the '/' on. */
void s3_place_path(const struct s3_place *place, const char *key, struct strbuf *ret);

struct store_s3 {
	struct remote base;
	struct s3_place place;
	struct aws_creds *creds;
	bool settled; /* an answer has confirmed region and host */
};

static inline struct store_s3 *s3_of(struct remote *remote)
{
	return (struct store_s3 *)remote;
}

static inline const struct store_s3 *s3_of_const(const struct remote *remote)
{
	return (const struct store_s3 *)remote;
}

/* The key of PATH in the bucket; the caller frees it. */
char *s3_key(const struct store_s3 *s3, const char *path);

/* The contents of the body of a refusal; missing parts are "". */
struct s3_error {
	char code[64];
	char region[64];
	char request_time[40], server_time[40];
	struct strbuf text;
};
void s3_error_read(const struct http_answer *answer, struct s3_error *ret);
void s3_error_release(struct s3_error *error);

struct s3_stage {
	struct remote_stage base;
	char *upload; /* id of the upload in parts; NULL: there is none yet */
	char **etags; /* ETags of the parts, by number; NULL: still in flight */
	size_t cap;
};

/* The XML that completes an upload in parts. */
void s3_complete_body(char *const *etags, size_t count, struct strbuf *ret);
/* Begin an upload of PATH in parts, with FIELDS; *RET_ID is the caller's. */
int s3_begin_upload(struct remote *remote, const char *path, const char *const *fields, size_t nfields, char **ret_id,
	struct strbuf *err) MUST_CHECK;
void s3_abort_upload(struct remote *remote, const char *path, const char *id);

/* Set the headers of an object by the options; returns their number. */
enum s3_object {
	S3_STAGED,   /* it is a stage */
	S3_IN_PLACE, /* it is put under its final name */
	S3_COPIED,   /* it is copied there */
};
size_t s3_object_fields(const struct remote *remote, enum s3_object what, const char *tag, struct strbuf *text,
	const char *ret[REMOTE_FIELDS]);

/* --- for struct remote_ops ---------------------------------------------------------------------------------------- */

void s3_path(const struct remote *remote, const char *path, struct strbuf *ret);
void s3_url(const struct remote_call *call, struct strbuf *ret);
int s3_sign(struct remote_call *call, bool renew, struct strbuf *fields, struct strbuf *err);
/* Which errors may pass, and which need new credentials. _late: the error may also be in the body of a 200. */
enum http_verdict s3_classify(const struct http_answer *answer);
enum http_verdict s3_classify_late(const struct http_answer *answer);
bool s3_follow(struct remote_call *call);
int s3_fail(struct remote_call *call, const char *verb, const char *path, struct strbuf *err);
size_t s3_fields(const struct remote *remote, const char *tag, struct strbuf *text, const char *ret[REMOTE_FIELDS]);
int s3_list(struct remote *remote, const char *dir, bool deep, remote_each *each, void *arg, struct strbuf *err);
struct remote_stage *s3_stage_new(void);
void s3_stage_release(struct remote_stage *stage);
/* The size of a part: at least 5 MiB, as S3 requires, and large enough that 10,000 parts hold 5 TiB. */
uint64_t s3_part_size(size_t number);
int s3_send_whole(struct remote_stage *stage, struct strbuf *err);
int s3_send_part(struct remote_stage *stage, struct strbuf *err);
int s3_send_complete(struct remote_stage *stage, struct strbuf *err);
void s3_abort(struct remote_stage *stage);
int s3_copy(struct remote *remote, struct remote_flight *flight, struct strbuf *err);

#endif
