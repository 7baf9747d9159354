/*
 * Signatures of requests to AWS and what speaks like it: Signature Version 4, in the header form.
 *
 * Layer: lake (uses base; libcrypto).  Pure: the time is a parameter.  Our own because libcurl's is wrong for many
 * keys (it signs raw path characters, does not sort the query, and leaves out the hash of the body). Source: "Signature
 * Version 4 signing process" and "Examples: signature calculations" of the Amazon S3 API reference.
 */
#ifndef WEIR_LAKE_AWS_SIGN_H
#define WEIR_LAKE_AWS_SIGN_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"

enum { AWS_HASH_LEN = 64 }; /* a SHA-256 in lower-case hexadecimal */

/* What signs; a key that is replaced is another struct. */
struct aws_key {
	const char *id, *secret;
	const char *token; /* of a session, or NULL */
};

struct aws_request {
	const char *method;
	const char *host; /* as the header Host has it, with a port that is not the default */
	/*
	 * From the '/' on, as uri_encode() writes it, and signed as it is: S3 does not encode it twice, and keeps "//"
	 * and "..".
	 */
	const char *path;
	const char *query; /* encoded ("a=b&c"), without the '?', in any order; NULL or "": none */
	/* Further headers that are signed, "Name: value" in any order; x-amz-date, -content-sha256 and -security-token
	 * are added. */
	const char *const *fields;
	size_t nfields;
	const char *hash; /* of the body: AWS_HASH_LEN characters, or what else S3 takes, as "UNSIGNED-PAYLOAD" */
	const char *region, *service;
};

/*
 * Append the headers that make REQUEST a signed one ("Name: value", each ending in a line feed: x-amz-date,
 * x-amz-content-sha256, x-amz-security-token if there is one, Authorization) to RET.  NOW_MS is since the epoch, up to
 * the end of the year 9999.
 *
 * -EINVAL, with RET untouched: a path or query that is not as uri_encode() writes it (a server would encode it anew,
 * and find another signature), a header without a name, with a name that occurs twice or that is added here, blanks or
 * control characters in host, region, key and token, or a control character in a header.  -ENOMEM: libcrypto failed.
 */
int aws_sign(
	const struct aws_request *request, const struct aws_key *key, int64_t now_ms, struct strbuf *ret) MUST_CHECK;

/* The SHA-256 of LEN bytes at DATA, in hexadecimal.  -ENOMEM when libcrypto fails. */
int aws_hash(const void *data, size_t len, char ret[AWS_HASH_LEN + 1]) MUST_CHECK;

#endif
