/*
 * Questions for secrets, by HTTP, to services that give keys (aws_creds.h) or tokens (az_token.h).
 *
 * Layer: lake (uses base, io, secret).  An answer is wiped after use.
 */
#ifndef WEIR_LAKE_SECRET_ASK_H
#define WEIR_LAKE_SECRET_ASK_H

#include "common/io/http.h"

/* Who asks.  `config`, `ca_file` and `error` are set by the caller and borrowed; the rest is zero at first. */
struct secret_asker {
	const struct http_config *config;
	const char *ca_file; /* certificates, unless config names some; NULL: none */
	/* The code and the text, "" if there are none, of the error LEN bytes at S; the caller's.  NULL: not parsed. */
	void (*error)(const char *s, size_t len, char **ret_code, char **ret_text);
	/*
	 * Clients that are made when they are needed: one for the services beside the program, which are asked directly
	 * and do not get long; one for those elsewhere.
	 */
	struct http *nearby, *far;
};
void secret_asker_release(struct secret_asker *asker);

struct secret_ask {
	const char *method, *url;
	const char *fields[2]; /* headers; NULL: none */
	const char *body;      /* NULL: none */
	const char *what;      /* who is asked, for messages: "the container's service" */
	enum http_verdict (*classify)(const struct http_answer *answer);
};

struct secret_answer {
	int status;
	struct strbuf body; /* of a secret; empty unless status is 200 */
	struct strbuf said; /* for another status: a message about it, without WHAT */
};
void secret_answer_release(struct secret_answer *answer);

/*
 * Ask a service nearby: three tries of 1 s to connect, with what they answer to 408, 429 and 5xx.  0 whatever the
 * status; -EINTR; or what the last try failed with, ERR being complete.  RET is released by the caller.
 */
int secret_ask_nearby(struct secret_asker *asker, const struct secret_ask *ask, struct secret_answer *ret,
	struct strbuf *err) MUST_CHECK;

/* Ask one elsewhere: with the tries, the deadlines and the proxy of config. */
int secret_ask_far(struct secret_asker *asker, const struct secret_ask *ask, struct secret_answer *ret,
	struct strbuf *err) MUST_CHECK;

#endif
