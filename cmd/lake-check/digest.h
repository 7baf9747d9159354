/*
 * What the records of a table add up to, whatever their order and whichever files they are in.
 */
#ifndef WEIR_LAKE_CHECK_DIGEST_H
#define WEIR_LAKE_CHECK_DIGEST_H

#include "common/lake/log.h"

struct digest {
	enum table_kind kind;
	int64_t version;
	uint64_t records;
	uint64_t sum[2]; /* of the 128 bits of each record's XXH3, each half by itself, modulo 2^64 */
};

/*
 * Read all records of the newest version of the table in STORE.  -ENOENT when there is no table; -EBADMSG when a file
 * is gone or damaged; errors of the log and the store; the reason is in ERR.
 */
int digest_table(
	struct store *store, const struct store_options *options, struct digest *ret, struct strbuf *err) MUST_CHECK;

#endif
