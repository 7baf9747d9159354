/* What the refusals of name nodes, data nodes and HttpFS mean: see hdfs.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/lake/hdfs.h"
#include "common/lake/hdfs_ticket.h"

/* EAGAIN: the same request may succeed later, or elsewhere. */
static const struct remote_meaning known[] = {
	{"AccessControlException", EACCES, ""},
	{"AuthenticationException", EACCES, "check HADOOP_USER_NAME or WEIR_HDFS_TOKEN"},
	{"AuthorizationException", EACCES, ""},
	{"DSQuotaExceededException", ENOSPC, ""},
	{"EOFException", EAGAIN, ""}, /* OPEN, shortly after the name node has started */
	{"FileAlreadyExistsException", EEXIST, ""},
	{"FileNotFoundException", ENOENT, ""},
	{"IOException", EAGAIN, ""}, /* no data node was found, or none accepted the data */
	{"IllegalArgumentException", EINVAL, "this server lacks what weir needs (weir-lake(7))"},
	{"InvalidPathException", EINVAL, ""},
	{"InvalidToken", EACCES, "check WEIR_HDFS_TOKEN"},
	{"NSQuotaExceededException", ENOSPC, ""},
	{"ParentNotDirectoryException", EINVAL, ""},
	{"PathComponentTooLongException", EINVAL, ""},
	{"QuotaByStorageTypeExceededException", ENOSPC, ""},
	{"RemoteException", EAGAIN, ""}, /* HttpFS, passing on an error of a node */
	{"RetriableException", EAGAIN, ""},
	{"SafeModeException", EAGAIN, "the name node is in safe mode"},
	{"SecurityException", EACCES, "check HADOOP_USER_NAME or WEIR_HDFS_TOKEN"},
	{"StandbyException", EAGAIN, "no name node is active"},
	{"UnsupportedOperationException", EINVAL, "this server lacks what weir needs (weir-lake(7))"},
};

/*
 * Data nodes and name nodes answer 403 with the name of any IOException, even a SocketException.  All exceptions that
 * are about permissions are known.
 */
static const struct remote_meaning *meaning_of(const char *name, int status)
{
	static const struct remote_meaning other = {"", EAGAIN, ""};
	const struct remote_meaning *found = remote_meaning(known, sizeof known / sizeof *known, name, status);
	return *name && !*found->code && found->err == EACCES ? &other : found;
}

void hdfs_exception(const struct http_answer *answer, char *ret, size_t size)
{
	struct strbuf text = STRBUF_INIT;
	if (hdfs_read_exception(answer->body.s, answer->body.len, ret, size, &text) < 0)
		*ret = '\0';
	strbuf_release(&text);
}

/*
 * A server may end a body by closing the connection, without telling its length.  Then a body that is cut off, or that
 * comes twice, looks complete.
 */
static bool is_damaged(const struct http_answer *answer)
{
	static const char json[] = "application/json";
	const char *type = http_field(answer, "Content-Type");
	return answer->status != 201 && type && strncasecmp(type, json, sizeof json - 1) == 0 &&
	       !hdfs_is_json(answer->body.s, answer->body.len);
}

/* With DATA an IOException is about data nodes, and may pass; otherwise it is about names, and is permanent. */
static enum http_verdict classify(const struct http_answer *answer, bool data)
{
	char name[64];
	if (is_damaged(answer))
		return HTTP_AGAIN;
	if (answer->status < 400)
		return HTTP_FINAL;
	hdfs_exception(answer, name, sizeof name);
	if (hdfs_ticket_wanted(answer))
		return HTTP_REFRESH;
	/* the token for the data node has expired: the name node gives another one */
	if (strcmp(name, "InvalidToken") == 0)
		return HTTP_REFRESH;
	if (!data && strcmp(name, "IOException") == 0)
		return HTTP_FINAL;
	if (*name)
		return meaning_of(name, answer->status)->err == EAGAIN ? HTTP_AGAIN : HTTP_FINAL;
	return http_classify(answer);
}

enum http_verdict hdfs_classify(const struct http_answer *answer)
{
	return classify(answer, true);
}

enum http_verdict hdfs_classify_names(const struct http_answer *answer)
{
	return classify(answer, false);
}

int hdfs_refusal(const struct http_call *call, const struct http_answer *answer, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	char name[64];
	bool json = hdfs_read_exception(answer->body.s, answer->body.len, name, sizeof name, &text) == 0;
	const struct remote_meaning *meaning = meaning_of(json ? name : "", answer->status);
	bool absent = !json && answer->status == 404; /* the server is not HDFS: nothing is known about its files */
	http_describe(call, json ? name : NULL, json ? text.s : NULL, err);
	if (answer->status == 401 && !json)
		strbuf_addstr(err, "; check HADOOP_USER_NAME, WEIR_HDFS_TOKEN or, with klist, the ticket of Kerberos");
	else if (!json && answer->body.len)
		strbuf_addstr(err, "; that is not an answer of WebHDFS: check host and port");
	if (*meaning->hint)
		strbuf_addf(err, "; %s", meaning->hint);
	strbuf_release(&text);
	return absent ? -EINVAL : -meaning->err;
}

int hdfs_fail(struct remote_call *call, const char *verb, const char *path, struct strbuf *err)
{
	strbuf_addf(err, "cannot %s '%s%s%s': ", verb, call->remote->base.url, *path ? "/" : "", path);
	return hdfs_refusal(call->http, remote_answer(call), err);
}

bool hdfs_is_about_names(struct remote_call *call, int code)
{
	char name[64];
	hdfs_exception(remote_answer(call), name, sizeof name);
	return code == -EEXIST || code == -ENOENT || strcmp(name, "IOException") == 0; /* that is a directory */
}
