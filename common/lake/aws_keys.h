/*
 * Keys as the services and processes that give them write them down.
 *
 * Layer: lake (uses base, io, data, secret; jansson).  No message here has a part of an answer but the code and the
 * text of an error.
 */
#ifndef WEIR_LAKE_AWS_KEYS_H
#define WEIR_LAKE_AWS_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"

/* Owned strings; a zeroed struct has none. */
struct aws_keys {
	char *id, *secret;
	char *token;        /* or NULL */
	int64_t expires_ms; /* since the epoch; AWS_NEVER: nobody has said that they do */
};
#define AWS_NEVER INT64_MAX

/* Wipes what it frees; KEYS is zeroed. */
void aws_keys_release(struct aws_keys *keys);

/*
 * Copy ID, SECRET and TOKEN (or NULL) to RET, where they do not expire.  0, or -EBADMSG with the reason in ERR: one of
 * them is empty, has a control character, or blanks where none can be; then RET is zeroed.
 */
int aws_keys_set(
	struct aws_keys *ret, const char *id, const char *secret, const char *token, struct strbuf *err) MUST_CHECK;

/*
 * Keys from an object of JSON: what credential_process prints (VERSIONED: it must have "Version": 1, and the token is
 * "SessionToken"), or what the metadata services answer.  0; -EBADMSG it is not such an object; -EACCES it is an error
 * of the service ("Code" is not "Success").  ERR has the reason.  Not safe for threads that use jansson meanwhile.
 */
int aws_keys_json(const char *s, size_t len, bool versioned, struct aws_keys *ret, struct strbuf *err) MUST_CHECK;

/* Keys from the XML that AssumeRoleWithWebIdentity answers.  0, or -EBADMSG with the reason in ERR. */
int aws_keys_xml(const char *s, size_t len, struct aws_keys *ret, struct strbuf *err) MUST_CHECK;

/*
 * An error of STS: *ret_code and *ret_text are owned strings; "" where the LEN bytes at S are not such a document or
 * have none.
 */
void aws_error_xml(const char *s, size_t len, char **ret_code, char **ret_text);

#endif
