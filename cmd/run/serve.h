/*
 * A small HTTP server for --metrics, driven by the loop of `run`: it has no thread.
 */
#ifndef WEIR_RUN_SERVE_H
#define WEIR_RUN_SERVE_H

#include <stdint.h>

#include "common/base/strbuf.h"

struct serve;

/* What is at PATH: append it to BODY, and return the status (200, 404, 503), with *ret_type the type of the body. */
typedef unsigned serve_answer(void *arg, const char *path, struct strbuf *body, const char **ret_type);

/*
 * Listen at ADDRESS: PORT, which is one of this machine only (127.0.0.1); HOST:PORT, [IPV6]:PORT, or :PORT, which is
 * every address.  HOST is a number.  With port 0 the kernel chooses one, which is printed.  ANSWER gets ARG.
 *
 * 0 and *ret; -EINVAL, ADDRESS is malformed; or -errno; each with the reason in ERR.
 */
int serve_open(struct serve **ret, const char *address, serve_answer *answer, void *arg, struct strbuf *err) MUST_CHECK;
void serve_close(struct serve *s);

/* A descriptor that can be read when serve_run() has something to do. */
int serve_fd(const struct serve *s);

/* In how many ms serve_run() must be called at the latest; INT64_MAX: when there is something to read. */
int64_t serve_due(const struct serve *s);

/* Take connections, read requests and answer them, as far as that is possible without waiting. */
void serve_run(struct serve *s);

#endif
