/* A workload identity: see az_workload.h. */
#include "common/lake/az_workload.h"

#include <errno.h>
#include <string.h>

#include "common/io/uri.h"
#include "common/lake/aws_creds_impl.h"
#include "common/lake/az_settings.h"
#include "common/lake/secret.h"
#include "common/lake/secret_ask.h"

#define TOKEN_FILE "AZURE_FEDERATED_TOKEN_FILE"
#define AUTHORITY  "https://login.microsoftonline.com"

enum { TOKEN_MAX = 20000 }; /* bytes: more than any token of Kubernetes */

bool az_workload_is_set(void)
{
	return az_variable(TOKEN_FILE) != NULL;
}

/* The URL that issues tokens.  Only if the host is this machine may it be reached without TLS. */
static int find_url(struct strbuf *ret, struct strbuf *err)
{
	const char *host = az_variable("AZURE_AUTHORITY_HOST"), *tenant = az_variable("AZURE_TENANT_ID");
	host = host ? host : AUTHORITY;
	if (!tenant || !az_variable("AZURE_CLIENT_ID")) {
		strbuf_addf(err, "%s is set, but not %s", TOKEN_FILE, tenant ? "AZURE_CLIENT_ID" : "AZURE_TENANT_ID");
		return -EINVAL;
	}
	if (strncmp(host, "https://", 8) != 0 && strncmp(host, "http://127.0.0.1:", 17) != 0) {
		strbuf_addf(err, "AZURE_AUTHORITY_HOST is not a URL that begins with https:// (%s)", host);
		return -EINVAL;
	}
	strbuf_addstr(ret, host);
	if (ret->s[ret->len - 1] != '/')
		strbuf_addch(ret, '/');
	uri_encode(ret, tenant, strlen(tenant), false);
	strbuf_addstr(ret, "/oauth2/v2.0/token");
	return 0;
}

static void write_body(const struct strbuf *token, struct strbuf *ret)
{
	const char *client = az_variable("AZURE_CLIENT_ID");
	struct strbuf id = STRBUF_INIT;
	uri_encode(&id, client, strlen(client), false);
	secret_addstr(ret, "grant_type=client_credentials&scope=https%3A%2F%2Fstorage.azure.com%2F.default"
			   "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
			   "&client_id=");
	secret_add(ret, id.s, id.len);
	secret_addstr(ret, "&client_assertion=");
	strbuf_release(&id);
	strbuf_grow(&id, 3 * token->len); /* so that it does not move */
	uri_encode(&id, token->s, token->len, false);
	secret_add(ret, id.s, id.len);
	secret_release(&id);
}

/* A refusal is final, even with 401. */
static enum http_verdict classify(const struct http_answer *answer)
{
	return answer->status == 401 ? HTTP_FINAL : http_classify(answer);
}

static int ask(
	const struct http_config *config, const char *url, const char *body, struct strbuf *ret, struct strbuf *err)
{
	struct secret_asker asker = {.config = config};
	struct secret_answer answer;
	int r = secret_ask_far(&asker,
		&(struct secret_ask){.method = "POST",
			.url = url,
			.fields = {"Content-Type: application/x-www-form-urlencoded"},
			.body = body,
			.what = "Entra ID",
			.classify = classify},
		&answer, err);
	if (r == 0 && answer.status == 200) {
		secret_add(ret, answer.body.s, answer.body.len);
	} else if (r == 0) {
		strbuf_addf(err, "Entra ID gives no token for the identity in '%s': %s", az_variable(TOKEN_FILE),
			answer.said.s);
		r = -EACCES;
	}
	secret_answer_release(&answer);
	secret_asker_release(&asker);
	return r;
}

int az_workload_ask(const struct http_config *config, struct strbuf *ret, struct strbuf *err)
{
	struct strbuf url = STRBUF_INIT, token = STRBUF_INIT, body = STRBUF_INIT;
	int r = find_url(&url, err);
	if (r == 0)
		r = aws_read_token(az_variable(TOKEN_FILE), "the workload's token", TOKEN_MAX, &token, err);
	if (r == 0) {
		write_body(&token, &body);
		r = ask(config, url.s, body.s, ret, err);
	}
	strbuf_release(&url);
	secret_release(&token);
	secret_release(&body);
	return r;
}
