/*
 * Where the keys for S3 come from, in the order of the AWS tools:
 *
 *  1. AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
 *  2. web identity (Kubernetes): a token in a file and a role, by AssumeRoleWithWebIdentity;
 *     AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN and AWS_ROLE_SESSION_NAME, else web_identity_token_file, role_arn and
 *     role_session_name of the profile
 *  3. the profile (aws_profile.h): keys in ~/.aws/credentials, else credential_process, else keys in ~/.aws/config
 *  4. a container's service: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI, with the token of
 *     AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE or AWS_CONTAINER_AUTHORIZATION_TOKEN.  Over plain HTTP only this machine
 *     and the addresses of ECS and EKS are asked, because the token would be readable on the way.
 *  5. the instance's metadata service, version 2 only, directly and not by a proxy (AWS_EC2_METADATA_DISABLED,
 *     AWS_EC2_METADATA_SERVICE_ENDPOINT, AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE, and ec2_metadata_service_endpoint and
 *     _mode of the profile)
 *
 * When a place is configured and fails, that is an error and not a reason to look further: other keys might belong to
 * somebody else.  Only the instance's service, which nobody configures, may be missing.  Roles by source_profile and
 * single sign-on are refused, with a message that names them.
 *
 * Layer: lake (uses base, io, data; libcrypto, jansson).  Keys that expire are fetched again five minutes before that,
 * and when a server refuses them; while the old keys are still valid, a failure to get new ones is not an error, and
 * the next attempt is half a minute later.  Each time everything is read again, including files.  Expiry is judged by
 * this machine's clock, as in the AWS tools.
 */
#ifndef WEIR_LAKE_AWS_CREDS_H
#define WEIR_LAKE_AWS_CREDS_H

#include <stdbool.h>

#include "common/io/http.h"
#include "common/lake/aws_sign.h"

struct aws_creds;

/*
 * Make a chain; nothing is looked up yet.  CONFIG is that of the store's own client; it is copied, but its strings and
 * functions are borrowed.  Places 2, 4 and 5 have clients of their own, so that `sign` of a request may call
 * aws_creds_get() while the store's client waits.
 */
struct aws_creds *aws_creds_new(const struct http_config *config);
void aws_creds_free(struct aws_creds *creds);

/*
 * The key to sign with.  It is looked up when there is none, and renewed when it is about to expire or when RENEW says
 * that it was refused.  *ret_key is borrowed and valid until the next call.
 *
 * -EACCES: there is none (ERR lists the places where it was looked for), or a service has refused; -EINVAL: a file,
 * process or service gave something unreadable, or keys that have expired (ERR names it, but never a secret), a profile
 * that was named does not exist, or a setting is impossible; -ETIMEDOUT and errors of http_wait(): a service
 * did not answer; -EINTR: `stopped` returned true.
 */
int aws_creds_get(struct aws_creds *creds, bool renew, struct aws_key *ret_key, struct strbuf *err) MUST_CHECK;

/*
 * Other settings of the environment and the profile; NULL when there is none.  Valid until CREDS is freed.  -EINVAL
 * and -errno as aws_profile_read(), -EBADMSG being -EINVAL here.
 *
 * The region: AWS_REGION, AWS_DEFAULT_REGION, `region`.
 */
int aws_creds_region(struct aws_creds *creds, const char **ret_region, struct strbuf *err) MUST_CHECK;

/* The endpoint of S3: aws_profile_endpoint(). */
int aws_creds_endpoint(struct aws_creds *creds, const char **ret_url, struct strbuf *err) MUST_CHECK;

/* The file of trusted certificates: AWS_CA_BUNDLE, `ca_bundle`; for http_config.ca_file, unless an option names one. */
int aws_creds_ca_file(struct aws_creds *creds, const char **ret_path, struct strbuf *err) MUST_CHECK;

#endif
