/* Parsing access keys as services write them: see aws_keys.h. */
#include "common/lake/aws_keys.h"

#include <errno.h>
#include <jansson.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/visible.h"
#include "common/data/time.h"
#include "common/io/xml.h"
#include "common/lake/secret.h"

enum { TEXT_MAX = 200 }; /* bytes of a service's text in a message */

void aws_keys_release(struct aws_keys *keys)
{
	secret_free(keys->id);
	secret_free(keys->secret);
	secret_free(keys->token);
	*keys = (struct aws_keys){0};
}

/* What is wrong with S, or NULL.  No AWS key has blanks, but secrets of other stores may. */
static const char *fault(const char *s, bool blanks)
{
	size_t len = strlen(s);
	if (!len)
		return "is empty";
	if (s[0] == ' ' || s[len - 1] == ' ')
		return "begins or ends with a blank";
	for (const char *p = s; *p; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return "has a control character";
		if (!blanks && (*p == ' ' || (unsigned char)*p > 0x7f))
			return *p == ' ' ? "has a blank" : "has a character beyond ASCII";
	}
	return NULL;
}

int aws_keys_set(struct aws_keys *ret, const char *id, const char *secret, const char *token, struct strbuf *err)
{
	const char *what = "the access key's id", *wrong = fault(id, false);
	*ret = (struct aws_keys){0};
	if (!wrong) {
		what = "the secret access key";
		wrong = fault(secret, true);
	}
	if (!wrong && token) {
		what = "the session token";
		wrong = fault(token, false);
	}
	if (wrong) {
		strbuf_addf(err, "%s %s", what, wrong);
		return -EBADMSG;
	}
	*ret = (struct aws_keys){xstrdup(id), xstrdup(secret), token ? xstrdup(token) : NULL, AWS_NEVER};
	return 0;
}

/* Like aws_keys_set(), with the time EXPIRATION, or NULL. */
static int set_with_time(struct aws_keys *ret, const char *const parts[3], const char *expiration, struct strbuf *err)
{
	struct timespec t = {0};
	if (expiration && time_parse_rfc3339(expiration, strlen(expiration), &t) < 0) {
		strbuf_addstr(err, "Expiration is not a time");
		return -EBADMSG;
	}
	int r = aws_keys_set(ret, parts[0], parts[1], parts[2], err);
	if (r == 0 && expiration)
		ret->expires_ms = time_ms(&t);
	return r;
}

/* --- JSON ---------------------------------------------------------------------------------------- */

static void free_wiped(void *p)
{
	if (p)
		OPENSSL_cleanse(p, malloc_usable_size(p));
	free(p);
}

/* The string NAME of ROOT: *ret is NULL when it is missing or null.  -EBADMSG when it has another type. */
static int get_string(json_t *root, const char *name, bool needed, const char **ret, struct strbuf *err)
{
	json_t *value = json_object_get(root, name);
	*ret = json_string_value(value);
	if (*ret ? strlen(*ret) == json_string_length(value) : !needed && (!value || json_is_null(value)))
		return 0;
	strbuf_addf(err, value ? "%s is not a string" : "%s is missing", name);
	return -EBADMSG;
}

/* Handle an error that the service reports instead of keys. */
static int refused(json_t *root, struct strbuf *err)
{
	const char *code = json_string_value(json_object_get(root, "Code"));
	const char *text = json_string_value(json_object_get(root, "Message"));
	if (!code || strcmp(code, "Success") == 0)
		return 0;
	strbuf_addstr(err, "it says ");
	visible_add_start(err, code, strlen(code), TEXT_MAX);
	if (text) {
		strbuf_addstr(err, ": ");
		visible_add_start(err, text, strlen(text), TEXT_MAX);
	}
	return -EACCES;
}

static int from_object(json_t *root, bool versioned, struct aws_keys *ret, struct strbuf *err)
{
	const char *parts[3], *expiration;
	if (!json_is_object(root)) {
		strbuf_addstr(err, "it is not a JSON object"); /* jansson's message would quote the text */
		return -EBADMSG;
	}
	json_t *version = json_object_get(root, "Version");
	if (versioned && (!json_is_integer(version) || json_integer_value(version) != 1)) {
		strbuf_addstr(err, version ? "its Version is not 1" : "Version is missing");
		return -EBADMSG;
	}
	int r = versioned ? 0 : refused(root, err);
	if (r == 0)
		r = get_string(root, "AccessKeyId", true, &parts[0], err);
	if (r == 0)
		r = get_string(root, "SecretAccessKey", true, &parts[1], err);
	if (r == 0)
		r = get_string(root, versioned ? "SessionToken" : "Token", false, &parts[2], err);
	if (r == 0)
		r = get_string(root, "Expiration", false, &expiration, err);
	return r < 0 ? r : set_with_time(ret, parts, expiration, err);
}

int aws_keys_json(const char *s, size_t len, bool versioned, struct aws_keys *ret, struct strbuf *err)
{
	json_malloc_t old_malloc;
	json_free_t old_free;
	*ret = (struct aws_keys){0};
	json_get_alloc_funcs(&old_malloc, &old_free);
	json_set_alloc_funcs(malloc, free_wiped);
	json_t *root = json_loadb(s, len, JSON_REJECT_DUPLICATES, NULL);
	int r = from_object(root, versioned, ret, err);
	json_decref(root);
	json_set_alloc_funcs(old_malloc, old_free);
	return r;
}

/* --- XML ----------------------------------------------------------------------------------------- */

struct aws_xml_texts {
	const char *const *paths; /* the paths of the elements that are wanted */
	size_t n;
	char *texts[4]; /* owned; NULL: the element did not occur */
};

static int keep_text(void *arg, const char *path, const struct strbuf *text)
{
	struct aws_xml_texts *x = arg;
	for (size_t i = 0; i < x->n; i++) {
		if (strcmp(path, x->paths[i]) != 0)
			continue;
		if (x->texts[i])
			return -EEXIST;
		x->texts[i] = xstrdup(text->s);
	}
	return 0;
}

static void release_texts(struct aws_xml_texts *x)
{
	for (size_t i = 0; i < x->n; i++)
		secret_free(x->texts[i]);
}

#define CREDENTIALS "AssumeRoleWithWebIdentityResponse/AssumeRoleWithWebIdentityResult/Credentials/"

int aws_keys_xml(const char *s, size_t len, struct aws_keys *ret, struct strbuf *err)
{
	static const char *const paths[] = {CREDENTIALS "AccessKeyId", CREDENTIALS "SecretAccessKey",
		CREDENTIALS "SessionToken", CREDENTIALS "Expiration"};
	struct aws_xml_texts x = {.paths = paths, .n = 4};
	*ret = (struct aws_keys){0};
	int r = xml_read(s, len, keep_text, &x, err);
	if (r == -EEXIST) {
		strbuf_addstr(err, "it has two keys");
		r = -EBADMSG;
	}
	for (size_t i = 0; r == 0 && i < x.n; i++) {
		if (!x.texts[i]) {
			strbuf_addf(err, "%s is missing", strrchr(paths[i], '/') + 1);
			r = -EBADMSG;
		}
	}
	if (r == 0)
		r = set_with_time(ret, (const char *[]){x.texts[0], x.texts[1], x.texts[2]}, x.texts[3], err);
	release_texts(&x);
	return r;
}

void aws_error_xml(const char *s, size_t len, char **ret_code, char **ret_text)
{
	static const char *const paths[] = {"ErrorResponse/Error/Code", "ErrorResponse/Error/Message"};
	struct aws_xml_texts x = {.paths = paths, .n = 2};
	struct strbuf ignored = STRBUF_INIT;
	if (xml_read(s, len, keep_text, &x, &ignored) < 0) {
		release_texts(&x);
		x.texts[0] = x.texts[1] = NULL;
	}
	*ret_code = x.texts[0] ? x.texts[0] : xstrdup("");
	*ret_text = x.texts[1] ? x.texts[1] : xstrdup("");
	strbuf_release(&ignored);
}
