/*
 * The first records of a new Delta table without --schema: they are held in memory until its schema is inferred.
 *
 * What is not a JSON object, and what fits into no schema, is found at once, when the place of the record in its batch
 * is still known; all others fit into a schema that is made of them.
 */
#ifndef WEIR_LAKE_PUT_DELTA_INFER_H
#define WEIR_LAKE_PUT_DELTA_INFER_H

#include "common/data/schema.h"
#include "common/stream/sink.h"
#include "times.h"

struct delta_held {
	struct sink_place place;
	struct timespec time;
};

struct delta_infer {
	struct schema_infer *seen;
	struct strbuf bytes; /* of the records, each with its delimiter */
	struct delta_held *items;
	size_t count, room;
	uint64_t records, memory; /* so many of either are enough */
};

/* RECORDS above 0.  -ENOMEM. */
int delta_infer_new(uint64_t records, uint64_t memory, struct delta_infer **ret) MUST_CHECK;
void delta_infer_free(struct delta_infer *in); /* may be NULL */

/*
 * Hold the record T, which is at PLACE and ends with DELIM.  0; -EINVAL: it is refused, because of WHY; other errors,
 * with ERR: of schema_infer_json(), but -EBADMSG for too many fields.
 */
int delta_infer_add(struct delta_infer *in, const struct sink_place *place, const struct timed *t, char delim,
	struct strbuf *why, struct strbuf *err) MUST_CHECK;

/* The columns of a record of TSV or CSV. */
struct delta_infer_row {
	const char *const *names;
	const struct value *values;
	size_t count;
};

/* The same for a record of TSV or CSV, which has ROW.  It is refused when a field is not UTF-8. */
int delta_infer_add_row(struct delta_infer *in, const struct sink_place *place, const struct timed *t, char delim,
	const struct delta_infer_row *row, struct strbuf *why, struct strbuf *err) MUST_CHECK;

/* Whether the schema is to be inferred now. */
bool delta_infer_full(const struct delta_infer *in);

/*
 * Infer the schema of the new table at URL, and print it to standard error as --schema takes it, with what was assumed.
 * -EBADMSG with ERR when these records have none.
 */
int delta_infer_end(const struct delta_infer *in, const char *url, struct schema *ret, struct strbuf *err) MUST_CHECK;

#endif
