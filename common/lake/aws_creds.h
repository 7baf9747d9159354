/*
 * Where the keys for S3 come from, in the order of the AWS tools:
 *
 *  1. AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
 *  2. web identity (Kubernetes): AWS_WEB_IDENTITY_TOKEN_FILE with AWS_ROLE_ARN, by AssumeRoleWithWebIdentity
 *  3. the profile ($AWS_PROFILE, else "default") of ~/.aws/credentials and ~/.aws/config ($AWS_SHARED_CREDENTIALS_FILE,
 *     $AWS_CONFIG_FILE): keys, web_identity_token_file, credential_process
 *  4. a container's service: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI, with its authorization token
 *  5. the instance's metadata service, version 2 (AWS_EC2_METADATA_DISABLED, AWS_EC2_METADATA_SERVICE_ENDPOINT)
 *
 * Layer: lake (uses base, io).  Keys that expire are got anew five minutes before that, and when a server refuses them.
 */
#ifndef WEIR_LAKE_AWS_CREDS_H
#define WEIR_LAKE_AWS_CREDS_H

#include <stdbool.h>

#include "common/io/http.h"
#include "common/lake/aws_sign.h"

struct aws_creds;

/* Nothing is looked up yet.  HTTP is borrowed, and needed only by 2, 4 and 5. */
struct aws_creds *aws_creds_new(struct http *http);
void aws_creds_free(struct aws_creds *creds);

/*
 * The key to sign with; looked up or renewed first when there is none, it is about to expire, or RENEW says that the
 * last one was refused.  *ret_key is borrowed and valid until the next call. -EACCES there is none: ERR lists where it
 * was looked for; -EBADMSG a file, process or service gave what cannot be read (ERR names it, never a secret); -EINVAL
 * a profile that was named does not exist; errors of http_wait().
 */
int aws_creds_get(struct aws_creds *creds, bool renew, struct aws_key *ret_key, struct strbuf *err) MUST_CHECK;

/*
 * The region: AWS_REGION, AWS_DEFAULT_REGION, or that of the profile; NULL when none says.  Valid until CREDS is
 * freed.  ERR as above; -EBADMSG.
 */
int aws_creds_region(struct aws_creds *creds, const char **ret_region, struct strbuf *err) MUST_CHECK;

/* The same for the endpoint: AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, endpoint_url of the profile. */
int aws_creds_endpoint(struct aws_creds *creds, const char **ret_url, struct strbuf *err) MUST_CHECK;

#endif
