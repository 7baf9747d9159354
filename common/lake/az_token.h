/*
 * Bearer tokens for Azure Storage (Entra ID), for use when there is neither a key nor a shared access signature:
 *
 *  1. WEIR_AZURE_TOKEN_COMMAND: the output of a command: the token alone or a JSON object, as from
 *     `az account get-access-token --resource https://storage.azure.com/`
 *  2. a workload identity: az_workload.h
 *  3. a managed identity: the service of App Service and of containers (IDENTITY_ENDPOINT with IDENTITY_HEADER), else
 *     that of a virtual machine (http://169.254.169.254, or AZURE_POD_IDENTITY_AUTHORITY_HOST); AZURE_CLIENT_ID picks
 * one of several identities
 *
 * Layer: lake (uses base, io, data, secret; jansson).  Tokens are fetched again five minutes before they expire, and
 * when the server refuses them.
 */
#ifndef WEIR_LAKE_AZ_TOKEN_H
#define WEIR_LAKE_AZ_TOKEN_H

#include <stdbool.h>

#include "common/io/http.h"

struct az_token;

/*
 * Make a source of tokens; nothing is requested yet.  CONFIG is copied; its strings and functions are borrowed, as in
 * aws_creds_new().
 */
struct az_token *az_token_new(const struct http_config *config);
void az_token_free(struct az_token *token);

/*
 * The token; *RET_TEXT is valid until the next call.  RENEW: the last one was refused.  -EACCES: there is none (ERR
 * lists the places that were tried), a service has refused, or its answer is not a token or has expired; errors of
 * secret_process_run() and of http_wait().  No message contains a part of a token.
 */
int az_token_get(struct az_token *token, bool renew, const char **ret_text, struct strbuf *err) MUST_CHECK;

/*
 * Parse the answer of a command or a service, LEN bytes at S: a word, or a JSON object with access_token or
 * accessToken, and expires_on (seconds since the epoch, a number or a string) or expires_in (seconds from NOW_MS on).
 * The caller frees *RET_TEXT by secret_free(); *RET_EXPIRES_MS is -1 when the expiry is unknown.  -EACCES with the
 * reason in ERR.
 */
int az_token_read(const char *s, size_t len, int64_t now_ms, char **ret_text, int64_t *ret_expires_ms,
	struct strbuf *err) MUST_CHECK;

#endif
