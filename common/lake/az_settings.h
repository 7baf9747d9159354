/*
 * Which account of Azure Storage is meant, and how it is entered, by the variables that the Azure tools have.
 *
 *  1. AZURE_STORAGE_CONNECTION_STRING: "AccountName=…;AccountKey=…" or "BlobEndpoint=…;SharedAccessSignature=…"
 *  2. AZURE_STORAGE_ACCOUNT, and AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN; AZURE_STORAGE_SERVICE_ENDPOINT
 *
 * Layer: lake (uses base, secret).  A variable that is empty is not set.  What the connection string does not say, the
 * variables do.  No message has a key or a signature.
 */
#ifndef WEIR_LAKE_AZ_SETTINGS_H
#define WEIR_LAKE_AZ_SETTINGS_H

#include "common/base/strbuf.h"

/* Owned strings; NULL: not said. */
struct az_settings {
	char *account;
	char *key;      /* base64 */
	char *sas;      /* a query, without the '?' */
	char *endpoint; /* of the blobs: "https://account.blob.core.windows.net", "http://127.0.0.1:10000/account" */
};

/* 0, or -EINVAL with ERR: the connection string or a variable is not as it has to be.  RET is released then. */
int az_settings_read(struct az_settings *ret, struct strbuf *err) MUST_CHECK;
void az_settings_release(struct az_settings *settings);

/* The same of a connection string alone: NAME=VALUE, separated by ';'.  Names that we do not know are passed over. */
int az_connection_string(const char *text, struct az_settings *ret, struct strbuf *err) MUST_CHECK;

/* The value of the environment's NAME; NULL when it is not set or empty. */
const char *az_variable(const char *name);

#endif
