/*
 * Private to the store of an S3 bucket: s3.c (opening), s3_place.c (where a bucket is), s3_call.c (signed requests),
 * s3_error.c (what a refusal means), s3_read.c (ranges), s3_list.c (listings), s3_put.c (small objects, the
 * compare-and-swap), s3_stage.c and s3_parts.c (staged files), s3_publish.c (copies), s3_flight.c (what is on its way),
 * s3_survey.c (what lies in the table).
 *
 * A stage is an object `_weir_stage/WRITER-NUMBER`, complete when it is visible; publishing copies it to its
 * final name on the server and deletes it.  Its metadata name it (x-amz-meta-weir-stage) and the copy keeps them, so a
 * file whose stage is gone can be told from another one.  What is gathered for a stage waits in a backlog until there
 * is enough for a part; several requests are in flight at once, and store_sync() waits for all.
 */
#ifndef WEIR_LAKE_S3_H
#define WEIR_LAKE_S3_H

#include <openssl/evp.h>

#include "common/io/backlog.h"
#include "common/io/http.h"
#include "common/lake/aws_creds.h"
#include "common/lake/housekeeping.h"
#include "common/lake/store.h"

#define S3_STAGES "_weir_stage"
#define S3_META   "x-amz-meta-weir-stage" /* of the object that was a stage: its tag */

/* Where the objects of a table are.  All strings are owned. */
struct s3_place {
	char *base; /* scheme, host and port: "http://127.0.0.1:9000" */
	char *host; /* for the header Host: with the port unless it is the scheme's own, with the bucket in virtual-host
		       style */
	char *bucket;
	char *prefix; /* of the keys: "" or "a/b/" */
	char *region;
	bool in_path; /* the bucket is the first part of the path; else of the host */
};

/*
 * The place of s3://BUCKET/PREFIX.  ENDPOINT is a URL, or NULL for AWS; STYLE is "path", "host" or NULL: as a host if
 * the endpoint is AWS's and the bucket's name can be a part of a host name with one certificate.  -EINVAL with ERR.
 */
int s3_place_init(struct s3_place *place, const char *url, const char *endpoint, const char *region, const char *style,
	struct strbuf *err) MUST_CHECK;
/* The same place in another region: for AWS that is another host. */
void s3_place_move(struct s3_place *place, const char *region);
void s3_place_release(struct s3_place *place);
/* Append the encoded path of KEY (of the bucket, NULL: the bucket itself), from the '/' on. */
void s3_place_path(const struct s3_place *place, const char *key, struct strbuf *ret);

struct s3_stage;
struct s3_flight;

struct store_s3 {
	struct store base;
	struct store_options options;
	struct s3_place place;
	struct http *http;
	struct aws_creds *creds;
	struct backlog_pool *pool;
	char *writer;              /* UUID, NULL: a reader */
	uint64_t stages;           /* how many were begun */
	bool settled;              /* an answer has confirmed region and host */
	struct s3_stage *open;     /* stages whose objects are not complete */
	struct s3_flight *flights; /* requests on their way that nobody waits for yet */
	unsigned flying;
	int failed; /* the first error of a flight, with its text; store_sync() returns it */
	struct strbuf why;
	struct s3_ahead *ahead; /* ranges that are read ahead, of one object; NULL: none */
};
struct store_s3 *store_s3(struct store *store);

/* The key of PATH in the bucket; the caller frees it. */
char *s3_key(const struct store_s3 *s3, const char *path);

/* --- requests ----------------------------------------------------------------------------------------------------- */

struct s3_request {
	const char *method;
	const char *path;          /* in the table, NULL: the bucket itself */
	const char *query;         /* encoded; NULL: none */
	const char *const *fields; /* more headers, which are signed: "name: value" */
	size_t nfields;
	const void *data; /* the body, LEN bytes, which stay until the call is freed; NULL: see `bytes` */
	uint64_t len;
	const struct backlog *bytes; /* the body, with its HASH; borrowed likewise */
	const char *hash;            /* SHA-256 in hexadecimal; NULL: that of DATA */
	void *into;                  /* as in struct http_request */
	uint64_t max;                /* 0: 16 MiB */
	bool late;                   /* an error may come in the body of a 200 */
	bool once;                   /* no second try */
};
struct s3_call;

/* Begin REQUEST.  0, or an error of the credentials or libcrypto with ERR. */
int s3_start(
	struct store_s3 *s3, const struct s3_request *request, struct s3_call **ret, struct strbuf *err) MUST_CHECK;
/* Whether it has ended; then s3_wait() does not wait. */
bool s3_ended(const struct s3_call *call);
/* Wait for its answer: 0, whatever its status; errors of http_wait(). */
int s3_wait(struct s3_call *call, struct strbuf *err) MUST_CHECK;
/* Both; a redirect to the bucket's region is followed.  *RET_CALL is to be freed in any case. */
int s3_run(struct store_s3 *s3, const struct s3_request *request, struct s3_call **ret_call,
	struct strbuf *err) MUST_CHECK;
struct http_answer *s3_answer(struct s3_call *call);
int s3_status(struct s3_call *call);
/*
 * Whether the request may have been carried out although the answer says something else: an answer was lost, or an
 * earlier try was answered by an error of the server's.
 */
bool s3_doubtful(const struct s3_call *call);
void s3_call_free(struct s3_call *call);

/* --- refusals ----------------------------------------------------------------------------------------------------- */

/* What the body of a refusal says; what is missing is "". */
struct s3_error {
	char code[64];
	char region[64];
	char request_time[40], server_time[40];
	struct strbuf text;
};
void s3_error_read(const struct http_answer *answer, struct s3_error *ret);
void s3_error_release(struct s3_error *error);

/*
 * Append to ERR that VERB ("read") failed on PATH ("": the table), and why, by the answer of CALL; the result is the
 * errno for it: -ENOENT no such key, -EACCES no permission or wrong keys, -EINVAL no such bucket, wrong region or
 * request, -ENOSPC a quota, -EROFS, -EAGAIN what may pass.
 */
int s3_fail(struct s3_call *call, const char *verb, const char *path, struct strbuf *err) MUST_CHECK;

/* s3_call.c: append "cannot VERB 's3://…/PATH'", and what the server said. */
void s3_describe(const struct s3_call *call, const char *verb, const char *path, const struct s3_error *error,
	struct strbuf *err);

/* The classify of all calls: what may pass, and what asks for fresh credentials.  _late: also in the body of a 200. */
enum http_verdict s3_classify(const struct http_answer *answer);
enum http_verdict s3_classify_late(const struct http_answer *answer);

/* --- what is on its way ------------------------------------------------------------------------------------------- */

/*
 * A request that nobody waits for yet.  When it has ended, `landed` looks at the answer: 0 done; 1 it has begun another
 * one in `call`; negative: failed, with ERR.
 */
struct s3_flight {
	struct s3_call *call;
	int (*landed)(struct store_s3 *s3, struct s3_flight *flight, struct strbuf *err);
	struct s3_stage *stage; /* borrowed; NULL: of none */
	size_t part;            /* its number in the stage, from 0 */
	struct backlog bytes;   /* of the body, */
	char *body;             /* or this is it; owned */
	char *path, *tag;       /* what is published; owned */
	uint64_t size;
	struct s3_flight *next;
};

/* FLIGHT, whose call has begun, is on its way; takes it.  Waits until fewer than `uploads` are. */
int s3_fly(struct store_s3 *s3, struct s3_flight *flight, struct strbuf *err) MUST_CHECK;
/* Wait until at most LEFT flights are on their way, of STAGE (NULL: of all).  The first error of any flight. */
int s3_land(struct store_s3 *s3, const struct s3_stage *stage, unsigned left, struct strbuf *err) MUST_CHECK;
/* Move what is in flight on, without waiting.  The first error, likewise. */
int s3_move(struct store_s3 *s3, struct strbuf *err) MUST_CHECK;
void s3_flight_free(struct s3_flight *flight);
/* Forget the flights of STAGE (NULL: all), ending their requests. */
void s3_ground(struct store_s3 *s3, const struct s3_stage *stage);

/* --- stages ------------------------------------------------------------------------------------------------------- */

struct s3_stage {
	struct stage base;
	struct store_s3 *s3;
	struct backlog bytes; /* of the part that is being gathered */
	EVP_MD_CTX *sum;      /* SHA-256 of these */
	char *upload;         /* id of the upload in parts; NULL: the object is put at once */
	char **etags;         /* of the parts, by number; NULL: still in flight */
	size_t nparts, cap;
	unsigned flying;
	bool sealed;
	struct s3_stage *next;
};

/* The bytes of part NUMBER (from 0): at least 5 MiB as S3 wants, and so that 10,000 of them hold 5 TiB. */
uint64_t s3_part_size(size_t number);

/* s3_parts.c: begin to upload what STAGE has gathered, as a part, or whole if there were no parts. */
int s3_send_part(struct s3_stage *stage, struct strbuf *err) MUST_CHECK;
int s3_send_whole(struct s3_stage *stage, struct strbuf *err) MUST_CHECK;
/* Begin to complete the object of STAGE, whose parts have all arrived. */
int s3_send_complete(struct s3_stage *stage, struct strbuf *err) MUST_CHECK;
/* Complete an upload in parts: its XML. */
void s3_complete_body(char *const *etags, size_t count, struct strbuf *ret);
/* Begin an upload of PATH in parts, with FIELDS; *RET_ID is the caller's. */
int s3_begin_upload(struct store_s3 *s3, const char *path, const char *const *fields, size_t nfields, char **ret_id,
	struct strbuf *err) MUST_CHECK;
void s3_abort_upload(struct store_s3 *s3, const char *path, const char *id);

/* STAGE is complete, or given up: it is no longer one of the store's. */
void s3_stage_end(struct s3_stage *stage);

/* Whether TAG is the name of a stage. */
bool s3_is_stage(const char *tag);
/* Whether the object PATH is the file of SIZE bytes that was staged as TAG: 1 or 0; errors of s3_fail(). */
int s3_is_file(struct store_s3 *s3, const char *path, uint64_t size, const char *tag, struct strbuf *err) MUST_CHECK;
/* The headers that an object gets, by the options: for a stage, or for its final name.  The result is their number. */
enum { S3_FIELDS = 8 };
size_t s3_object_fields(
	const struct store_s3 *s3, bool final, const char *tag, struct strbuf *text, const char *ret[S3_FIELDS]);

/* Objects below DIR, "" for all; with `deep` those in directories below it, too.  EACH gets the path in the table. */
typedef int s3_each(void *arg, const char *path, bool is_dir, uint64_t size, int64_t modified_ms);
int s3_list_each(
	struct store_s3 *s3, const char *dir, bool deep, s3_each *each, void *arg, struct strbuf *err) MUST_CHECK;

/* --- the operations ----------------------------------------------------------------------------------------------- */

int s3_get(struct store *, const char *path, uint64_t max, struct strbuf *ret, struct strbuf *err);
int s3_read(
	struct store *, const char *path, const char *tag, uint64_t pos, void *buf, size_t size, struct strbuf *err);
void s3_ahead_free(struct s3_ahead *ahead);
int s3_size(struct store *, const char *path, uint64_t *ret, struct strbuf *err);
int s3_list(struct store *, const char *dir, struct names *ret, struct strbuf *err);
int s3_put(struct store *, const char *path, const struct strbuf *data, struct strbuf *err);
int s3_put_if_absent(struct store *, const char *path, const struct strbuf *data, struct strbuf *err);
int s3_remove(struct store *, const char *path, struct strbuf *err);
int s3_stage_open(struct store *, const char *path, struct stage **ret, struct strbuf *err);
int s3_append(struct store *, struct stage *, const void *data, size_t len, struct strbuf *err);
int s3_seal(struct store *, struct stage *, struct strbuf *err);
int s3_sync(struct store *, struct strbuf *err);
void s3_stage_free(struct stage *);
int s3_publish(struct store *, const char *path, uint64_t size, const char *tag, struct strbuf *err);
int s3_discard(struct store *, const char *tag, struct strbuf *err);
extern const struct housekeeping s3_housekeeping;

#endif
