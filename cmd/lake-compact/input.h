/*
 * A Parquet file of the table that is read: small ones are in memory as a whole, because each request has its price.
 */
#ifndef WEIR_LAKE_COMPACT_INPUT_H
#define WEIR_LAKE_COMPACT_INPUT_H

#include "common/lake/store.h"
#include "common/parquet/scan.h"

struct input_file {
	struct store *store;
	const char *path;
	struct strbuf data; /* all of the file, or nothing */
	struct pq_source source;
	struct pq_file *file;
};

/*
 * Open PATH, a file of SIZE bytes in STORE; PATH is borrowed, and IN must not be moved.  FOOTER: only that is needed.
 * -EBADMSG with the reason in ERR when it is gone, has another size, or is damaged; errors of the store.  Close IN in
 * any case.
 */
int input_open(struct input_file *in, struct store *store, const char *path, uint64_t size, bool footer,
	struct strbuf *err) MUST_CHECK;
void input_close(struct input_file *in);

#endif
