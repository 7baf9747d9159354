/*
 * The output of a command that gives keys, credential_process of a profile, or a token (az_token.h).
 *
 * Layer: lake (uses base, io, secret).  The command goes to /bin/sh -c, as in the AWS SDKs for Go and Java.  A command
 * with quotes, which botocore splits by itself, means the same there.  Its standard error is ours, so that it can say
 * what is wrong or ask for a second factor; its standard input is /dev/null; signals have the settings that a shell
 * would give.
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
 * Returns 0; or, with ERR, -EACCES: its exit status was not 0, or a signal ended it; -EMSGSIZE: it printed more than
 * SECRET_PROCESS_MAX; -ETIMEDOUT: it did not end in time; -EINTR: `stopped` returned true; -errno: it cannot be
 * started.  If it has not ended by then it is killed, but not the processes that it has started.
 */
int secret_process_run(const char *command, const char *what, const struct http_config *config, int64_t limit_ms,
	struct strbuf *ret, struct strbuf *err) MUST_CHECK;

#endif
