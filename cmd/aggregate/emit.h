/*
 * The output: rows for groups, chosen, sorted and written.
 *
 * Rows of one time (a batch, or a window) are written together: emit_begin, emit_add for each group, emit_end.
 */
#ifndef WEIR_AGGREGATE_EMIT_H
#define WEIR_AGGREGATE_EMIT_H

#include "cmd/aggregate/query.h"
#include "common/base/arena.h"
#include "common/data/table.h"
#include "common/io/flow.h"

enum emit_format {
	EMIT_AUTO, /* a table on a terminal, else JSON */
	EMIT_JSON,
	EMIT_TSV,
	EMIT_TABLE,
};

struct emit_opts {
	int format; /* enum emit_format */
	bool no_header;
	const char *having, *sort;
	uint64_t limit; /* rows of each time */
};

/* A group that is to be written. */
struct emit_item {
	uint64_t prefix; /* of its sort key, or its key */
	const char *key, *order;
	uint32_t key_len, order_len;
	void *block;
	bool other;
};

struct emit_sort {
	size_t column;
	bool descending;
};

struct emit {
	struct query *query;
	enum emit_format format;
	bool no_header, header_done;
	uint64_t limit;
	struct expr *having;
	struct row row;
	size_t key_at;        /* the column of the key's first value */
	int start_at, end_at; /* the columns of the window, -1: none */
	int other_at;         /* --overflow other: the column that says so, -1: none */
	struct emit_sort *sort;
	size_t sort_count;
	struct strbuf *names; /* of the columns, as JSON has them: `{"name":` or `,"name":` */
	struct table table;   /* of EMIT_TABLE, the rows so far */
	/* The rows of this time. */
	struct span span;
	int64_t start_ms, end_ms;
	struct emit_item *items;
	size_t count, room;
	struct arena orders;
	struct strbuf order;
};

/* Make the columns of Q's rows and compile the options.  -EINVAL with the reason in ERR. */
int emit_init(struct emit *e, const struct emit_opts *opts, struct query *q, bool windows, bool other,
	struct strbuf *err) MUST_CHECK;
void emit_release(struct emit *e);

/* Rows that are about [START_MS, END_MS), which is no window when both are 0; SECONDS is what a rate is of. */
void emit_begin(struct emit *e, int64_t start_ms, int64_t end_ms, double seconds);

/* KEY and BLOCK have to stay until emit_end.  OTHER: the records of groups above the limit. */
void emit_add(struct emit *e, const char *key, size_t len, void *block, bool other);

/* Write them.  Returns 0, FLOW_STOP, or an exit status after a message. */
int emit_end(struct emit *e, struct flow *flow) MUST_CHECK;

#endif
