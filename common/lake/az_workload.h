/*
 * A workload identity, which Kubernetes gives to a container in Azure: a token of the cluster, in a file, is
 * exchanged for a token of Entra ID.  Source: "Microsoft identity platform and the OAuth 2.0 client credentials flow",
 * third case (federated credential); the variables are those of the Azure SDKs.
 *
 * Layer: lake (uses io, secret_ask, aws_read_token()).
 */
#ifndef WEIR_LAKE_AZ_WORKLOAD_H
#define WEIR_LAKE_AZ_WORKLOAD_H

#include "common/io/http.h"

/* Whether AZURE_FEDERATED_TOKEN_FILE is set. */
bool az_workload_is_set(void);

/*
 * Append to RET the token that Entra ID gives for it, a secret.  The file is read each time, because its token is
 * renewed while the program runs.  -EINVAL: a variable is missing or not a URL; -EACCES: refused; errors of
 * aws_read_token() and http_wait(); all with ERR, which contains no part of a token.
 */
int az_workload_ask(const struct http_config *config, struct strbuf *ret, struct strbuf *err) MUST_CHECK;

#endif
