/*
 * What the statuses of a pipeline's programs come to, by the rules of weir-guarantees(7).
 *
 * Pure: no descriptors, clocks or messages.
 */
#ifndef WEIR_RUN_JUDGE_H
#define WEIR_RUN_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

/* More programs than a pipeline has; the statuses of those beyond are not looked at. */
#define JUDGE_MAX 256

/* How a pipeline has ended, as its shell tells it. */
struct outcome {
	int shell;               /* the status of the shell itself, 128 + n when signal n has killed it */
	size_t count;            /* of the statuses below; 0: the shell has left no word */
	int statuses[JUDGE_MAX]; /* of the programs of its last pipeline, from left to right */
};

enum verdict_kind {
	VERDICT_WELL,  /* every status was 0, or 1, which is a healthy end */
	VERDICT_AGAIN, /* it may help to run it again */
	VERDICT_FAILED /* it will not */
};

struct run_verdict {
	enum verdict_kind kind;
	int status; /* to end with: 0 or 1; 75; or the first one that is final */
};

/*
 * When the shell's own status is not the one that its last pipeline has given it, the text has ended by something
 * else, such as `exit 5`: then the shell's status is the only one, and the others are dropped.
 */
void outcome_reduce(struct outcome *o);

/*
 * 0 and 1 are well, 75 and death by a signal ask for another try, any other status is final, and that of the first
 * program that has one counts.  Death by SIGPIPE only says that the next program has ended, whose own status counts;
 * that of the last program is final, because nobody reads what the pipeline prints.  STOPPED is the signal that the
 * pipeline was asked to end by, once; 0: none: death by that one is well.
 */
struct run_verdict judge(const struct outcome *o, int stopped);

#endif
