/*
 * The actions in a Parquet file of a Delta table's log: a checkpoint, one of its parts, or a sidecar.
 *
 * Layer: lake (uses store; rows of parquet; schema of data; jansson).  By PROTOCOL.md, "Checkpoints": a row has one
 * action, in the column of its name.  The file is read as a whole, of at most DELTA_ACTIONS_BYTES, and one row group is
 * decoded at a time.
 */
#ifndef WEIR_LAKE_DELTA_ACTIONS_H
#define WEIR_LAKE_DELTA_ACTIONS_H

#include <jansson.h>

#include "common/lake/store.h"
#include "common/parquet/rows.h"

#define DELTA_ACTIONS_BYTES (UINT64_C(1) << 28)

struct delta_actions {
	struct strbuf name; /* URL and path, for messages */
	struct strbuf data;
	struct pq_file *file;
	struct pq_rows *rows;
};

/* Make IN a reader without a file; close it in any case. */
void delta_actions_init(struct delta_actions *in);

/*
 * Read PATH, whatever IN has read before.  -EBADMSG: it is gone, or damaged; or another error of store_get(); ERR has
 * the file's name.
 */
int delta_actions_open(struct delta_actions *in, struct store *store, const char *path, struct strbuf *err) MUST_CHECK;
void delta_actions_close(struct delta_actions *in);

/*
 * Begin at the first row, with the columns of WANT, which must outlive the reading.  -EBADMSG when one has another
 * type, or there is none of them.
 */
int delta_actions_begin(struct delta_actions *in, const struct schema *want, struct strbuf *err) MUST_CHECK;

/*
 * The next action: 1, and {NAME:ACTION}, owned by the caller, NAME being one of the wanted columns; 0 at the end;
 * -EBADMSG and -ENOTSUP of pq_rows_next(), and -EBADMSG when a row has two actions or one of another form.
 */
int delta_actions_next(struct delta_actions *in, json_t **ret, struct strbuf *err) MUST_CHECK;

/* The file has the fault WHY, which goes into ERR with its name; returns R (-ENOTSUP: it is not read here). */
int delta_actions_fault(const struct delta_actions *in, int r, const char *why, struct strbuf *err);

#endif
