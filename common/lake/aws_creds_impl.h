/*
 * The parts of the chain of aws_creds.h, for aws_creds.c only; aws_read_token() also for az_workload.c.
 *
 * Layer: lake.  A part looks in one place, and returns 1 with keys in *ret; 0 when nothing is configured there, with a
 * line about where it has looked added to `nowhere`; or -errno with ERR, as aws_creds_get().
 */
#ifndef WEIR_LAKE_AWS_CREDS_IMPL_H
#define WEIR_LAKE_AWS_CREDS_IMPL_H

#include "common/io/http.h"
#include "common/lake/aws_keys.h"
#include "common/lake/aws_profile.h"
#include "common/lake/secret_ask.h"

/* One look-up, from the first part to the last. */
struct aws_lookup {
	const struct http_config *config;
	struct aws_profile *profile; /* read by aws_lookup_profile() */
	struct strbuf nowhere;       /* where was looked in vain */
	struct secret_asker asker;   /* its ca_file is that of the environment or the profile */
};

typedef int aws_part(struct aws_lookup *lookup, struct aws_keys *ret, struct strbuf *err);

aws_part aws_from_environment, aws_from_web_identity, aws_from_profile, aws_from_container, aws_from_instance;

/* Read the profile unless that is done.  0 or errors of aws_profile_read(). */
int aws_lookup_profile(struct aws_lookup *lookup, struct strbuf *err) MUST_CHECK;

/* Begin an entry of `nowhere`, and return it. */
struct strbuf *aws_nowhere(struct aws_lookup *lookup);

/* 0; or -EBADMSG with ERR, and KEYS released: the keys that WHAT has given have expired already. */
int aws_refuse_expired(struct aws_keys *keys, const char *what, struct strbuf *err) MUST_CHECK;

/*
 * Read a token of MAX bytes at most from the file PATH, without white space at its end.  0 or -errno with ERR; -EACCES
 * there is no such file: -ENOENT would mean the object for which the token is wanted.
 */
int aws_read_token(const char *path, const char *what, size_t max, struct strbuf *ret, struct strbuf *err) MUST_CHECK;

#endif
