/*
 * The filter driver for records with fields: what all programs that process the fields of JSON, TSV or CSV share.
 *
 * Layer: data (uses records, rejects, fields; filter, checkpoint of stream).  It is built on the line filter
 * (filter.h): it cuts spans into records, finds the header of each input, names and counts the records that cannot be
 * used, puts records aside, and requires --state where a program has one.  A program supplies callbacks (struct
 * record_filter_ops) and calls, in this order:
 *
 *     record_filter_open(&rf, &ops, self, &opts.common)        the reader, rf.records
 *     records_add(rf.records, …), records_bind(rf.records, …)  which fields it needs
 *     unseen_add(&rf.unseen, …)                                which of them are probably misspelt if no record has
 * them record_filter_state(), _aside() if it has such options record_filter_run(&rf, operands) the whole run, with its
 * messages record_filter_release(&rf) however far the run got
 *
 * Everything up to `run` returns OPT_GO or the exit status to end with, after a message.  tests/unit has a program.
 *
 * **Bad records** are malformed, or the program has refused them (record_filter_refuse()).  The user decides what
 * becomes of them, by --rejects (rejects.h).  An error ends the run with a message that names input, number and place;
 * in a marked stream before the mark of the batch, so that no sink commits a batch that lacks a record.
 */
#ifndef WEIR_DATA_RECORD_FILTER_H
#define WEIR_DATA_RECORD_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/opt.h"
#include "common/data/aside.h"
#include "common/data/records.h"
#include "common/data/rejects.h"
#include "common/data/unseen.h"
#include "common/stream/checkpoint.h"
#include "common/stream/filter.h"

/*
 * The options that every such program has.  RECORD_FILTER_OPTIONS(&x, "error") goes into its option table, with what
 * happens to bad records without --rejects.
 */
struct record_filter_opts {
	struct rejects_opts rejects;
	struct records_opts records;
	struct filter_opts filter;
	bool stats; /* the program prints statistics: record_filter_run() has counted */
};
/* clang-format off */
#define RECORD_FILTER_OPTIONS(o, fate)                                                                     \
	REJECTS_OPTIONS(&(o)->rejects, fate),                                                              \
	RECORDS_OPTIONS(&(o)->records),                                                                    \
	{ .name = "stats", .dest = &(o)->stats, .help = "print counts on standard error at the end" },     \
	FILTER_OPTIONS(&(o)->filter)
/* clang-format on */

/*
 * What a program does.  All but `record` may be NULL.  SELF is what record_filter_open() was given.  Callbacks that
 * return int return the same as those of filter.h: 0, an exit status after a message, or FLOW_STOP.
 */
struct record_filter_ops {
	const struct opt_spec *spec; /* for usage errors */
	/* The callbacks and properties of filter.h, except span, record and state, which the driver supplies. */
	struct filter stream;
	/* Called first: the format is known, and records end with DELIM. */
	void (*begin)(void *self, enum records_format format, char delim);
	/*
	 * Called before the records of a span; S is NULL before the records at the end of a batch (an open record of
	 * CSV, if any).
	 */
	int (*span)(void *self, const char *s, size_t len, struct flow *flow);
	/*
	 * A record, without delimiter, and its VALUES by the indexes of records_add().  All are valid until the next
	 * callback.  With STAYS the record lies in the span, so that REC and slices of it are valid until
	 * `flush_pending` has returned; a program can then write neighbouring records at once, or do look-ups together.
	 */
	int (*record)(
		void *self, const struct value *values, const char *rec, size_t len, bool stays, struct flow *flow);
	/*
	 * Finish the work that `record` has put off: called before headers and malformed records, and at the end of
	 * each span.
	 */
	int (*flush_pending)(void *self, struct flow *flow);
	/*
	 * The header of an input.  Programs that write a header pass it (unchanged, or a new one made from it) to
	 * record_filter_put_header(); NULL: columns are found by their names, and no header is written.
	 */
	int (*header)(void *self, const char *rec, size_t len, struct flow *flow);
	const char *header_hint; /* appended to the message that headers differ: " (with --fields it may)" */
};

struct record_filter {
	const struct record_filter_ops *ops;
	void *self;
	const struct record_filter_opts *opts;
	struct records *records; /* owned */
	struct rejects rejects;  /* .read counts all records, .count those that were rejected */
	uint64_t malformed;      /* malformed records, including rejected ones */
	bool begun;              /* a record or a header was read */
	struct unseen
		unseen; /* fields that no record has had; the program adds them, and they are reported at the end */
	/*
	 * The program may set it before the run: the reason, for the message, why a marked stream is refused (exit
	 * status 2).
	 */
	const char *no_marks;
	/* Used by the driver only. */
	struct checkpoint checkpoint;
	const char *needs_state; /* the option that needs state, when no --state was given */
	uint64_t batch_began;    /* rejects.read as it was before the batch */
	uint64_t refused;        /* rejects.read when a record was rejected last */
	struct aside aside;
	bool aside_failed;    /* there is a failure, which was reported */
	struct strbuf header; /* the first one, as it was written */
	bool header_put;
};

/*
 * Begin: OPS, SELF and OPTS must live until record_filter_release(), which must be called in any case.  OPT_GO, or an
 * exit status after a message.
 */
int record_filter_open(struct record_filter *rf, const struct record_filter_ops *ops, void *self,
	const struct record_filter_opts *opts) MUST_CHECK;
void record_filter_release(struct record_filter *rf);

/*
 * Check E, the result of a function that asks for fields or compiles expressions.  When it is -EINVAL (a usage error),
 * that function has put the reason into ERR.  OPT_GO when E is 0 or more, else the exit status after a message.  ERR is
 * released.
 */
int record_filter_check(const struct record_filter *rf, int e, struct strbuf *err) MUST_CHECK;

/*
 * The program has state: open it as checkpoint_open() does (OPTS, FORM, SELF of its callbacks, QUERY).  NEEDED_BY names
 * what would lose something at a restart ("dedupe", "--window"): without --state a marked stream is then refused (exit
 * status 2).  NULL: it is not.  OPT_GO, or an exit status after a message.
 */
int record_filter_state(struct record_filter *rf, const struct checkpoint_opts *opts, const struct checkpoint_ops *form,
	void *self, const char *query, const char *needed_by) MUST_CHECK;

/*
 * Records may be put aside in PATH, which OPTION ("--late") has given; NULL: they are not.  PATH must be neither the
 * output nor one of the inputs, OPERANDS.  OPT_GO, or an exit status after a message.
 */
int record_filter_aside(struct record_filter *rf, const char *option, const char *path, char **operands) MUST_CHECK;

/*
 * Run over OPERANDS (filter_run()), report at the end how many records were rejected and which fields were missing, and
 * close the files of records put aside.  Returns the exit status of the program.  Call sig_filter() or sig_effects()
 * before.
 */
int record_filter_run(struct record_filter *rf, char **operands) MUST_CHECK;

/* How many records have been read, including rejected ones. */
static inline uint64_t record_filter_read(const struct record_filter *rf)
{
	return rf->rejects.read;
}

/* How many of these had values because they were not malformed. */
static inline uint64_t record_filter_well_formed(const struct record_filter *rf)
{
	return rf->rejects.read - rf->malformed;
}

/* Whether bad records are rejected, so that the stream goes on without them. */
static inline bool record_filter_goes_on(const struct record_filter *rf)
{
	return rf->opts->rejects.fate != REJECTS_ERROR;
}

/* --- from the callbacks: each returns as they do ------------------------------------------------------------------ */

/*
 * The current record is bad: WHAT is wrong, and WHERE ("expression, character 3"), or NULL.  Returns 0 to go on without
 * it.
 */
int record_filter_refuse(struct record_filter *rf, const char *where, const char *what, struct flow *flow) MUST_CHECK;

/*
 * The same for a record of this input that was put off, NUMBER being its records_number().  This is always an error: a
 * program must not put off a record that it may refuse when record_filter_goes_on().
 */
int record_filter_refuse_number(
	struct record_filter *rf, uint64_t number, const char *where, const char *what, struct flow *flow) MUST_CHECK;

/* Put the current record aside because of REASON; that is not an error. */
int record_filter_put_aside(struct record_filter *rf, const char *reason, struct flow *flow) MUST_CHECK;

/*
 * The header for the output is the LEN bytes at S: that of the first input is written.  Headers of later inputs must
 * have the same names (records_same_header()) or give the same output header; otherwise the program ends with 65.
 */
int record_filter_put_header(struct record_filter *rf, const char *s, size_t len, struct flow *flow) MUST_CHECK;

#endif
