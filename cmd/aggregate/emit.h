/*
 * The output: rows for groups are made, selected, sorted and written.
 *
 * Rows of one time (a batch, or a window) are written together: emit_begin, emit_add for each group, emit_end.
 */
#ifndef WEIR_AGGREGATE_EMIT_H
#define WEIR_AGGREGATE_EMIT_H

#include "cmd/aggregate/query.h"
#include "common/base/arena.h"
#include "common/data/table.h"
#include "common/stat/window_clock.h"
#include "common/stream/flow.h"

enum emit_format {
	EMIT_AUTO, /* a table on a terminal, else JSON */
	EMIT_JSON,
	EMIT_TSV,
	EMIT_TABLE,
};

struct emit_opts {
	int format; /* enum emit_format */
	bool no_header;
	bool partial; /* the state in place of the metrics */
	const char *having, *sort;
	uint64_t limit; /* rows of each time */
};

/* A group to write. */
struct emit_item {
	struct key_group group;
	uint32_t order_len;
	uint64_t prefix; /* of the sort key */
	const char *order;
};

/* The columns in addition to keys and metrics. */
enum emit_columns {
	EMIT_WINDOW = 1 << 0, /* window_start, window_end */
	EMIT_OTHER = 1 << 1,  /* other: --overflow other */
	EMIT_FINAL = 1 << 2,  /* final: nothing more will be added to this window */
	EMIT_LATE = 1 << 3,   /* late: records that came after the window's row was written */
	EMIT_BATCH = 1 << 4,  /* batch_start, batch_end; not with a window */
};

struct emit_sort {
	size_t column;
	bool descending;
};

struct emit {
	struct query *query;
	enum emit_format format;
	bool no_header, header_done, partial;
	char query_id[17];     /* what all partial results must have in common */
	struct strbuf scratch; /* of a state */
	uint64_t limit;
	struct expr *having;
	bool strict;        /* --having must be computable */
	uint64_t undecided; /* rows for which it could not be computed */
	struct result_row row;
	unsigned columns; /* enum emit_columns */
	/* index of the column of the first value of the key; those of a window or a batch come before it */
	size_t key_at;
	size_t metrics_at; /* index of the column of the first metric, or of `query` */
	size_t flags_at;   /* index of the first of `other`, `final`, `late` */
	struct emit_sort *sort;
	size_t sort_count;
	struct strbuf *names;      /* of the columns, as JSON: `{"name":` or `,"name":` */
	struct text_table table;   /* of EMIT_TABLE, the rows so far */
	struct window_clock *wall; /* the times of windows are its readings */
	int64_t batch_ms[2];       /* of EMIT_BATCH: when the batch began and ended; set by the caller */
	/* The rows of the current time. */
	double seconds;
	bool final, late, changed;
	struct emit_item *items;
	size_t count, room;
	struct arena orders;
	struct strbuf order;
};

/* Make the columns of Q's rows and COLUMNS, and compile the options.  -EINVAL with the reason in ERR. */
int emit_init(
	struct emit *e, const struct emit_opts *opts, struct query *q, unsigned columns, struct strbuf *err) MUST_CHECK;
void emit_release(struct emit *e);

/*
 * SECONDS is the duration for rates where there are no windows.  FINAL and LATE are the values of the columns of these
 * names.  With CHANGED, groups that have not changed since their row was written are left out.
 */
void emit_begin(struct emit *e, double seconds, bool final, bool late, bool changed);

/* EMIT is a struct emit.  GROUP's key and block must stay valid until emit_end. */
void emit_add(void *emit, const struct key_group *group);

/* Write the rows of a table, which can be laid out only when all its rows are known.  Returns like emit_end. */
int emit_flush(struct emit *e, struct flow *flow) MUST_CHECK;

/* Write the rows.  Returns 0, FLOW_STOP, or an exit status after a message. */
int emit_end(struct emit *e, struct flow *flow) MUST_CHECK;

#endif
