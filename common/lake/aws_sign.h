/*
 * Signatures of requests to AWS and to compatible services: Signature Version 4, in the header form.
 *
 * Layer: lake (uses base; libcrypto).  Pure: the time is a parameter.  It exists because libcurl's signature is wrong
 * for many keys (it signs raw path characters, does not sort the query, and leaves out the hash of the body).  Source:
 * "Signature Version 4 signing process" and "Examples: signature calculations" of the Amazon S3 API reference.
 */
#ifndef WEIR_LAKE_AWS_SIGN_H
#define WEIR_LAKE_AWS_SIGN_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"

enum { AWS_HASH_LEN = 64 }; /* a SHA-256 in lower-case hexadecimal */

/* An access key; a new key is a new struct. */
struct aws_key {
	const char *id, *secret;
	const char *token; /* the token of a session, or NULL */
};

struct aws_request {
	const char *method;
	const char *host; /* as in the header Host, with the port unless it is the default */
	/*
	 * From the '/' on, encoded by uri_encode(), and signed without change: S3 does not encode it twice, and keeps
	 * "//" and "..".
	 */
	const char *path;
	const char *query; /* encoded ("a=b&c"), without the '?', in any order; NULL or "": none */
	/* Further headers that are signed, "Name: value" in any order; x-amz-date, -content-sha256 and -security-token
	 * are added. */
	const char *const *fields;
	size_t nfields;
	/* the hash of the body, AWS_HASH_LEN characters, or another text that S3 accepts, such as "UNSIGNED-PAYLOAD" */
	const char *hash;
	const char *region, *service;
};

/*
 * Append the headers that sign REQUEST ("Name: value", each ending in a line feed: x-amz-date, x-amz-content-sha256,
 * x-amz-security-token if there is one, Authorization) to RET.  NOW_MS is since the epoch, up to the end of the year
 * 9999.
 *
 * -EINVAL, with RET untouched: a path or query that is not encoded as by uri_encode() (a server would encode it again,
 * and compute another signature), a header without a name, with a name that occurs twice or that is added here, blanks
 * or control characters in host, region, key and token, or a control character in a header.  -ENOMEM: libcrypto failed.
 */
int aws_sign(
	const struct aws_request *request, const struct aws_key *key, int64_t now_ms, struct strbuf *ret) MUST_CHECK;

/* The SHA-256 of LEN bytes at DATA, in hexadecimal.  -ENOMEM when libcrypto fails. */
int aws_hash(const void *data, size_t len, char ret[AWS_HASH_LEN + 1]) MUST_CHECK;

#endif
