/*
 * Requests secrets over HTTP from services that give keys (aws_creds.h) or tokens (az_token.h).
 *
 * Layer: lake (uses base, io, secret).  An answer is wiped after use.
 */
#ifndef WEIR_LAKE_SECRET_ASK_H
#define WEIR_LAKE_SECRET_ASK_H

#include "common/io/http.h"

/*
 * The requesting side.  The caller sets `config`, `ca_file` and `error`, which are borrowed; the rest is zero at first.
 */
struct secret_asker {
	const struct http_config *config;
	const char *ca_file; /* certificates, unless config names some; NULL: none */
	/*
	 * Parses an error, LEN bytes at S, into its code and text ("" if there are none), which the caller frees.
	 * NULL: errors are not parsed.
	 */
	void (*error)(const char *s, size_t len, char **ret_code, char **ret_text);
	/*
	 * Clients that are created when they are needed: one for nearby services, which are reached without a proxy and
	 * with short limits, and one for other services.
	 */
	struct http *nearby, *far;
};
void secret_asker_release(struct secret_asker *asker);

struct secret_ask {
	const char *method, *url;
	const char *fields[2]; /* headers; NULL: none */
	const char *body;      /* NULL: none */
	const char *what;      /* the service, for messages: "the container's service" */
	enum http_verdict (*classify)(const struct http_answer *answer);
};

struct secret_answer {
	int status;
	struct strbuf body; /* of a secret; empty unless status is 200 */
	struct strbuf said; /* for any other status: a message about it, without WHAT */
};
void secret_answer_release(struct secret_answer *answer);

/*
 * Ask a nearby service: three tries, each with 1 s to connect; 408, 429 and 5xx are tried again, too.  Returns 0
 * whatever the status; -EINTR; or the error of the last try, with a complete ERR.  The caller releases RET.
 */
int secret_ask_nearby(struct secret_asker *asker, const struct secret_ask *ask, struct secret_answer *ret,
	struct strbuf *err) MUST_CHECK;

/* Ask another service, with the tries, the deadlines and the proxy of `config`. */
int secret_ask_far(struct secret_asker *asker, const struct secret_ask *ask, struct secret_answer *ret,
	struct strbuf *err) MUST_CHECK;

#endif
