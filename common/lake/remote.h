/*
 * Private to the stores that are reached by HTTP: what they have in common.  remote.c (opening, the table of
 * operations), remote_call.c (requests), remote_flight.c (what is on its way), remote_object.c (small objects, the
 * compare-and-swap), remote_stage.c (staged files), remote_publish.c (copies), remote_read.c (ranges, read ahead),
 * remote_survey.c (what lies in the table), remote_error.c (refusals), remote_url.c (URLs of tables).
 *
 * Layer: lake (uses io, store; libcrypto).  What differs between them each store says in a struct remote_ops.
 *
 * A stage is an object `_weir_stage/WRITER-NUMBER`, complete when it is visible; publishing copies it to its
 * final name on the server and deletes it.  Its metadata name it and the copy keeps them, so a file whose stage is gone
 * can be told from another one.  What is gathered for a stage waits in a backlog until there is enough for a part;
 * several requests are in flight at once, and store_sync() waits for all.
 */
#ifndef WEIR_LAKE_REMOTE_H
#define WEIR_LAKE_REMOTE_H

#include <openssl/evp.h>

#include "common/io/backlog.h"
#include "common/io/http.h"
#include "common/lake/housekeeping.h"
#include "common/lake/store.h"

#define REMOTE_STAGES "_weir_stage"
enum { REMOTE_FIELDS = 8 };

struct remote;
struct remote_call;
struct remote_flight;
struct remote_stage;

/* EACH gets the path in the table of what is listed; modified_ms: 0 for a directory. */
typedef int remote_each(void *arg, const char *path, bool is_dir, uint64_t size, int64_t modified_ms);

/* How a store differs from others.  What returns int gives 0 or -errno with ERR, unless it says more. */
struct remote_ops {
	void (*close)(struct remote *remote); /* release what the store has beyond struct remote */

	/* --- requests --- */
	const EVP_MD *(*sum)(void); /* the checksum of each body; NULL: there is none */
	/* Append the encoded path of a URL, from the '/' on: of PATH in the table, or, with NULL, of what is listed. */
	void (*path)(const struct remote *remote, const char *path, struct strbuf *ret);
	void (*url)(const struct remote_call *call, struct strbuf *ret);
	/* As `sign` of struct http_request. */
	int (*sign)(struct remote_call *call, bool renew, struct strbuf *fields, struct strbuf *err);
	/* As in struct http_request; _late: an error may come in the body of a success. */
	enum http_verdict (*classify)(const struct http_answer *answer);
	enum http_verdict (*classify_late)(const struct http_answer *answer);
	/* Looks at each answer.  True: the request is to be sent once more, to what `url` is now.  NULL: never. */
	bool (*follow)(struct remote_call *call);
	int (*fail)(struct remote_call *call, const char *verb, const char *path, struct strbuf *err);

	/* --- objects --- */
	const char *meta; /* the header of the object that was a stage: its tag */
	/*
	 * The headers of an object that is put, as a stage with TAG, or else NULL; they lie in TEXT.  The result is
	 * their number, less than REMOTE_FIELDS.
	 */
	size_t (*fields)(
		const struct remote *remote, const char *tag, struct strbuf *text, const char *ret[REMOTE_FIELDS]);
	/* Whether the answer of CALL, a put under the condition, says that the object exists already. */
	bool (*exists)(struct remote_call *call);
	/* Objects below DIR, "" for all; with `deep` those in directories below it, too. */
	int (*list)(
		struct remote *remote, const char *dir, bool deep, remote_each *each, void *arg, struct strbuf *err);

	/*
	 * Where a range is asked for by parameters and not by the header Range: append the whole query of that; and the
	 * size of PATH, which the answer does not tell.  Both or none.
	 */
	void (*range)(uint64_t pos, uint64_t len, struct strbuf *query);
	int (*measure)(struct remote *remote, const char *path, uint64_t *ret, struct strbuf *err);

	/* --- stages --- */
	bool in_place;                           /* a stage may be made under its final name (store_stage_in_place()) */
	struct remote_stage *(*stage_new)(void); /* zeroed, to be freed by free() */
	void (*stage_release)(struct remote_stage *stage); /* what it has beyond struct remote_stage */
	uint64_t (*part_size)(size_t number);              /* bytes of part NUMBER, from 0 */
	/* Begin to upload what STAGE has gathered: whole, if there were no parts, or as one.  By remote_send(). */
	int (*send_whole)(struct remote_stage *stage, struct strbuf *err);
	int (*send_part)(struct remote_stage *stage, struct strbuf *err);
	/* Begin to make the object of STAGE of its parts, which have all arrived. */
	int (*send_complete)(struct remote_stage *stage, struct strbuf *err);
	/* Give up the parts of STAGE; NULL: they go by themselves. */
	void (*abort)(struct remote_stage *stage);
	/*
	 * Begin to copy what is staged as FLIGHT->tag to FLIGHT->path: 1 its call has begun, and its `landed` ends with
	 * remote_copied() or remote_gone(); 0 it is published.
	 */
	int (*copy)(struct remote *remote, struct remote_flight *flight, struct strbuf *err);
};

/* The first member of each such store. */
struct remote {
	struct store base;
	const struct remote_ops *ops;
	struct store_options options;
	struct http *http;
	struct backlog_pool *pool;
	char *writer;                  /* UUID, NULL: a reader */
	uint64_t stages;               /* how many were begun */
	struct remote_stage *open;     /* stages whose objects are not complete */
	struct remote_flight *flights; /* requests on their way that nobody waits for yet */
	unsigned flying;
	int failed; /* the first error of a flight, with its text; store_sync() returns it */
	struct strbuf why;
	struct remote_ahead *ahead; /* ranges that are read ahead, of one object; NULL: none */
};
struct remote *remote_of(struct store *store);

/* Fill REMOTE, which is zeroed, but for `http`; store_close() frees it from then on. */
void remote_init(
	struct remote *remote, const struct remote_ops *ops, const char *writer, const struct store_options *options);

/*
 * Split NAME/PREFIX, of a URL after its host or scheme.  The prefix gets a '/' at its end unless it is empty; several
 * are as none.  Whether it is a path beneath NAME (beneath_ok()); both strings are the caller's in any case.
 */
bool remote_split(const char *s, char **ret_name, char **ret_prefix);

/* --- requests ----------------------------------------------------------------------------------------------------- */

struct remote_request {
	const char *method;
	const char *path;          /* in the table, NULL: what is listed */
	const char *query;         /* encoded; NULL: none */
	const char *const *fields; /* more headers, which are signed: "name: value" */
	size_t nfields;
	const void *data; /* the body, LEN bytes, which stay until the call is freed; NULL: see `bytes` */
	uint64_t len;
	const struct backlog *bytes; /* the body, with its SUM; also borrowed */
	const unsigned char *sum;    /* by ops->sum; NULL: that of DATA */
	void *into;                  /* as in struct http_request */
	uint64_t max;                /* 0: 16 MiB */
	bool late;                   /* an error may come in the body of a success */
	bool once;                   /* no second try */
	int64_t by_ms;               /* no try after this, by clock_boot_ms(); 0: at any time */
};

struct remote_call {
	struct remote *remote;
	struct http_call *http;
	char *method, *path, *query; /* of the URL, encoded; what is signed */
	char **fields;
	size_t nfields;
	unsigned char sum[EVP_MAX_MD_SIZE];
	struct remote_request request; /* for its body and flags; the rest is as above */
	unsigned followed;             /* how often it was sent anew */
	char *url;                     /* set by ops->sign: where the next try goes; NULL: to ops->url; owned */
};

/* Begin REQUEST.  0, or -ENOMEM of libcrypto with ERR.  *RET_CALL is to be freed in any case. */
int remote_start(struct remote *remote, const struct remote_request *request, struct remote_call **ret_call,
	struct strbuf *err) MUST_CHECK;
/* Whether it has ended; then remote_wait() does not wait. */
bool remote_ended(struct remote_call *call);
/* Wait for its answer: 0, whatever its status; errors of http_wait(). */
int remote_wait(struct remote_call *call, struct strbuf *err) MUST_CHECK;
/* Both. */
int remote_run(struct remote *remote, const struct remote_request *request, struct remote_call **ret_call,
	struct strbuf *err) MUST_CHECK;
struct http_answer *remote_answer(struct remote_call *call);
int remote_status(struct remote_call *call);
/* Whether the status is one of success, from 200 to 299. */
bool remote_good(struct remote_call *call);
/* Whether the request may have been carried out although its result says something else: see http_doubtful(). */
bool remote_doubtful(const struct remote_call *call);
void remote_call_free(struct remote_call *call);

/* --- refusals ----------------------------------------------------------------------------------------------------- */

/* A code of a server's, the errno that it means, and what a user can do ("": nothing that we know). */
struct remote_meaning {
	const char *code;
	int err;
	const char *hint;
};
/*
 * What CODE means by the N rows at KNOWN; if it is not there, what STATUS means: EACCES 401 and 403, ENOENT 404, ENOSPC
 * 507, EAGAIN what may pass, EINVAL the rest.
 */
const struct remote_meaning *remote_meaning(const struct remote_meaning *known, size_t n, const char *code, int status);

/* Append "cannot VERB 'URL/PATH'" (PATH "": the table), and what the server said: its CODE and TEXT, or "". */
void remote_describe(const struct remote_call *call, const char *verb, const char *path, const char *code,
	const char *text, struct strbuf *err);

/*
 * Append to ERR that VERB ("read") failed on PATH, and why, by the answer of CALL; the result is the errno for it:
 * -ENOENT no such object, -EACCES no permission or wrong keys, -EINVAL no such bucket or a wrong request, -ENOSPC a
 * quota, -EROFS, -EAGAIN what may pass.
 */
int remote_fail(struct remote_call *call, const char *verb, const char *path, struct strbuf *err) MUST_CHECK;

/* --- what is on its way ------------------------------------------------------------------------------------------- */

/* `landed` looks at an answer: 0 done; 1 it has begun another request in `call`; negative: failed, with ERR. */
typedef int remote_landed(struct remote *remote, struct remote_flight *flight, struct strbuf *err);

/* A request that nobody waits for yet. */
struct remote_flight {
	struct remote_call *call;
	remote_landed *landed;
	struct remote_stage *stage; /* borrowed; NULL: of none */
	size_t part;                /* its number in the stage, from 0 */
	struct backlog bytes;       /* of the body, */
	char *body;                 /* or this is it; owned */
	char *path, *tag;           /* what is published; owned */
	uint64_t size;
	struct remote_flight *next;
};
struct remote_flight *remote_flight_new(struct remote *remote, struct remote_stage *stage, remote_landed *landed);
void remote_flight_free(struct remote_flight *flight);

/* Put FLIGHT, whose call has begun, on its way, and take ownership of it.  Waits until fewer than `uploads` are. */
int remote_fly(struct remote *remote, struct remote_flight *flight, struct strbuf *err) MUST_CHECK;
/* Wait until at most LEFT flights are on their way, of STAGE (NULL: of all).  The first error of any flight. */
int remote_land(struct remote *remote, const struct remote_stage *stage, unsigned left, struct strbuf *err) MUST_CHECK;
/* Move what is in flight on, without waiting.  The first error of any flight. */
int remote_move(struct remote *remote, struct strbuf *err) MUST_CHECK;
/* Forget the flights of STAGE (NULL: all), ending their requests. */
void remote_ground(struct remote *remote, const struct remote_stage *stage);

/* --- stages ------------------------------------------------------------------------------------------------------- */

/* The first member of a store's stages. */
struct remote_stage {
	struct stage base;
	struct remote *remote;
	struct backlog bytes; /* of the part that is being gathered */
	EVP_MD_CTX *sum;      /* of these; NULL: ops->sum is */
	size_t nparts;        /* that were sent; 0: the object is put at once */
	unsigned flying;
	bool sealed;
	bool refused; /* what was sent of it, so that there is no such object */
	struct remote_stage *next;
};

/* Send what STAGE has gathered as the body of REQUEST, whose answer LANDED looks at. */
int remote_send(struct remote_stage *stage, struct remote_request *request, remote_landed *landed,
	struct strbuf *err) MUST_CHECK;
/* The same for BODY, which it takes. */
int remote_send_text(struct remote_stage *stage, struct remote_request *request, char *body, remote_landed *landed,
	struct strbuf *err) MUST_CHECK;
/* The end of a flight that uploads a stage, or a part of it: by its status. */
remote_landed remote_uploaded;

/* STAGE is complete, or given up: it is no longer one of the store's. */
void remote_stage_end(struct remote_stage *stage);

/* Append a tag that no stage of this writer has had yet. */
void remote_next_tag(struct remote *remote, struct strbuf *ret);
/* Whether TAG is the name of a stage. */
bool remote_is_stage(const char *tag);
/* Whether the object PATH is the file of SIZE bytes that was staged as TAG: 1 or 0; errors of remote_fail(). */
int remote_is_file(
	struct remote *remote, const char *path, uint64_t size, const char *tag, struct strbuf *err) MUST_CHECK;

/* FLIGHT's copy is there: begin to remove the stage.  1 or -errno. */
remote_landed remote_copied;
/* FLIGHT's stage is gone: 0 if the file is there, -EBADMSG if it is not; errors of remote_fail(). */
int remote_gone(struct remote *remote, const struct remote_flight *flight, struct strbuf *err) MUST_CHECK;

/* --- the operations ----------------------------------------------------------------------------------------------- */

extern const struct store_ops remote_operations; /* of all that follows */
extern const struct housekeeping remote_housekeeping;

int remote_get(struct store *, const char *path, uint64_t max, struct strbuf *ret, struct strbuf *err);
int remote_read(
	struct store *, const char *path, const char *tag, uint64_t pos, void *buf, size_t size, struct strbuf *err);
void remote_ahead_free(struct remote_ahead *ahead);
int remote_size(struct store *, const char *path, uint64_t *ret, struct strbuf *err);
int remote_list(struct store *, const char *dir, struct names *ret, struct strbuf *err);
int remote_put(struct store *, const char *path, const struct strbuf *data, struct strbuf *err);
int remote_put_if_absent(struct store *, const char *path, const struct strbuf *data, struct strbuf *err);
int remote_remove(struct store *, const char *path, struct strbuf *err);
int remote_stage_open(struct store *, const char *path, struct stage **ret, struct strbuf *err);
int remote_stage_in_place(struct store *, const char *path, struct stage **ret, struct strbuf *err);
int remote_append(struct store *, struct stage *, const void *data, size_t len, struct strbuf *err);
int remote_seal(struct store *, struct stage *, struct strbuf *err);
int remote_sync(struct store *, struct strbuf *err);
void remote_stage_free(struct stage *);
int remote_publish(struct store *, const char *path, uint64_t size, const char *tag, struct strbuf *err);
int remote_discard(struct store *, const char *tag, struct strbuf *err);

#endif
