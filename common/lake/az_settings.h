/*
 * Which account of Azure Storage to use, and how to authenticate, from the variables of the Azure tools.
 *
 *  1. AZURE_STORAGE_CONNECTION_STRING: "AccountName=…;AccountKey=…" or "BlobEndpoint=…;SharedAccessSignature=…"
 *  2. AZURE_STORAGE_ACCOUNT, and AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN; AZURE_STORAGE_SERVICE_ENDPOINT
 *
 * Layer: lake (uses base, secret).  An empty variable counts as not set.  Settings that the connection string lacks are
 * taken from the variables.  No message contains a key or a signature.
 */
#ifndef WEIR_LAKE_AZ_SETTINGS_H
#define WEIR_LAKE_AZ_SETTINGS_H

#include "common/base/strbuf.h"

/* Owned strings; NULL: not given. */
struct az_settings {
	char *account;
	char *key; /* base64 */
	char *sas; /* a query, without the '?' */
	/* the URL of the blobs: "https://account.blob.core.windows.net", "http://127.0.0.1:10000/account" */
	char *endpoint;
};

/* 0; or -EINVAL with ERR when the connection string or a variable is malformed; then RET is released. */
int az_settings_read(struct az_settings *ret, struct strbuf *err) MUST_CHECK;
void az_settings_release(struct az_settings *settings);

/* The same from a connection string alone: NAME=VALUE, separated by ';'.  Unknown names are ignored. */
int az_connection_string(const char *text, struct az_settings *ret, struct strbuf *err) MUST_CHECK;

/* The value of the environment's NAME; NULL when it is not set or empty. */
const char *az_variable(const char *name);

#endif
