/* Bearer tokens: see az_token.h. */
#include "common/lake/az_token.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/num.h"
#include "common/io/uri.h"
#include "common/lake/az_settings.h"
#include "common/lake/az_workload.h"
#include "common/lake/json_in.h"
#include "common/lake/secret.h"
#include "common/lake/secret_ask.h"
#include "common/lake/secret_process.h"

#define RESOURCE "https://storage.azure.com/"
enum {
	EARLY_MS = 5 * 60 * 1000,    /* tokens are fetched again this long before they expire */
	PAUSE_MS = 30 * 1000,        /* … but not more often than this */
	UNKNOWN_MS = 30 * 60 * 1000, /* how long to use a token of unknown lifetime */
};

struct az_token {
	struct http_config config;
	char *text; /* NULL: none yet */
	/* when it expires, since the epoch; by clock_ms(), the time before which no new one is requested */
	int64_t expires_ms, again_ms;
};

struct az_token *az_token_new(const struct http_config *config)
{
	struct az_token *token = xcalloc(1, sizeof *token);
	token->config = *config;
	return token;
}

void az_token_free(struct az_token *token)
{
	if (!token)
		return;
	secret_free(token->text);
	free(token);
}

/* Whether TEXT is a word of the alphabet of tokens (RFC 6750). */
static bool is_token(const char *text)
{
	size_t n = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/");
	return n && !text[n + strspn(text + n, "=")];
}

/* The whole number OBJECT[KEY], which may be a string; -1: none. */
static int64_t seconds_in(const json_t *object, const char *key)
{
	const char *text = text_in(object, key);
	uint64_t n;
	if (!text)
		return number_in(object, key);
	return num_u64(text, &n) == 0 && n <= INT64_MAX / 2000 ? (int64_t)n : -1;
}

static int64_t expires_ms(const json_t *object, int64_t now_ms)
{
	int64_t on = seconds_in(object, "expires_on"), in = seconds_in(object, "expires_in");
	if (on >= 0 && on <= INT64_MAX / 2000)
		return on * 1000;
	return in >= 0 && in <= INT64_MAX / 4000 ? now_ms + in * 1000 : -1;
}

int az_token_read(
	const char *s, size_t len, int64_t now_ms, char **ret_text, int64_t *ret_expires_ms, struct strbuf *err)
{
	while (len && strchr(" \t\r\n", s[len - 1]))
		len--;
	json_t *object = len && *s == '{' ? json_loadb(s, len, 0, NULL) : NULL;
	const char *found = text_in(object, "access_token");
	found = found ? found : text_in(object, "accessToken");
	char *text = found ? xstrdup(found) : xstrndup(s, len);
	int64_t end = object ? expires_ms(object, now_ms) : -1;
	json_decref(object);
	int r = 0;
	if (!is_token(text)) {
		strbuf_addstr(err, "it is neither a token nor a JSON object with one");
		r = -EACCES;
	} else if (end >= 0 && end <= now_ms) {
		strbuf_addstr(err, "the token has expired, by this machine's clock");
		r = -EACCES;
	}
	if (r < 0) {
		secret_free(text);
		return r;
	}
	*ret_text = text;
	*ret_expires_ms = end;
	return 0;
}

/* Use the token that WHAT has given. */
static int take(struct az_token *token, const char *what, const struct strbuf *given, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	char *text;
	int64_t end, now = clock_epoch_ms();
	int r = az_token_read(given->s ? given->s : "", given->len, now, &text, &end, &why);
	if (r == 0) {
		secret_free(token->text);
		token->text = text;
		token->expires_ms = end >= 0 ? end : now + UNKNOWN_MS + EARLY_MS;
	} else {
		strbuf_addf(err, "what %s gives cannot be used: %s", what, why.s);
	}
	strbuf_release(&why);
	return r;
}

static int by_command(struct az_token *token, const char *command, struct strbuf *err)
{
	static const char what[] = "the command of WEIR_AZURE_TOKEN_COMMAND";
	struct strbuf out = STRBUF_INIT;
	int r = secret_process_run(command, what, &token->config, SECRET_PROCESS_MS, &out, err);
	if (r == 0)
		r = take(token, what, &out, err);
	secret_release(&out);
	return r;
}

static int by_workload(struct az_token *token, struct strbuf *err)
{
	struct strbuf given = STRBUF_INIT;
	int r = az_workload_ask(&token->config, &given, err);
	if (r == 0)
		r = take(token, "Entra ID", &given, err);
	secret_release(&given);
	return r == -EBADMSG ? -EINVAL : r; /* damage is that of the data, which a token is not */
}

/* Append the parameters of a request for a token to URL. */
static void add_parameters(const char *version, struct strbuf *url)
{
	const char *client = az_variable("AZURE_CLIENT_ID");
	strbuf_addf(url, "%capi-version=%s&resource=", strchr(url->s, '?') ? '&' : '?', version);
	uri_encode(url, RESOURCE, strlen(RESOURCE), false);
	if (client) {
		strbuf_addstr(url, "&client_id=");
		uri_encode(url, client, strlen(client), false);
	}
}

/* Ask WHAT, at URL, with the header FIELD. */
static int by_service(struct az_token *token, const char *what, const char *url, const char *field, struct strbuf *err)
{
	struct secret_asker asker = {.config = &token->config};
	struct secret_answer answer;
	struct strbuf why = STRBUF_INIT;
	int r = secret_ask_nearby(&asker,
		&(struct secret_ask){.method = "GET", .url = url, .fields = {field}, .what = what}, &answer, &why);
	if (r == 0 && answer.status == 200) {
		r = take(token, what, &answer.body, err);
	} else if (r == 0) {
		strbuf_addf(err, "%s has no token: %s", what, answer.said.s);
		r = -EACCES;
	} else if (r == -EINTR) {
		strbuf_addstr(err, why.s);
	} else {
		strbuf_addf(err,
			"there is nothing to authorize with: AZURE_STORAGE_CONNECTION_STRING, AZURE_STORAGE_KEY, "
			"AZURE_STORAGE_SAS_TOKEN, WEIR_AZURE_TOKEN_COMMAND, AZURE_FEDERATED_TOKEN_FILE (not set); %s "
			"(%s)",
			what, why.s);
		r = -EACCES;
	}
	secret_answer_release(&answer);
	secret_asker_release(&asker);
	strbuf_release(&why);
	return r;
}

static int by_identity(struct az_token *token, struct strbuf *err)
{
	const char *endpoint = az_variable("IDENTITY_ENDPOINT"), *header = az_variable("IDENTITY_HEADER");
	const char *host = az_variable("AZURE_POD_IDENTITY_AUTHORITY_HOST");
	struct strbuf url = STRBUF_INIT, field = STRBUF_INIT;
	bool app = endpoint && header;
	if (app) {
		strbuf_addstr(&url, endpoint);
		secret_addstr(&field, "X-IDENTITY-HEADER: ");
		secret_addstr(&field, header);
		add_parameters("2019-08-01", &url);
	} else {
		strbuf_addf(&url, "%s/metadata/identity/oauth2/token", host ? host : "http://169.254.169.254");
		strbuf_addstr(&field, "Metadata: true");
		add_parameters("2018-02-01", &url);
	}
	int r = by_service(token, app ? "the service of IDENTITY_ENDPOINT" : "the virtual machine's metadata service",
		url.s, field.s, err);
	strbuf_release(&url);
	secret_release(&field);
	return r;
}

/* Wait until half of the remaining time is over, because a service may continue to give the old token. */
static int64_t pause_ms(const struct az_token *token)
{
	int64_t half = (token->expires_ms - clock_epoch_ms()) / 2;
	return half > PAUSE_MS ? PAUSE_MS : half > 1000 ? half : 1000;
}

static int fetch(struct az_token *token, struct strbuf *err)
{
	const char *command = az_variable("WEIR_AZURE_TOKEN_COMMAND");
	if (command)
		return by_command(token, command, err);
	return az_workload_is_set() ? by_workload(token, err) : by_identity(token, err);
}

int az_token_get(struct az_token *token, bool renew, const char **ret_text, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	bool old = clock_epoch_ms() >= token->expires_ms - EARLY_MS && clock_ms() >= token->again_ms;
	int r = 0;
	if (!token->text || old || renew) {
		r = fetch(token, &why);
		bool good = token->text && !renew && token->expires_ms > clock_epoch_ms();
		if (r < 0 && (r == -EINTR || !good))
			strbuf_addstr(err, why.s);
		else
			r = 0; /* the old one can still be used */
		if (token->text)
			token->again_ms = clock_ms() + pause_ms(token);
	}
	if (r == 0)
		*ret_text = token->text;
	strbuf_release(&why);
	return r;
}
