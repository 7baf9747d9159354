/*
 * Private to the stores that are reached over HTTP: everything that they have in common.  remote.c (opening, the table
 * of operations), remote_call.c (requests), remote_flight.c (requests on their way), remote_object.c (small objects,
 * the compare-and-swap), remote_stage.c (staged files), remote_publish.c (copies), remote_read.c (ranges, read ahead),
 * remote_survey.c (listing the table), remote_error.c (refusals), remote_url.c (URLs of tables).
 *
 * Layer: lake (uses io, store; libcrypto).  Each store describes its differences in a struct remote_ops.
 *
 * A stage is an object `_weir_stage/WRITER-NUMBER`, complete when it is visible; publishing copies it to its final name
 * on the server and deletes it.  Its metadata contain its name, and so do those of the copy, so a published file can be
 * recognised even when its stage is gone.  The bytes of a stage wait in a backlog until there are enough for a part;
 * several requests are in flight at once, and store_sync() waits for all.
 */
#ifndef WEIR_LAKE_REMOTE_H
#define WEIR_LAKE_REMOTE_H

#include <openssl/evp.h>

#include "common/io/backlog.h"
#include "common/io/http.h"
#include "common/lake/housekeeping.h"
#include "common/lake/remote_meaning.h"
#include "common/lake/remote_operations.h"
#include "common/lake/store.h"

#define REMOTE_STAGES "_weir_stage"
enum { REMOTE_FIELDS = 8 };

struct remote;
struct remote_call;
struct remote_flight;
struct remote_stage;

/* EACH is called with the path (in the table) of each item that is listed; modified_ms is 0 for a directory. */
typedef int remote_each(void *arg, const char *path, bool is_dir, uint64_t size, int64_t modified_ms);

/* The functions in which stores differ.  Those that return int return 0 or -errno with ERR, unless stated otherwise. */
struct remote_ops {
	void (*close)(struct remote *remote); /* release what the store has in addition to struct remote */

	/* --- requests --- */
	const EVP_MD *(*sum)(void); /* the checksum of each body; NULL: there is none */
	/*
	 * Append the encoded path of a URL, from the '/' on: that of PATH in the table or, if PATH is NULL, that for
	 * listings.
	 */
	void (*path)(const struct remote *remote, const char *path, struct strbuf *ret);
	void (*url)(const struct remote_call *call, struct strbuf *ret);
	/* As `sign` of struct http_request. */
	int (*sign)(struct remote_call *call, bool renew, struct strbuf *fields, struct strbuf *err);
	/* As in struct http_request; with _late, an error may come in the body of a success. */
	enum http_verdict (*classify)(const struct http_answer *answer);
	enum http_verdict (*classify_late)(const struct http_answer *answer);
	/* Called for each answer.  True: the request must be sent once more, to the present `url`.  NULL: never. */
	bool (*follow)(struct remote_call *call);
	int (*fail)(struct remote_call *call, const char *verb, const char *path, struct strbuf *err);

	/* --- objects --- */
	const char *meta; /* the header of the object that was a stage: its tag */
	/*
	 * Set the headers of an object that is put; TAG is that of a stage, or NULL for other objects.  Their strings
	 * are in TEXT.  Returns their number, which is less than REMOTE_FIELDS.
	 */
	size_t (*fields)(
		const struct remote *remote, const char *tag, struct strbuf *text, const char *ret[REMOTE_FIELDS]);
	/* Whether the answer of CALL, a conditional put, says that the object exists already. */
	bool (*exists)(struct remote_call *call);
	/* List the objects in DIR ("": the table); with `deep`, also those in the directories below it. */
	int (*list)(
		struct remote *remote, const char *dir, bool deep, remote_each *each, void *arg, struct strbuf *err);

	/*
	 * For stores that take a range as parameters and not in the header Range: the first function appends the whole
	 * query for a range; the second one finds the size of PATH, which the answer does not contain.  Set both or
	 * neither.
	 */
	void (*range)(uint64_t pos, uint64_t len, struct strbuf *query);
	int (*measure)(struct remote *remote, const char *path, uint64_t *ret, struct strbuf *err);

	/* --- stages --- */
	bool in_place;                           /* a stage may be made under its final name (store_stage_in_place()) */
	struct remote_stage *(*stage_new)(void); /* zeroed, to be freed by free() */
	void (*stage_release)(struct remote_stage *stage); /* releases what it has in addition to struct remote_stage */
	uint64_t (*part_size)(size_t number);              /* bytes of part NUMBER, from 0 */
	/*
	 * Begin to upload the gathered bytes of STAGE by remote_send(): as a whole object if there were no parts
	 * before, else as a part.
	 */
	int (*send_whole)(struct remote_stage *stage, struct strbuf *err);
	int (*send_part)(struct remote_stage *stage, struct strbuf *err);
	/* Begin to upload STAGE although it will grow.  By remote_send_growing().  NULL: that cannot be. */
	int (*send_growing)(struct remote_stage *stage, struct strbuf *err);
	/* Begin to make the object of STAGE from its parts, which have all arrived. */
	int (*send_complete)(struct remote_stage *stage, struct strbuf *err);
	/* Give up the parts of STAGE; NULL: the store removes them by itself. */
	void (*abort)(struct remote_stage *stage);
	/*
	 * Begin to copy the stage FLIGHT->tag to FLIGHT->path.  1: its call has begun, and its `landed` will end with
	 * remote_copied() or remote_gone(); 0: it is published.
	 */
	int (*copy)(struct remote *remote, struct remote_flight *flight, struct strbuf *err);
	void (*server)(const struct remote *remote, struct strbuf *ret); /* as in struct store_ops; or NULL */
};

/* For "%s%s" in messages: the URL TEXT, of which a user and a password before the host are not shown. */
#define REMOTE_WITHOUT_USER(text) strrchr(text, '@') ? "***" : "", strrchr(text, '@') ? strrchr(text, '@') : (text)

/*
 * Whether a listing goes on: a page that began after the token BEFORE names AFTER.  1; -EINVAL: they are the same, so
 * that it would never end.
 */
int remote_list_goes_on(
	const struct remote *remote, const struct strbuf *before, const struct strbuf *after, struct strbuf *err);

/* The first member of each such store. */
struct remote {
	struct store base;
	const struct remote_ops *ops;
	struct store_options options;
	struct http *http;
	struct backlog_pool *pool;
	char *writer;                  /* UUID, NULL: a reader */
	uint64_t stages;               /* how many stages were begun */
	struct remote_stage *open;     /* stages whose objects are not complete */
	struct remote_flight *flights; /* requests on their way for which nobody waits yet */
	unsigned flying;               /* how many of these, except `growing` */
	struct remote_flight *growing; /* one whose stage is not sealed yet; NULL: none, or (not_growing) never again */
	bool not_growing;
	int failed; /* the first error of a flight, with its text; store_sync() returns it */
	struct strbuf why;
	struct remote_ahead *ahead; /* ranges that are read ahead, of one object; NULL: none */
};

static inline struct remote *remote_of(struct store *store)
{
	return (struct remote *)store;
}

/* Set all members of REMOTE, which is zeroed, except `http`; from then on store_close() frees it. */
void remote_init(
	struct remote *remote, const struct remote_ops *ops, const char *writer, const struct store_options *options);

/*
 * Split NAME/PREFIX, of a URL after its host or scheme.  The prefix gets exactly one '/' at its end unless it is empty.
 * Returns whether it is a path beneath NAME (beneath_ok()); the caller frees both strings in any case.
 */
bool remote_split(const char *s, char **ret_name, char **ret_prefix);

/* --- requests ----------------------------------------------------------------------------------------------------- */

struct remote_request {
	const char *method;
	const char *path;          /* in the table; NULL: the path for listings */
	const char *query;         /* encoded; NULL: none */
	const char *const *fields; /* more headers, which are signed: "name: value" */
	size_t nfields;
	const void *data; /* the body, LEN bytes, which must stay until the call is freed; NULL: see `bytes` */
	uint64_t len;
	const struct backlog *bytes; /* the body, with its SUM; also borrowed */
	const bool *whole;           /* BYTES grow until this is true; borrowed; NULL: they do not */
	const unsigned char *sum;    /* by ops->sum; NULL: that of DATA */
	void *into;                  /* as in struct http_request */
	uint64_t max;                /* 0: 16 MiB */
	bool late;                   /* an error may come in the body of a success */
	bool once;                   /* do not try a second time */
	int64_t by_ms;               /* do not try after this time, by clock_boot_ms(); 0: no limit */
};

struct remote_call {
	struct remote *remote;
	struct http_call *http;
	char *method, *path, *query; /* path of the URL, encoded; it is signed */
	char **fields;
	size_t nfields;
	unsigned char sum[EVP_MAX_MD_SIZE];
	struct remote_request request; /* used for its body and flags; the rest is as above */
	unsigned followed;             /* how often it was sent to another place */
	char *url;                     /* set by ops->sign: where the next try goes; NULL: to ops->url; owned */
};

/* Begin REQUEST.  0, or -ENOMEM of libcrypto with ERR.  The caller frees *RET_CALL in any case. */
int remote_start(struct remote *remote, const struct remote_request *request, struct remote_call **ret_call,
	struct strbuf *err) MUST_CHECK;
/* Whether it has ended, so that remote_wait() would not wait. */
bool remote_ended(struct remote_call *call);
/* Wait for its answer: 0 whatever its status; errors of http_wait(). */
int remote_wait(struct remote_call *call, struct strbuf *err) MUST_CHECK;
/* Begin a request, and wait for its answer. */
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

/* Append "cannot VERB 'URL/PATH'" (PATH "": the table), and what the server said: its CODE and TEXT, or "". */
void remote_describe(const struct remote_call *call, const char *verb, const char *path, const char *code,
	const char *text, struct strbuf *err);

/*
 * Append to ERR that VERB ("read") failed on PATH, and why, by the answer of CALL; returns the errno for it: -ENOENT:
 * no such object; -EACCES: no permission or wrong keys; -EINVAL: no such bucket or a wrong request; -ENOSPC: a quota;
 * -EROFS; -EAGAIN: it may pass.
 */
int remote_fail(struct remote_call *call, const char *verb, const char *path, struct strbuf *err) MUST_CHECK;

/* --- what is on its way ------------------------------------------------------------------------------------------- */

/* `landed` handles an answer.  0: done; 1: it has begun another request in `call`; negative: failed, with ERR. */
typedef int remote_landed(struct remote *remote, struct remote_flight *flight, struct strbuf *err);

/* A request for which nobody waits yet. */
struct remote_flight {
	struct remote_call *call;
	remote_landed *landed;
	struct remote_stage *stage; /* borrowed; NULL: of none */
	size_t part;                /* the number of the part in the stage, from 0 */
	struct backlog bytes;       /* source of the body, */
	char *body;                 /* or the body itself; owned */
	char *path, *tag;           /* the file that is published; owned */
	uint64_t size;
	struct remote_flight *next;
};
struct remote_flight *remote_flight_new(struct remote *remote, struct remote_stage *stage, remote_landed *landed);
void remote_flight_free(struct remote_flight *flight);

/*
 * Add FLIGHT, whose call has begun, to those on their way, and take ownership of it.  First waits until there are fewer
 * than `uploads`.
 */
int remote_fly(struct remote *remote, struct remote_flight *flight, struct strbuf *err) MUST_CHECK;
void remote_fly_growing(struct remote *remote, struct remote_flight *flight); /* as `growing`, without waiting */
/* The stage of `growing` is sealed: from now on it is a flight like the others. */
int remote_grown(struct remote *remote, struct strbuf *err) MUST_CHECK;
/* Wait until at most LEFT flights are on their way, of STAGE (NULL: of all).  The first error of any flight. */
int remote_land(struct remote *remote, const struct remote_stage *stage, unsigned left, struct strbuf *err) MUST_CHECK;
/* Move all flights on, without waiting.  The first error of any flight. */
int remote_move(struct remote *remote, struct strbuf *err) MUST_CHECK;
/* Forget the flights of STAGE (NULL: all), ending their requests. */
void remote_ground(struct remote *remote, const struct remote_stage *stage);

/* --- stages ------------------------------------------------------------------------------------------------------- */

/* The first member of a store's stages. */
struct remote_stage {
	struct stage base;
	struct remote *remote;
	struct backlog bytes; /* bytes of the part that is being gathered */
	EVP_MD_CTX *sum;      /* checksum of these; NULL when ops->sum is */
	size_t nparts;        /* parts that were sent; 0: the object is put as a whole */
	unsigned flying;
	bool sealed;
	bool begun;   /* its object may be there, or a part of it, before it is sealed */
	bool refused; /* a request for it was refused, so there is no such object */
	struct remote_stage *next;
};

/* Send the gathered bytes of STAGE as the body of REQUEST; LANDED handles the answer. */
int remote_send(struct remote_stage *stage, struct remote_request *request, remote_landed *landed,
	struct strbuf *err) MUST_CHECK;
/* The same for BODY, of which it takes ownership. */
int remote_send_text(struct remote_stage *stage, struct remote_request *request, char *body, remote_landed *landed,
	struct strbuf *err) MUST_CHECK;
/* Send what STAGE has gathered and what will be appended as the body of REQUEST; its bytes stay the stage's. */
int remote_send_growing(struct remote_stage *stage, struct remote_request *request, remote_landed *landed,
	struct strbuf *err) MUST_CHECK;
/* A `landed` for a flight that uploads a stage, or a part of it: success depends on the status. */
remote_landed remote_uploaded;

/* STAGE is complete, or given up: it is no longer one of the store's. */
void remote_stage_end(struct remote_stage *stage);

/* Append a new tag, which no stage of this writer has had. */
void remote_next_tag(struct remote *remote, struct strbuf *ret);
/* Whether TAG is the name of a stage. */
bool remote_is_stage(const char *tag);
/* Whether the object PATH is the file of SIZE bytes that was staged as TAG: 1 or 0; errors of remote_fail(). */
int remote_is_file(
	struct remote *remote, const char *path, uint64_t size, const char *tag, struct strbuf *err) MUST_CHECK;

/* FLIGHT's copy exists: begin to remove the stage.  1 or -errno. */
remote_landed remote_copied;
/* FLIGHT's stage is gone: 0 if the file exists, -EBADMSG if it does not; errors of remote_fail(). */
int remote_gone(struct remote *remote, const struct remote_flight *flight, struct strbuf *err) MUST_CHECK;

#endif
