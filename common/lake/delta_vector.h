/*
 * The deletion vector of a file of a Delta table, from where its add action says that it is.
 *
 * Layer: lake (uses deletion_vector, elsewhere, store; z85 of data; jansson).  By PROTOCOL.md, "Deletion Vectors": it
 * is in the action itself, or in a file of the table that is named by a UUID, with its size before and a CRC-32 after
 * it.
 */
#ifndef WEIR_LAKE_DELTA_VECTOR_H
#define WEIR_LAKE_DELTA_VECTOR_H

#include <jansson.h>

#include "common/lake/deletion_vector.h"
#include "common/lake/elsewhere.h"

struct delta_vector {
	struct deletion_vector rows;
	struct strbuf data; /* of `rows` */
};

/* Whether ADD has one. */
bool delta_vector_is_there(const json_t *add);

/* Append the id of the vector of ACTION, an add or a remove, by the protocol; nothing when it has none. */
void delta_vector_id(const json_t *action, struct strbuf *ret);

/* Whether the vector of ACTION is in a file of the table: then its path is appended to RET. */
bool delta_vector_path(const json_t *action, struct strbuf *ret);

/* How many rows the log says it deletes; 0: ADD has none, or it is not described. */
uint64_t delta_vector_count(const json_t *add);

/*
 * Read that of ADD, a file of ROWS rows of the table of PLACES.  -EBADMSG: it is damaged, gone, or contradicts the
 * action; -ENOTSUP: it is outside of the table, where it is not read; errors of elsewhere_find() and the store; ERR is
 * complete except for the name of the file.  Release RET in any case.
 */
int delta_vector_find(const json_t *add, struct elsewhere *places, uint64_t rows, struct delta_vector *ret,
	struct strbuf *err) MUST_CHECK;

/* The same for the table in STORE, if it is there. */
int delta_vector_read(
	const json_t *add, struct store *store, uint64_t rows, struct delta_vector *ret, struct strbuf *err) MUST_CHECK;
void delta_vector_release(struct delta_vector *v);

#endif
