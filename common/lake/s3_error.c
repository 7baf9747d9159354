/* What the refusals of an S3 server mean: see s3.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/io/xml.h"
#include "common/lake/s3.h"

static void copy(char *to, size_t size, const struct strbuf *text)
{
	snprintf(to, size, "%s", text->s);
}

static int on_element(void *arg, const char *path, const struct strbuf *text)
{
	struct s3_error *e = arg;
	const char *name = strncmp(path, "Error/", 6) == 0 ? path + 6 : "";
	if (strcmp(name, "Code") == 0)
		copy(e->code, sizeof e->code, text);
	else if (strcmp(name, "Region") == 0)
		copy(e->region, sizeof e->region, text);
	else if (strcmp(name, "RequestTime") == 0)
		copy(e->request_time, sizeof e->request_time, text);
	else if (strcmp(name, "ServerTime") == 0)
		copy(e->server_time, sizeof e->server_time, text);
	else if (strcmp(name, "Message") == 0 && !e->text.len)
		strbuf_add(&e->text, text->s, text->len);
	return 0;
}

void s3_error_read(const struct http_answer *answer, struct s3_error *ret)
{
	struct strbuf ignored = STRBUF_INIT;
	*ret = (struct s3_error){.text = STRBUF_INIT};
	if (answer->body.len && xml_read(answer->body.s, answer->body.len, on_element, ret, &ignored) < 0)
		strbuf_clear(&ignored); /* the parts that were read before the mistake are valid */
	strbuf_release(&ignored);
}

void s3_error_release(struct s3_error *error)
{
	strbuf_release(&error->text);
}

/* Put the code of the error in the body of ANSWER into RET. */
static void code_of(const struct http_answer *answer, char *ret, size_t size)
{
	struct s3_error error;
	s3_error_read(answer, &error);
	snprintf(ret, size, "%s", error.code);
	s3_error_release(&error);
}

enum http_verdict s3_classify(const struct http_answer *answer)
{
	static const char *const again[] = {"ConditionalRequestConflict", "OperationAborted", "RequestTimeout",
		"SlowDown", "SlowDownRead", "SlowDownWrite", "ServiceUnavailable", "InternalError", "Busy"};
	char code[64];
	if (answer->status < 400)
		return http_classify(answer);
	code_of(answer, code, sizeof code);
	for (size_t i = 0; i < sizeof again / sizeof *again; i++)
		if (strcmp(code, again[i]) == 0)
			return HTTP_AGAIN;
	if (strcmp(code, "RequestTimeTooSkewed") == 0) /* new keys would not help */
		return HTTP_FINAL;
	if (answer->status == 403 || strcmp(code, "ExpiredToken") == 0)
		return HTTP_REFRESH;
	return http_classify(answer);
}

enum http_verdict s3_classify_late(const struct http_answer *answer)
{
	char code[64];
	if (answer->status != 200)
		return s3_classify(answer);
	code_of(answer, code, sizeof code);
	return *code ? HTTP_AGAIN : HTTP_FINAL;
}

static const struct remote_meaning *meaning_of(const char *code, int status)
{
	static const struct remote_meaning known[] = {
		{"NoSuchBucket", EINVAL, "make the bucket first"},
		{"NoSuchKey", ENOENT, ""},
		{"NoSuchUpload", ENOENT, ""},
		{"InvalidAccessKeyId", EACCES, "check AWS_ACCESS_KEY_ID, or the profile"},
		{"SignatureDoesNotMatch", EACCES, "check AWS_SECRET_ACCESS_KEY, or the profile"},
		{"ExpiredToken", EACCES, "the session has ended: log in again"},
		{"InvalidToken", EACCES, "check AWS_SESSION_TOKEN"},
		{"RequestTimeTooSkewed", EACCES, "set the clock of this machine"},
		{"AuthorizationHeaderMalformed", EINVAL, "check --region"},
		{"PermanentRedirect", EINVAL, "check --region and --endpoint"},
		{"AccessDenied", EACCES, ""},
		{"AllAccessDisabled", EACCES, ""},
		{"MethodNotAllowed", EINVAL, "is this endpoint S3, and the bucket writable?"},
		{"NotImplemented", EINVAL, "this server lacks what weir needs (weir-lake(7))"},
		{"QuotaExceeded", ENOSPC, ""},
		{"XMinioStorageFull", ENOSPC, ""},
		{"XMinioAdminBucketQuotaExceeded", ENOSPC, ""},
		{"EntityTooLarge", EFBIG, ""},
		{"KMS.DisabledException", EACCES, "check --sse-key"},
	};
	if (!*code && status == 405)
		code = "MethodNotAllowed";
	return remote_meaning(known, sizeof known / sizeof *known, code, status);
}

/* The permission that a policy must give for VERB on an object. */
static const char *action_of(const char *verb)
{
	static const char *const actions[][2] = {{"read", "s3:GetObject"}, {"examine", "s3:GetObject"},
		{"list", "s3:ListBucket"}, {"write", "s3:PutObject"}, {"create", "s3:PutObject"},
		{"upload", "s3:PutObject"}, {"publish", "s3:GetObject and s3:PutObject"},
		{"remove", "s3:DeleteObject"}};
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
		if (strcmp(verb, actions[i][0]) == 0)
			return actions[i][1];
	return NULL;
}

int s3_fail(struct remote_call *call, const char *verb, const char *path, struct strbuf *err)
{
	struct http_answer *answer = remote_answer(call);
	struct s3_error error;
	s3_error_read(answer, &error);
	const struct remote_meaning *meaning = meaning_of(error.code, answer->status);
	bool alien = !*error.code && answer->body.len;
	const char *action = meaning->err == EACCES && !*meaning->hint && !alien ? action_of(verb) : NULL;
	remote_describe(call, verb, path, error.code, error.text.len ? error.text.s : "", err);
	if (*error.request_time && *error.server_time)
		strbuf_addf(err, " (here it is %s, there %s)", error.request_time, error.server_time);
	if (action)
		strbuf_addf(err, "; it needs the permission %s", action);
	if (alien)
		strbuf_addstr(err, "; that is not an answer of S3: check --endpoint and --proxy");
	if (*meaning->hint)
		strbuf_addf(err, "; %s", meaning->hint);
	s3_error_release(&error);
	return -meaning->err;
}
