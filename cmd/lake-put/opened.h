/* A table that lake-put writes, from the store to the sink. */
#ifndef WEIR_LAKE_PUT_OPENED_H
#define WEIR_LAKE_PUT_OPENED_H

#include "common/lake/layout.h"
#include "table.h"

struct opened {
	char uuid[UUID_LEN + 1];
	struct table table; /* as the options have it */
	struct layout own;  /* as an existing Delta table has it, without --partition-by */
	struct log log;
	struct table_place place;
	struct table_sink sink; /* without rows before opened_rows() */
};

/* What --table says. */
const struct table_ops *opened_ops(void);

/* How many bytes of --memory the stores may use in all: what waits to be uploaded. */
uint64_t opened_store_memory(void);

/*
 * Open the store of the table URL, and its log at the head, after publishing and cleaning what others left.
 *
 * COMMON has what is the same for all tables (layout, times, rejects, pool); STORE_MEMORY and MEMORY are the bytes that
 * the store and the rest may use.  EXIT_OK; EXIT_NO: the id of --id is committed already; else an exit status after a
 * message.  Close T in any case.  Its address must not change.
 */
int opened_open(
	struct opened *t, const char *url, const struct table_place *common, uint64_t store_memory, uint64_t memory);

/*
 * Whether the table in STORE is, or could become, the one that the options describe, partitioned by LAYOUT: 0 or an
 * error of log_open().  Nothing is changed.
 */
int opened_check(struct store *store, const struct layout *layout, struct strbuf *err) MUST_CHECK;

/* Be ready for records: an exit status, after a message unless it is EXIT_OK. */
int opened_rows(struct opened *t);

void opened_close(struct opened *t);

#endif
