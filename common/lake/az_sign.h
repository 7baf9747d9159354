/*
 * Signatures of requests to Azure Storage: the scheme SharedKey.
 *
 * Layer: lake (uses base, data, secret; libcrypto).  Pure: the time is one of the headers.  Source: "Authorize with
 * Shared Key" of the REST API of Azure Storage (Blob service, versions from 2015-02-21 on).
 */
#ifndef WEIR_LAKE_AZ_SIGN_H
#define WEIR_LAKE_AZ_SIGN_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"

struct az_request {
	const char *method;
	const char *account; /* the name of the account */
	const char *path;    /* from the '/' on, encoded by uri_encode() */
	const char *query;   /* encoded in the same way ("a=b&c"), without the '?', in any order; NULL or "": none */
	/*
	 * All headers except Host, Content-Length and Authorization: "Name: value", in any order; x-ms-date must be
	 * among them.
	 */
	const char *const *fields;
	size_t nfields;
	uint64_t len; /* Content-Length */
};

/*
 * Append the text of REQUEST that is signed to RET.  -EINVAL, with RET untouched: a header without a name, or with a
 * control character in it; a name of an x-ms- header or of a parameter that occurs twice; a query that is not encoded.
 */
int az_sign_text(const struct az_request *request, struct strbuf *ret) MUST_CHECK;

/*
 * Append the header that signs REQUEST ("Authorization: …", ending in a line feed) to RET.  KEY is in base64, as Azure
 * gives it.  -EINVAL as above, or when KEY is not base64; -ENOMEM: libcrypto failed.
 */
int az_sign(const struct az_request *request, const char *key, struct strbuf *ret) MUST_CHECK;

#endif
