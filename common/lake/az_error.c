/* What the refusals of Azure Storage mean: see az.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/data/time.h"
#include "common/io/xml.h"
#include "common/lake/az.h"

enum { SKEW_MS = 5 * 60 * 1000 }; /* Azure accepts a difference of a quarter of an hour */

static int on_element(void *arg, const char *path, const struct strbuf *text)
{
	struct az_error *e = arg;
	if (strcmp(path, "Error/Code") == 0)
		snprintf(e->code, sizeof e->code, "%s", text->s);
	else if (strcmp(path, "Error/Message") == 0 && !e->text.len)
		strbuf_add(&e->text, text->s, strcspn(text->s, "\r\n")); /* what follows are ids and a time */
	return 0;
}

void az_error_read(const struct http_answer *answer, struct az_error *ret)
{
	const char *code = http_field(answer, "x-ms-error-code"); /* the header is there even without a body */
	const char *s = answer->body.len ? answer->body.s : "";
	size_t bom = strncmp(s, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	struct strbuf ignored = STRBUF_INIT;
	*ret = (struct az_error){.text = STRBUF_INIT};
	if (*s && xml_read(s + bom, answer->body.len - bom, on_element, ret, &ignored) < 0)
		strbuf_clear(&ignored); /* the parts that were read before the mistake are valid */
	strbuf_release(&ignored);
	if (code)
		snprintf(ret->code, sizeof ret->code, "%s", code);
}

void az_error_release(struct az_error *error)
{
	strbuf_release(&error->text);
}

bool az_has_code(const struct http_answer *answer, const char *code)
{
	struct az_error error;
	az_error_read(answer, &error);
	bool is = strcmp(error.code, code) == 0;
	az_error_release(&error);
	return is;
}

enum http_verdict az_classify(const struct http_answer *answer)
{
	if (answer->status == 409 && az_has_code(answer, "PendingCopyOperation"))
		return HTTP_AGAIN;
	if (answer->status == 400 && az_has_code(answer, "Md5Mismatch")) /* the body was damaged on its way */
		return HTTP_AGAIN;
	return http_classify(answer);
}

bool az_exists(struct remote_call *call)
{
	int status = remote_status(call);
	return status == 412 || (status == 409 && az_has_code(remote_answer(call), "BlobAlreadyExists"));
}

static const struct remote_meaning *meaning_of(const char *code, int status)
{
	static const char key[] = "check AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN, and the clock of this machine";
	static const char rules[] = "check the key, and the network rules of the account";
	static const struct remote_meaning known[] = {
		{"ContainerNotFound", EINVAL, "make the container first"},
		{"ContainerBeingDeleted", EINVAL, ""},
		{"BlobNotFound", ENOENT, ""},
		{"CannotVerifyCopySource", EACCES, ""},
		{"AuthenticationFailed", EACCES, key},
		{"AuthorizationFailure", EACCES, rules},
		{"InvalidAuthenticationInfo", EACCES, "check the token"},
		{"KeyBasedAuthenticationNotPermitted", EACCES, "the account takes no keys: use a token"},
		{"AccountIsDisabled", EACCES, ""},
		{"InvalidResourceName", EINVAL, ""},
		{"InvalidUri", EINVAL, "check --endpoint"},
		{"UnsupportedHeader", EINVAL, "this server lacks what weir needs (weir-lake(7))"},
		{"FeatureNotSupported", EINVAL, "this server lacks what weir needs (weir-lake(7))"},
		{"BlobImmutableDueToPolicy", EROFS, ""},
		{"WriteOperationNotSupportedOnSecondary", EROFS, ""},
		{"BlobArchived", EINVAL, "bring it back from the archive tier first"},
		{"RequestBodyTooLarge", EFBIG, ""},
		{"BlockCountExceedsLimit", EFBIG, ""},
		{"Md5Mismatch", EAGAIN, ""},
	};
	return remote_meaning(known, sizeof known / sizeof *known, code, status);
}

/* The permission of a shared access signature that VERB needs. */
static const char *right_of(const char *verb)
{
	static const char *const rights[][2] = {{"read", "r"}, {"examine", "r"}, {"list", "l"}, {"write", "w"},
		{"create", "w"}, {"upload", "w"}, {"publish", "r and w"}, {"remove", "d"}};
	for (size_t i = 0; i < sizeof rights / sizeof *rights; i++)
		if (strcmp(verb, rights[i][0]) == 0)
			return rights[i][1];
	return NULL;
}

/* Azure does not tell when a signature was refused because of its time. */
static void compare_clocks(const struct http_answer *answer, struct strbuf *err)
{
	int64_t here_ms = clock_epoch_ms(), there_ms = answer->date_ms;
	char here[TIME_RFC3339_SIZE], there[TIME_RFC3339_SIZE];
	if (there_ms < 0 || llabs(here_ms - there_ms) < SKEW_MS)
		return;
	time_write_rfc3339(&(struct timespec){here_ms / 1000, 0}, here);
	time_write_rfc3339(&(struct timespec){there_ms / 1000, 0}, there);
	strbuf_addf(err, " (here it is %s, there %s)", here, there);
}

int az_fail(struct remote_call *call, const char *verb, const char *path, struct strbuf *err)
{
	struct http_answer *answer = remote_answer(call);
	struct az_error error;
	az_error_read(answer, &error);
	const struct remote_meaning *meaning = meaning_of(error.code, answer->status);
	const char *right = meaning->err == EACCES && !*meaning->hint ? right_of(verb) : NULL;
	remote_describe(call, verb, path, error.code, error.text.len ? error.text.s : "", err);
	if (meaning->err == EACCES)
		compare_clocks(answer, err);
	if (right)
		strbuf_addf(err, "; it needs the right %s, or the role Storage Blob Data %s", right,
			*right == 'l' || strcmp(right, "r") == 0 ? "Reader" : "Contributor");
	if (!*error.code && answer->body.len)
		strbuf_addstr(err, "; that is not an answer of Azure Blob: check --endpoint");
	if (*meaning->hint)
		strbuf_addf(err, "; %s", meaning->hint);
	az_error_release(&error);
	return -meaning->err;
}
