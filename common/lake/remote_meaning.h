/*
 * What the codes mean with which stores that are reached over HTTP refuse a request.
 *
 * Layer: lake (libc only).
 */
#ifndef WEIR_LAKE_REMOTE_MEANING_H
#define WEIR_LAKE_REMOTE_MEANING_H

#include <stddef.h>

/* A code of a server, the errno that it means, and advice for the user (may be ""). */
struct remote_meaning {
	const char *code;
	int err;
	const char *hint;
};
/*
 * The meaning of CODE by the N rows at KNOWN or, if it is not there, that of STATUS: EACCES for 401 and 403, ENOENT for
 * 404, ENOSPC for 507, EAGAIN for those that may pass, EINVAL for the rest.
 */
const struct remote_meaning *remote_meaning(const struct remote_meaning *known, size_t n, const char *code, int status);

#endif
