/*
 * The output of a command that gives keys, credential_process of a profile, or a token (az_token.h).
 *
 * Layer: lake (uses base, io, secret).  The command goes to /bin/sh -c, as the AWS SDKs for Go and Java have it: a
 * command with quotes that botocore would split by itself means the same there.  Its standard error is ours, so that it
 * can say what is wrong or ask for a second factor; its standard input is /dev/null; signals are as a shell sets them.
 */
#ifndef WEIR_LAKE_SECRET_PROCESS_H
#define WEIR_LAKE_SECRET_PROCESS_H

#include <stdint.h>

#include "common/base/strbuf.h"
#include "common/io/http.h"

enum {
	SECRET_PROCESS_MS = 60000,  /* how long the command may take */
	SECRET_PROCESS_MAX = 65536, /* bytes of its output */
};

/*
 * Run COMMAND, which messages call WHAT, for LIMIT_MS at most, and append what it prints to RET.  `tell` and `stopped`
 * of CONFIG are used as in HTTP requests.
 *
 * 0; or, with ERR: -EACCES it ended with another exit status than 0, or by a signal; -EMSGSIZE it prints more than
 * SECRET_PROCESS_MAX; -ETIMEDOUT it did not end in time; -EINTR `stopped` says so; -errno it cannot be started.  It is
 * killed when it has not ended by then; what it has started itself is not.
 */
int secret_process_run(const char *command, const char *what, const struct http_config *config, int64_t limit_ms,
	struct strbuf *ret, struct strbuf *err) MUST_CHECK;

#endif
