/*
 * The first records of a new Delta table without --schema: they are held in memory until its schema is inferred.
 *
 * Records that are not JSON objects, or that fit into no schema, are found at once, while the place of the record in
 * its batch is still known.  All other records fit into the schema that is inferred from them.
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
	struct strbuf bytes; /* the records, each with its delimiter */
	struct delta_held *items;
	size_t count, room;
	uint64_t records, memory; /* this many records, or this many bytes, are enough */
};

/* RECORDS must be above 0.  0 or -ENOMEM. */
int delta_infer_new(uint64_t records, uint64_t memory, struct delta_infer **ret) MUST_CHECK;
void delta_infer_free(struct delta_infer *in); /* may be NULL */

/*
 * Hold the record T, which is at PLACE and ends with DELIM.  0; -EINVAL: it is refused, for the reason WHY; other
 * errors, with ERR, are those of schema_infer_json(), except that too many fields give -EBADMSG.
 */
int delta_infer_add(struct delta_infer *in, const struct sink_place *place, const struct timed *t, char delim,
	struct strbuf *why, struct strbuf *err) MUST_CHECK;

/* A record of TSV or CSV as columns. */
struct delta_infer_row {
	const char *const *names;
	const struct value *values;
	size_t count;
};

/* The same for a record of TSV or CSV, which has ROW.  It is refused when a field is not UTF-8. */
int delta_infer_add_row(struct delta_infer *in, const struct sink_place *place, const struct timed *t, char delim,
	const struct delta_infer_row *row, struct strbuf *why, struct strbuf *err) MUST_CHECK;

/* Whether the schema should be inferred now. */
bool delta_infer_full(const struct delta_infer *in);

/*
 * Infer the schema of the new table at URL, and print it, in the form of --schema and with the assumptions made, on
 * standard error.  -EBADMSG with ERR when these records have no schema.
 */
int delta_infer_end(const struct delta_infer *in, const char *url, struct schema *ret, struct strbuf *err) MUST_CHECK;

#endif
