/*
 * The parts of the chain of aws_creds.h, for aws_creds.c only; aws_read_token() also for az_workload.c.
 *
 * Layer: lake.  A part looks in one place.  It returns 1 with keys in *ret; 0 when nothing is configured there, after
 * adding a line about that place to `nowhere`; or -errno with ERR, like aws_creds_get().
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
	struct strbuf nowhere;       /* the places without a key */
	struct secret_asker asker;   /* its ca_file is set from the environment or the profile */
};

typedef int aws_part(struct aws_lookup *lookup, struct aws_keys *ret, struct strbuf *err);

aws_part aws_from_environment, aws_from_web_identity, aws_from_profile, aws_from_container, aws_from_instance;

/* Read the profile unless it was read before.  0 or errors of aws_profile_read(). */
int aws_lookup_profile(struct aws_lookup *lookup, struct strbuf *err) MUST_CHECK;

/* Begin an entry of `nowhere`, and return it. */
struct strbuf *aws_nowhere(struct aws_lookup *lookup);

/* Check the keys that WHAT has given: 0; or -EBADMSG with ERR, and KEYS released, when they have expired already. */
int aws_refuse_expired(struct aws_keys *keys, const char *what, struct strbuf *err) MUST_CHECK;

/*
 * Read a token of at most MAX bytes from the file PATH, without white space at its end.  0 or -errno with ERR.  When
 * there is no such file, it is -EACCES, because -ENOENT would mean the object for which the token is needed.
 */
int aws_read_token(const char *path, const char *what, size_t max, struct strbuf *ret, struct strbuf *err) MUST_CHECK;

#endif
