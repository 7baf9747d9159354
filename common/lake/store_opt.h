/*
 * Options of programs that open tables: how a table that is not a local directory is reached.
 *
 * Layer: lake (uses store, and opt of base).
 */
#ifndef WEIR_LAKE_STORE_OPT_H
#define WEIR_LAKE_STORE_OPT_H

#include "common/base/opt.h"
#include "common/lake/store.h"

/* clang-format off */
/* The rows of the option table, with struct store_options o: STORE_OPTIONS(&o). */
#define STORE_OPTIONS(o)                                                                                    \
	{ .name = "endpoint", .type = OPT_STRING, .dest = &(o)->endpoint, .arg = "URL",                     \
	  .help = "the server of s3:// or az://; else as AWS_ENDPOINT_URL or AZURE_STORAGE_SERVICE_ENDPOINT says" },       \
	{ .name = "region", .type = OPT_STRING, .dest = &(o)->region, .arg = "REGION",                      \
	  .help = "the region of s3://; else AWS_REGION, or that of the profile" },                         \
	{ .name = "s3-style", .type = OPT_STRING, .dest = &(o)->s3_style, .arg = "path|host",               \
	  .help = "where the name of the bucket goes: into the path or the host; host only for AWS by default" }, \
	{ .name = "ca-file", .type = OPT_STRING, .dest = &(o)->http.ca_file, .arg = "FILE",                 \
	  .help = "certificates to trust, PEM; else the system's" },                                        \
	{ .name = "proxy", .type = OPT_STRING, .dest = &(o)->http.proxy, .arg = "URL",                      \
	  .help = "proxy for requests; else http_proxy, https_proxy and no_proxy" },                        \
	{ .name = "trace", .type = OPT_STRING, .dest = &(o)->http.trace, .arg = "FILE",                     \
	  .help = "append a line about each request to FILE" }
/* The row of --timeout, for programs that do not have that option for another reason. */
#define STORE_TIMEOUT_OPTION(o)                                                                             \
	{ .name = "timeout", .type = OPT_DURATION, .dest = &(o)->http.call_ms, .arg = "DURATION", .min = 1, \
	  .max = 86400000, .help = "how long to try a request to the store, 2m by default" }
/* The rows for programs that write. */
#define STORE_WRITE_OPTIONS(o)                                                                              \
	{ .name = "uploads", .type = OPT_CALL, .dest = &(o)->uploads, .arg = "N", .parse = store_parse_uploads, \
	  .help = "requests in flight, 1 to 64, 4 by default" },                                            \
	{ .name = "rate", .type = OPT_SIZE, .dest = &(o)->http.rate, .arg = "SIZE", .min = 1, .max = 1ull << 44, \
	  .help = "upload at most this many bytes a second" },                                                \
	{ .name = "storage-class", .type = OPT_STRING, .dest = &(o)->storage_class, .arg = "CLASS",         \
	  .help = "of the files in s3://, such as STANDARD_IA; the tier of those in az://" },                                           \
	{ .name = "tags", .type = OPT_STRING, .dest = &(o)->tags, .arg = "KEY=VALUE&...",                   \
	  .help = "of the files in s3:// and az://" },                                                                \
	{ .name = "sse", .type = OPT_STRING, .dest = &(o)->sse, .arg = "AES256|aws:kms",                    \
	  .help = "how the server of s3:// encrypts what is written" },                                     \
	{ .name = "sse-key", .type = OPT_STRING, .dest = &(o)->sse_key, .arg = "ID",                        \
	  .help = "with --sse aws:kms: the key" }
/* clang-format on */

/* The `parse` function of --uploads; DEST points to an unsigned. */
int store_parse_uploads(const char *value, void *dest, struct strbuf *err);

/*
 * What is wrong with the options, or NULL: a style or an encryption that does not exist, a key without its encryption,
 * a value that would end a header.
 */
const char *store_options_fault(const struct store_options *options);

#endif
