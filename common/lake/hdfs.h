/*
 * Private to the store of a directory in HDFS, through WebHDFS or HttpFS: hdfs.c (opening), hdfs_place.c (where it is),
 * hdfs_node.c (which name node to ask, and the client's identity), hdfs_data.c (which data node), hdfs_call.c
 * (requests), hdfs_error.c (what a refusal means), hdfs_list.c (listings), hdfs_file.c (small files, the
 * compare-and-swap), hdfs_dirs.c (directories), hdfs_publish.c (staged files), hdfs_answer.h (JSON), hdfs_ticket.h
 * (Kerberos), and remote.h.
 *
 * A file is written in two steps: a name node says which data node takes it, and the data node creates it.  When a
 * client dies in the middle, or a connection is cut, the data node closes the file with the bytes that it has got, and
 * that looks like any other file.  So nothing is ever created under its final name: each try of an upload has a name of
 * its own in `_weir_stage/`, the length is checked, and RENAME gives it the final name.  A try that arrives late can
 * affect only its own name.
 *
 * RENAME without overwriting is the compare-and-swap.  A file keeps its number (fileId) when it is renamed, so after a
 * lost answer it is possible to see what the request has done.  Name nodes refuse to rename onto anything
 * (renameoptions=NONE).  HttpFS does not know that option: there a RENAME onto a directory moves the file into it,
 * which is checked afterwards.
 *
 * A stage is uploaded by one CREATE, in chunks while it grows, and stays in its backlog until that has succeeded; if it
 * fails, the stage is uploaded again under another name once it is sealed.  APPEND in pieces would need
 * less room in $TMPDIR.  But when the answer to an APPEND is lost, the file may have any length, and a client that is
 * gone still holds its lease, so that for some time nothing can be appended.  CREATE can be repeated at once under
 * another name.
 */
#ifndef WEIR_LAKE_HDFS_H
#define WEIR_LAKE_HDFS_H

#include "common/lake/hdfs_answer.h"
#include "common/lake/remote.h"

#define HDFS_API "/webhdfs/v1"

/* Where the directory of a table is.  All strings are owned. */
struct hdfs_place {
	char **bases; /* URLs of the name nodes, or of HttpFS: "http://host:9870" */
	size_t nbases;
	char *root; /* "/a/b" */
};

/*
 * The place of hdfs://HOST:PORT,HOST:PORT/PATH (or webhdfs://; swebhdfs:// with TLS); ports are those of HTTP; the
 * default is 9870 (9871 with TLS).  -EINVAL with ERR.
 */
int hdfs_place_init(struct hdfs_place *place, const char *url, struct strbuf *err) MUST_CHECK;
void hdfs_place_release(struct hdfs_place *place);

struct store_hdfs {
	struct remote remote;
	struct store_ops operations; /* those of remote.h, except where HDFS differs */
	struct housekeeping housekeeping;
	struct hdfs_place place;
	char *auth;        /* the parameter with the client's identity: "&user.name=me", or a token; encoded; or "" */
	bool has_token;    /* `auth` is a token */
	bool has_ticket;   /* each request has a ticket of Kerberos, because servers asked for it */
	size_t active;     /* index of the name node to ask first */
	struct names made; /* paths of directories that did not exist before, from the top */
	bool looked;       /* `made` is known */
};
struct store_hdfs *store_hdfs(const struct remote *remote);

/* --- name nodes: hdfs_node.c -------------------------------------------------------------------------------------- */

/* As remote_ops wants them. */
void hdfs_path(const struct remote *remote, const char *path, struct strbuf *ret);
void hdfs_url(const struct remote_call *call, struct strbuf *ret);
/*
 * The operation of CALL.  Data nodes sync each block of a file before they confirm it (SYNC_BLOCK); a file that is
 * created here never exists before.
 */
const char *hdfs_query(const struct remote_call *call);
/* Append to QUERY the parameter NAME with the full path of PATH. */
void hdfs_add_path(const struct store_hdfs *hdfs, const char *name, const char *path, struct strbuf *query);

/* After a refusal by ANSWER: true if the same request may succeed with a ticket; from now on all requests have one. */
bool hdfs_wants_ticket(struct store_hdfs *hdfs, const struct http_answer *answer);
/*
 * Make a single try of METHOD for URL, without the parameter for the identity.  Returns only the status; 0: there is no
 * answer.
 */
int hdfs_try(struct store_hdfs *hdfs, const char *method, const char *url);

/* A try that went to URL has failed: the next one goes to another name node, if there is one. */
void hdfs_move_on(struct store_hdfs *hdfs, const char *url);
/*
 * Append to FIELDS what proves the client's identity to the server of URL, unless `auth` does.  Errors of
 * hdfs_ticket_add().
 */
int hdfs_add_ticket(
	const struct store_hdfs *hdfs, const char *url, struct strbuf *fields, struct strbuf *err) MUST_CHECK;

/* --- data nodes: hdfs_data.c -------------------------------------------------------------------------------------- */

/*
 * Ask a name node to which data node CALL must go, and set CALL->url.  When CALL is tried AGAIN, the data node that did
 * not answer is avoided if there is another one, because for ten minutes a name node regards a data node that has gone
 * as alive.  Errors of http_wait() and hdfs_refusal().
 */
int hdfs_find_data(struct remote_call *call, bool again, struct strbuf *err) MUST_CHECK;

/* --- requests: hdfs_call.c ---------------------------------------------------------------------------------------- */

/* As remote_ops wants it. */
int hdfs_sign(struct remote_call *call, bool renew, struct strbuf *fields, struct strbuf *err);

/*
 * One step: METHOD and QUERY ("op=RENAME&…") for PATH ("" or NULL: the table's directory); BY_MS: as in struct
 * remote_request.  0 when there is an answer, whatever its status, even if the server asked to try again until the time
 * was over; else errors of http_wait().  *RET_CALL must be freed in any case.
 */
int hdfs_run(struct store_hdfs *hdfs, const char *method, const char *path, const char *query, int64_t by_ms,
	struct remote_call **ret_call, struct strbuf *err) MUST_CHECK;

/* Remove what a try of CALL, a CREATE, may have left, if that is possible; otherwise lake-check --clean finds it. */
void hdfs_forget(const struct remote_call *call);

/* The tag of the stage that CALL, a CREATE, has made; it differs from try to try.  The caller frees it. */
char *hdfs_created(const struct remote_call *call);

/* --- refusals: hdfs_error.c --------------------------------------------------------------------------------------- */

/*
 * hdfs_classify() is for requests for data; hdfs_classify_names() for those that need no data node, which have `late`
 * set.
 */
enum http_verdict hdfs_classify(const struct http_answer *answer);
enum http_verdict hdfs_classify_names(const struct http_answer *answer);
int hdfs_fail(struct remote_call *call, const char *verb, const char *path, struct strbuf *err);

/* Whether the refusal of RENAME in CALL, which means CODE, may be caused by what exists at the source or the target. */
bool hdfs_is_about_names(struct remote_call *call, int code);
/* The name of the exception in ANSWER, "" when there is none. */
void hdfs_exception(const struct http_answer *answer, char *ret, size_t size);
/* Append what the answer of CALL says.  Returns the errno that it means. */
int hdfs_refusal(const struct http_call *call, const struct http_answer *answer, struct strbuf *err) MUST_CHECK;

/* --- files: hdfs_file.c ------------------------------------------------------------------------------------------- */

/* GETFILESTATUS.  -ENOENT, with ERR untouched, when PATH does not exist; other errors with ERR. */
int hdfs_look(struct store_hdfs *hdfs, const char *path, struct hdfs_status *ret, struct strbuf *err) MUST_CHECK;
/* The query that renames to PATH, with OPTIONS "NONE" or "OVERWRITE". */
void hdfs_rename_query(const struct store_hdfs *hdfs, const char *path, const char *options, struct strbuf *ret);

int hdfs_put(struct store *, const char *path, const struct strbuf *data, struct strbuf *err);
int hdfs_put_if_absent(struct store *, const char *path, const struct strbuf *data, struct strbuf *err);
int hdfs_size(struct store *, const char *path, uint64_t *ret, struct strbuf *err);

/* --- directories: hdfs_dirs.c ------------------------------------------------------------------------------------- */

/* Before anything is written: note which directories do not exist, so that they can be removed if all is undone. */
void hdfs_look_around(struct store_hdfs *hdfs);
/* Make the directory of PATH and those above it. */
int hdfs_make_parent(struct store_hdfs *hdfs, const char *path, struct strbuf *err) MUST_CHECK;
void hdfs_undo(struct store *);

/* --- the rest of remote_ops: hdfs_list.c, hdfs_publish.c ---------------------------------------------------------- */

int hdfs_list(struct remote *remote, const char *dir, bool deep, remote_each *each, void *arg, struct strbuf *err);
int hdfs_send_whole(struct remote_stage *stage, struct strbuf *err);
int hdfs_send_growing(struct remote_stage *stage, struct strbuf *err);
int hdfs_start_rename(struct remote *remote, struct remote_flight *flight, struct strbuf *err);

#endif
