/*
 * Private to the store of a directory in HDFS, by WebHDFS or HttpFS: hdfs.c (opening), hdfs_place.c (where it is),
 * hdfs_node.c (who is asked, and who asks), hdfs_data.c (which data node), hdfs_call.c (requests), hdfs_error.c (what a
 * refusal means), hdfs_list.c (listings), hdfs_file.c (small files, the compare-and-swap), hdfs_dirs.c (directories),
 * hdfs_publish.c (staged files), hdfs_answer.h (JSON), hdfs_ticket.h (Kerberos), and remote.h.
 *
 * A file is written in two steps: a name node says which data node takes it, and the data node creates it.  When a
 * client dies in the middle, or a connection is cut, the data node closes what has come, and that looks like any other
 * file.  So nothing is ever created under its final name: each try of an upload has a name of its own in
 * `_weir_stage/`, the length is checked, and RENAME gives it the final name.  A try that arrives late can only touch
 * its own name.
 *
 * RENAME without overwriting is the compare-and-swap.  A file keeps its number (fileId) when it is renamed, so what a
 * lost answer has done can be seen.  Name nodes refuse to rename onto anything (renameoptions=NONE).  HttpFS does not
 * know that option: there RENAME onto a directory moves the file into it, which is looked for afterwards.
 *
 * A stage goes up in one CREATE once it is sealed; until then it is in its backlog.  APPEND in pieces would need less
 * room in $TMPDIR, but an answer to it that is lost leaves a file of any length, whose lease is held by a client that
 * is gone, and only some time later can it be appended to again.  CREATE is repeated under another name at once.
 */
#ifndef WEIR_LAKE_HDFS_H
#define WEIR_LAKE_HDFS_H

#include "common/lake/hdfs_answer.h"
#include "common/lake/remote.h"

#define HDFS_API "/webhdfs/v1"

/* Where the directory of a table is.  All strings are owned. */
struct hdfs_place {
	char **bases; /* of the name nodes, or of HttpFS: "http://host:9870" */
	size_t nbases;
	char *root; /* "/a/b" */
};

/*
 * The place of hdfs://HOST:PORT,HOST:PORT/PATH (or webhdfs://; swebhdfs:// with TLS); the ports are those of HTTP, 9870
 * (9871) where there is none.  -EINVAL with ERR.
 */
int hdfs_place_init(struct hdfs_place *place, const char *url, struct strbuf *err) MUST_CHECK;
void hdfs_place_release(struct hdfs_place *place);

struct store_hdfs {
	struct remote remote;
	struct store_ops operations; /* those of remote.h, but for what differs */
	struct housekeeping housekeeping;
	struct hdfs_place place;
	char *auth;        /* the parameter that says who asks: "&user.name=me", or a token; encoded; or "" */
	bool has_token;    /* `auth` is one */
	bool has_ticket;   /* each request has one of Kerberos, because servers asked for it */
	size_t active;     /* the name node that is asked first */
	struct names made; /* paths of directories that were not there before, from the top */
	bool looked;       /* made is known */
};
struct store_hdfs *store_hdfs(const struct remote *remote);

/* --- name nodes: hdfs_node.c -------------------------------------------------------------------------------------- */

/* As remote_ops wants them. */
void hdfs_path(const struct remote *remote, const char *path, struct strbuf *ret);
void hdfs_url(const struct remote_call *call, struct strbuf *ret);
/*
 * The operation of CALL.  Data nodes sync each block of a file before they say that they have it (SYNC_BLOCK); what is
 * created here is never there already.
 */
const char *hdfs_query(const struct remote_call *call);
/* Append to QUERY the parameter NAME with the full path of PATH. */
void hdfs_add_path(const struct store_hdfs *hdfs, const char *name, const char *path, struct strbuf *query);

/* After a refusal by ANSWER: true if the same request may do better with a ticket, which all have from now on. */
bool hdfs_wants_ticket(struct store_hdfs *hdfs, const struct http_answer *answer);
/*
 * A single try of METHOD for URL, without the parameter that says who asks, of which only the status matters; 0: there
 * is no answer.
 */
int hdfs_try(struct store_hdfs *hdfs, const char *method, const char *url);

/* A try that went to URL has failed: the next one goes to another name node, if there is one. */
void hdfs_move_on(struct store_hdfs *hdfs, const char *url);
/* Append to FIELDS what proves to the server of URL who asks, if `auth` does not: errors of hdfs_ticket_add(). */
int hdfs_add_ticket(
	const struct store_hdfs *hdfs, const char *url, struct strbuf *fields, struct strbuf *err) MUST_CHECK;

/* --- data nodes: hdfs_data.c -------------------------------------------------------------------------------------- */

/*
 * Ask a name node to which data node CALL goes: CALL->url.  One that has not answered the last try, if this one comes
 * AGAIN, is not asked again if there is another: for ten minutes a name node takes one that is gone for alive.  Errors
 * of http_wait() and hdfs_refusal().
 */
int hdfs_find_data(struct remote_call *call, bool again, struct strbuf *err) MUST_CHECK;

/* --- requests: hdfs_call.c ---------------------------------------------------------------------------------------- */

/* As remote_ops wants it. */
int hdfs_sign(struct remote_call *call, bool renew, struct strbuf *fields, struct strbuf *err);

/*
 * One step: METHOD and QUERY ("op=RENAME&…") for PATH ("" or NULL: the table's directory); BY_MS: as in struct
 * remote_request.  0 when there is an answer, whatever its status, also when it was one that asks to come again until
 * the time was over; else errors of http_wait().  *RET_CALL is to be freed in any case.
 */
int hdfs_run(struct store_hdfs *hdfs, const char *method, const char *path, const char *query, int64_t by_ms,
	struct remote_call **ret_call, struct strbuf *err) MUST_CHECK;

/* The tag of the stage that CALL, a CREATE, has made: each try has another one.  The caller frees it. */
char *hdfs_created(const struct remote_call *call);

/* --- refusals: hdfs_error.c --------------------------------------------------------------------------------------- */

/* Of requests for data; _names: of those that need no data node, which are `late` ones. */
enum http_verdict hdfs_classify(const struct http_answer *answer);
enum http_verdict hdfs_classify_names(const struct http_answer *answer);
int hdfs_fail(struct remote_call *call, const char *verb, const char *path, struct strbuf *err);

/* Whether the refusal of RENAME in CALL, which means CODE, may be due to what lies at its ends. */
bool hdfs_is_about_names(struct remote_call *call, int code);
/* The name of the exception in ANSWER, "" when there is none. */
void hdfs_exception(const struct http_answer *answer, char *ret, size_t size);
/* Append what the answer of CALL says; the result is the errno that it means. */
int hdfs_refusal(const struct http_call *call, const struct http_answer *answer, struct strbuf *err) MUST_CHECK;

/* --- files: hdfs_file.c ------------------------------------------------------------------------------------------- */

/* GETFILESTATUS.  -ENOENT, with ERR untouched, when PATH is not there; other errors with ERR. */
int hdfs_look(struct store_hdfs *hdfs, const char *path, struct hdfs_status *ret, struct strbuf *err) MUST_CHECK;
/* The query that renames to PATH, with OPTIONS "NONE" or "OVERWRITE". */
void hdfs_rename_query(const struct store_hdfs *hdfs, const char *path, const char *options, struct strbuf *ret);

int hdfs_put(struct store *, const char *path, const struct strbuf *data, struct strbuf *err);
int hdfs_put_if_absent(struct store *, const char *path, const struct strbuf *data, struct strbuf *err);
int hdfs_size(struct store *, const char *path, uint64_t *ret, struct strbuf *err);

/* --- directories: hdfs_dirs.c ------------------------------------------------------------------------------------- */

/* Before anything is written: note which directories are not there, in case all is undone. */
void hdfs_look_around(struct store_hdfs *hdfs);
/* Make the directory of PATH, with those above it. */
int hdfs_make_parent(struct store_hdfs *hdfs, const char *path, struct strbuf *err) MUST_CHECK;
void hdfs_undo(struct store *);

/* --- the rest of remote_ops: hdfs_list.c, hdfs_publish.c ---------------------------------------------------------- */

int hdfs_list(struct remote *remote, const char *dir, bool deep, remote_each *each, void *arg, struct strbuf *err);
int hdfs_send_whole(struct remote_stage *stage, struct strbuf *err);
int hdfs_start_rename(struct remote *remote, struct remote_flight *flight, struct strbuf *err);

#endif
