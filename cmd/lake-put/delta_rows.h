/* Converts records to rows of the Parquet files of a commit to a Delta table, by its schema. */
#ifndef WEIR_LAKE_PUT_DELTA_ROWS_H
#define WEIR_LAKE_PUT_DELTA_ROWS_H

#include "common/lake/delta_writer.h"
#include "common/parquet/shred.h"
#include "delta_open.h"
#include "delta_parts.h"
#include "times.h"

struct delta_rows {
	struct table_place place;
	struct delta_schema schema;
	struct shred *shred;
	struct delta_writer *writer; /* NULL: the schema is not known yet */
	struct delta_parts parts;
	struct delta_part *part; /* of the last record; NULL: not known */
	const char *end;         /* of the span */
	char delim;
	bool malformed; /* the current record is not JSON */
	bool added;     /* the new fields of the current record were added */
};

/* What compresses the pages. */
struct pq_codec_spec delta_rows_codec(void);

void delta_rows_release(struct delta_rows *rows);

/*
 * The columns are known, from GIVEN or from the table: prepare for records.  Errors of delta_schema_open(),
 * delta_writer_new() and shred_new(), with ERR.
 */
int delta_rows_begin(struct delta_rows *rows, const struct schema *given, struct strbuf *err) MUST_CHECK;

/* The operation `span` of struct table_ops. */
int delta_rows_span(struct delta_rows *rows, struct sink_place *place, const char *s, size_t len, struct flow *flow,
	struct strbuf *err) MUST_CHECK;

/* Begin with the LEN bytes at S, records that end with DELIM; after this call shred_next() and delta_rows_store(). */
void delta_rows_enter(struct delta_rows *rows, const char *s, size_t len, char delim);

/* Store the record REC, which is the shredder's current one and has the time T; or refuse it. */
int delta_rows_store(struct delta_rows *rows, struct sink_place *place, const struct timespec *t, const char *rec,
	size_t len, struct strbuf *err) MUST_CHECK;

/*
 * The same for a record of TSV or CSV that has these VALUES in the columns of rows->schema.rows, in their order.
 */
int delta_rows_store_values(struct delta_rows *rows, struct sink_place *place, const struct timespec *t,
	const char *rec, size_t len, const struct value *values, struct strbuf *err) MUST_CHECK;

/*
 * Go on with other columns, ROWS, which schema_extend() has made; takes ownership of them.  Errors of the writer and of
 * shred_new(), with ERR.
 */
int delta_rows_renew(struct delta_rows *rows, const struct schema *columns, struct strbuf *err) MUST_CHECK;

/* Refuse the record T, for which times_next() has returned TIMED, which is not 1, and ERROR. */
int delta_rows_untimed(struct delta_rows *rows, struct sink_place *place, int timed, const struct timed *t,
	const struct times_error *error, struct strbuf *err) MUST_CHECK;

#endif
