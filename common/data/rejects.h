/*
 * What is done with bad records: --rejects error|drop|FILE and --max-rejects, the same in every program that reads
 * records.
 *
 * Layer: data (uses base, value, aside; mark of stream).  Prints: part of the drivers.  Used by the record filter
 * (record_filter.h) and by sinks.
 *
 * A record is bad when it is not valid in its format (not JSON, nested too deep, another number of columns than the
 * header) or when the program cannot use it.  With `error` it ends the program with 65 (the program prints the
 * message); with `drop` it is left out; with a FILE it is written there (aside.h).  With the latter two the stream goes
 * on, a line at the end says how many there were, and the exit status is 1; more of them than --max-rejects allows end
 * the program with 65.
 */
#ifndef WEIR_DATA_REJECTS_H
#define WEIR_DATA_REJECTS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/opt.h"
#include "common/data/aside.h"

enum rejects_fate { REJECTS_ERROR, REJECTS_DROP, REJECTS_FILE };

struct rejects_opts {
	enum rejects_fate fate;
	const char *path;  /* REJECTS_FILE */
	const char *topic; /* REJECTS_DROP, and the program sends them to this topic; NULL: it does not */
	struct rejects_limit {
		bool set, percent; /* not set: any number */
		uint64_t count;
		double share; /* 0 to 1, when `percent` */
	} limit;
};
/* clang-format off */
#define REJECTS_OPTIONS(r, by_default)                                                                       \
	{ .name = "rejects", .type = OPT_CALL, .dest = (r), .arg = "error|drop|FILE", .parse = rejects_parse, \
	  .help = "bad records end the program, are left out, or go to FILE; by default " by_default },      \
	{ .name = "max-rejects", .type = OPT_CALL, .dest = &(r)->limit, .arg = "N|P%",                     \
	  .parse = rejects_parse_limit, .help = "end with 65 if more than this number or share of records is rejected" }
/* clang-format on */

/* OPT_CALL of --rejects, into a struct rejects_opts.  -EINVAL with the reason in ERR. */
int rejects_parse(const char *value, void *opts, struct strbuf *err) MUST_CHECK;

/* OPT_CALL of --max-rejects: a number of records, or a percentage of 0 to 100.  -EINVAL with the reason in ERR. */
int rejects_parse_limit(const char *value, void *limit, struct strbuf *err) MUST_CHECK;

/*
 * Whether REJECTED of READ records are more than LIMIT allows.  A share is judged only from 1000 records on, or when
 * WHOLE is set: READ is the number of all records of a batch or a plain stream.
 */
bool rejects_too_many(const struct rejects_limit *limit, uint64_t rejected, uint64_t read, bool whole) MUST_CHECK;

/* The rejects of one run. */
struct rejects {
	const struct rejects_opts *opts; /* borrowed */
	uint64_t read;                   /* records so far, including the current one; the program counts them */
	uint64_t count;                  /* of these, rejected */
	bool before;                     /* an earlier run has rejected them: rejects_add() only leaves them out */
	struct aside aside;
	bool failed; /* the file could not be written, which was reported */
	bool over;   /* there are too many, which was reported */
};

/*
 * Begin.  R must be zeroed before; rejects_end() releases it whatever this returns.  OPERANDS are the inputs, none of
 * which may be the file; PROGRAM is for usage errors.  OPT_GO, or an exit status after a message.
 */
int rejects_open(
	struct rejects *r, const struct rejects_opts *opts, const struct opt_spec *program, char **operands) MUST_CHECK;

/* Whether bad records are rejected, and the stream goes on without them. */
static inline bool rejects_go_on(const struct rejects *r)
{
	return r->opts->fate != REJECTS_ERROR;
}

/*
 * Reject the record REC, which R has read (only when rejects_go_on()); MARKED: it belongs to a batch.  Returns 0 to go
 * on without it, or an exit status after a message.
 */
int rejects_add(struct rejects *r, bool marked, const struct aside_record *rec) MUST_CHECK;

/* The same for another record that was made of one that is counted already. */
int rejects_add_again(struct rejects *r, bool marked, const struct aside_record *rec) MUST_CHECK;

/*
 * The batch of MARK (NULL: the plain stream) has ended.  Returns 0 when its rejected records are on disk; otherwise an
 * exit status after a message, and nothing of the batch may be committed.
 */
int rejects_batch(struct rejects *r, const struct mark *mark) MUST_CHECK;

/*
 * The run has ended with STATUS: report how many were rejected, close the file.  Returns the exit status of the
 * program; that rejected records make it 1 is decided only here.
 */
int rejects_end(struct rejects *r, int status) MUST_CHECK;

/* For messages at the end: append `2 of 3 records (67 %)` to TEXT, for N of the records that R has read. */
void rejects_add_share(const struct rejects *r, uint64_t n, struct strbuf *text);

/*
 * Check E, the result of a function of aside.h for ASIDE: 0, or an exit status after a message.  The message is printed
 * only once: not if *SAID is set.
 */
int rejects_aside_status(const struct aside *aside, int e, bool *said) MUST_CHECK;

/*
 * Open PATH (NULL: none), given by OPTION, for ASIDE; it must be neither the output nor one of OPERANDS.  OPT_GO, or an
 * exit status after a message.
 */
int rejects_aside_open(struct aside *aside, const char *option, const char *path, const struct opt_spec *program,
	char **operands) MUST_CHECK;

#endif
