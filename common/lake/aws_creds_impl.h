/*
 * The parts of the chain of aws_creds.h, for aws_creds.c only; the questions to services nearby also for az_token.c.
 *
 * Layer: lake.  A part looks in one place, and returns 1 with keys in *ret; 0 when nothing is configured there, with a
 * line about where it has looked added to `nowhere`; or -errno with ERR, as aws_creds_get().
 */
#ifndef WEIR_LAKE_AWS_CREDS_IMPL_H
#define WEIR_LAKE_AWS_CREDS_IMPL_H

#include "common/io/http.h"
#include "common/lake/aws_keys.h"
#include "common/lake/aws_profile.h"

/* One look-up, from the first part to the last. */
struct aws_lookup {
	const struct http_config *config;
	struct aws_profile *profile; /* read by aws_lookup_profile() */
	const char *ca_file;         /* of the environment or the profile; that of config comes first */
	struct strbuf nowhere;       /* where was looked in vain */
	/*
	 * Clients that are made when they are needed: one for the services beside the program, which are asked directly
	 * and do not get long; one for STS.
	 */
	struct http *nearby, *sts;
};

typedef int aws_part(struct aws_lookup *lookup, struct aws_keys *ret, struct strbuf *err);

aws_part aws_from_environment, aws_from_web_identity, aws_from_profile, aws_from_container, aws_from_instance;

/* Read the profile unless that is done.  0 or errors of aws_profile_read(). */
int aws_lookup_profile(struct aws_lookup *lookup, struct strbuf *err) MUST_CHECK;

/* Begin an entry of `nowhere`, and return it. */
struct strbuf *aws_nowhere(struct aws_lookup *lookup);

/* A request for keys. */
struct aws_ask {
	const char *method, *url;
	const char *fields[2]; /* headers; NULL: none */
	const char *body;      /* NULL: none */
	const char *what;      /* who is asked, for messages: "the container's service" */
	enum http_verdict (*classify)(const struct http_answer *answer);
};

struct aws_answer {
	int status;
	struct strbuf body; /* of a secret; empty unless status is 200 */
	struct strbuf said; /* for another status: a message about it, without WHAT */
};

/*
 * Ask by the client for services nearby: three tries of 1 s to connect, with what they answer to 408, 429 and 5xx.  0
 * whatever the status; -EINTR; or what the last try failed with, ERR being complete.  RET is released by the caller.
 */
int aws_ask_nearby(
	struct aws_lookup *lookup, const struct aws_ask *ask, struct aws_answer *ret, struct strbuf *err) MUST_CHECK;

/* Ask STS: with the tries, the deadlines and the proxy of config. */
int aws_ask_sts(
	struct aws_lookup *lookup, const struct aws_ask *ask, struct aws_answer *ret, struct strbuf *err) MUST_CHECK;

void aws_answer_release(struct aws_answer *answer);

/* 0; or -EBADMSG with ERR, and KEYS released: the keys that WHAT has given have expired already. */
int aws_refuse_expired(struct aws_keys *keys, const char *what, struct strbuf *err) MUST_CHECK;

/* Read a token of MAX bytes at most from the file PATH, without white space at its end.  0 or -errno with ERR. */
int aws_read_token(const char *path, const char *what, size_t max, struct strbuf *ret, struct strbuf *err) MUST_CHECK;

#endif
