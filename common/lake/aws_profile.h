/*
 * A profile of the files that the AWS tools share, ~/.aws/config and ~/.aws/credentials, and the variables beside them.
 *
 * Layer: lake (uses base, aws_ini).  The name is that of AWS_PROFILE, else "default"; the files are those that
 * AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name, "~/" at the start being $HOME.  As in the AWS tools, a missing
 * file counts as empty; so does a file in $HOME that this user may not read.  An empty variable counts as not set.
 */
#ifndef WEIR_LAKE_AWS_PROFILE_H
#define WEIR_LAKE_AWS_PROFILE_H

#include <stdbool.h>

#include "common/base/strbuf.h"

struct aws_profile;

enum aws_file { AWS_CONFIG, AWS_CREDENTIALS };

/*
 * Read both files.  0; -EBADMSG: a file cannot be parsed; -EACCES or -errno: it cannot be read; -EINVAL: AWS_PROFILE
 * names a profile that neither file has.  ERR names the file and never a value.
 */
int aws_profile_read(struct aws_profile **ret, struct strbuf *err) MUST_CHECK;
void aws_profile_free(struct aws_profile *profile);

const char *aws_profile_name(const struct aws_profile *profile);
/* The path of FILE, "" when $HOME is not set either. */
const char *aws_profile_path(const struct aws_profile *profile, enum aws_file file);

/* The value of KEY in FILE, or NULL.  All values belong to PROFILE. */
const char *aws_profile_in(const struct aws_profile *profile, enum aws_file file, const char *key);

/* The same in either file; the credentials file comes first. */
const char *aws_profile_get(const struct aws_profile *profile, const char *key);

/* The region: AWS_REGION, AWS_DEFAULT_REGION, `region`; NULL: none of them. */
const char *aws_profile_region(const struct aws_profile *profile);

/* The file of trusted certificates: AWS_CA_BUNDLE, `ca_bundle`; NULL: neither. */
const char *aws_profile_ca_file(const struct aws_profile *profile);

/*
 * The URL that is configured for SERVICE ("s3", "sts"): AWS_ENDPOINT_URL_SERVICE, AWS_ENDPOINT_URL, endpoint_url of
 * SERVICE in the section of `services` that the profile names, endpoint_url of the profile; none of them with
 * AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true.  *ret_url is NULL when there is none.  0, or -EINVAL: there is no such
 * section.
 */
int aws_profile_endpoint(
	const struct aws_profile *profile, const char *service, const char **ret_url, struct strbuf *err) MUST_CHECK;

/*
 * Append to OUT what FILE has of the profile, for a message that lists the places that were searched: "'PATH' (there is
 * no …)".
 */
void aws_profile_describe(const struct aws_profile *profile, enum aws_file file, struct strbuf *out);

/* The value of the environment's NAME; NULL when it is not set or empty. */
const char *aws_variable(const char *name);

/* Whether S is "true", ignoring case; S may be NULL. */
bool aws_is_true(const char *s);

#endif
