/*
 * Parses access keys in the forms in which services and processes give them.
 *
 * Layer: lake (uses base, io, data, secret; jansson).  Of an answer, messages contain only the code and the text of an
 * error.
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
	int64_t expires_ms; /* in ms since the epoch; AWS_NEVER: no expiry is known */
};
#define AWS_NEVER INT64_MAX

/* Wipes what it frees; KEYS is zeroed. */
void aws_keys_release(struct aws_keys *keys);

/*
 * Copy ID, SECRET and TOKEN (or NULL) to RET, without expiry.  0, or -EBADMSG with the reason in ERR: one of them is
 * empty, has a control character, or blanks where none can be; then RET is zeroed.
 */
int aws_keys_set(
	struct aws_keys *ret, const char *id, const char *secret, const char *token, struct strbuf *err) MUST_CHECK;

/*
 * Keys from a JSON object: the output of credential_process (VERSIONED: it must have "Version": 1, and the token is
 * "SessionToken"), or the answer of a metadata service.  0; -EBADMSG: it is not such an object; -EACCES: it is an error
 * of the service ("Code" is not "Success").  ERR has the reason.  No other thread may use jansson at the same time.
 */
int aws_keys_json(const char *s, size_t len, bool versioned, struct aws_keys *ret, struct strbuf *err) MUST_CHECK;

/* Keys from the XML answer of AssumeRoleWithWebIdentity.  0, or -EBADMSG with the reason in ERR. */
int aws_keys_xml(const char *s, size_t len, struct aws_keys *ret, struct strbuf *err) MUST_CHECK;

/*
 * An error of STS: *ret_code and *ret_text are owned strings; they are "" when the LEN bytes at S are not such a
 * document or do not have them.
 */
void aws_error_xml(const char *s, size_t len, char **ret_code, char **ret_text);

#endif
