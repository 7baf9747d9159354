/*
 * The verdict on the statuses of a pipeline's programs, by the rules of weir-guarantees(7).
 *
 * It has no side effects: no descriptors, clocks or messages.
 */
#ifndef WEIR_RUN_JUDGE_H
#define WEIR_RUN_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

/* More than the programs of any pipeline; further statuses are ignored. */
#define JUDGE_MAX 256

/* How a pipeline has ended, as reported by its shell. */
struct outcome {
	int shell;               /* the status of the shell itself, 128 + n when signal n has killed it */
	size_t count;            /* number of the statuses below; 0: the shell has reported none */
	int statuses[JUDGE_MAX]; /* of the programs of its last pipeline, from left to right */
};

enum verdict_kind {
	VERDICT_WELL,  /* every status was 0, or 1, which is a healthy end */
	VERDICT_AGAIN, /* running it again may help */
	VERDICT_FAILED /* running it again will not help */
};

struct run_verdict {
	enum verdict_kind kind;
	int status; /* the exit status: 0 or 1; 75; or the first final one */
};

/*
 * If the shell's own status does not follow from its last pipeline, the text has ended in another way, such as by `exit
 * 5`: then only the shell's status counts, and the others are dropped.
 */
void outcome_reduce(struct outcome *o);

/*
 * The statuses 0 and 1 are healthy; 75 and death by a signal ask for another try; any other status is final, and the
 * first final one counts.  Death by SIGPIPE only says that the next program has ended, whose own status counts; for the
 * last program it is final, because the reader of the pipeline's output has gone.  STOPPED is the signal by which the
 * pipeline was asked to end (0: none); death by that signal is healthy.
 */
struct run_verdict judge(const struct outcome *o, int stopped);

#endif
