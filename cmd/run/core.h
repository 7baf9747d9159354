/*
 * What `run` decides: when a pipeline is started, asked to end, killed, and started again.
 *
 * It has no side effects: the shell around it (loop.h) reports events and their times, and carries out what the answer
 * asks for, in the order of its members.  Times are clock_ms().
 *
 *     state     is left by            for
 *     RUNNING   core_ended            REST, with the verdict on its statuses
 *     REST      core_rest(none left)  WAITING when another try is due, else OVER
 *     WAITING   its pause is over     RUNNING; a signal: OVER
 *
 * In RUNNING and REST a first signal goes to the sources only, so that all that was read is still processed (but not
 * before the shell has had a moment to connect them to the other programs; until then sources cannot be recognised).  A
 * second signal, more than a second later, goes to every program; a third one, or the end of the grace period, kills
 * them.  Processes that a pipeline leaves behind (REST) have a second to end by themselves, then get SIGTERM, and are
 * killed after half a minute.  They may be a consumer of a group, or a writer of a table, with which the next try would
 * compete.
 */
#ifndef WEIR_RUN_CORE_H
#define WEIR_RUN_CORE_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/run/judge.h"

enum {
	CORE_SAME_MS = 1000,  /* a signal within this time after another one counts as the same signal */
	CORE_TELL_MS = 1000,  /* after this long without a message, a line names what the program waits for */
	CORE_LOOK_MS = 200,   /* how often new sources are searched for while the pipeline is asked to end */
	CORE_REST_MS = 30000, /* when the rest of a pipeline is killed */
	CORE_PAUSE_MS = 1000, /* before the second try; twice as long before each further one */
	CORE_LONGEST_PAUSE_MS = 60000,
	CORE_GOOD_MS = 60000, /* a pipeline that has run for this long was healthy: the pause is the first one again */
};

enum core_state { CORE_RUNNING, CORE_REST, CORE_WAITING, CORE_OVER };

struct core {
	bool restart;     /* whether another try is made */
	int64_t grace_ms; /* from the first signal on, below 0: no limit */

	enum core_state state;
	int64_t since;      /* beginning of the state */
	int64_t started;    /* beginning of the try */
	int64_t pause_ms;   /* the last one, 0: none yet */
	int64_t asked_ms;   /* when the last signal came */
	int64_t grace_end;  /* 0: none */
	int64_t look, tell; /* when they are due; 0: not at all */
	unsigned asked;     /* how often a signal has asked it to end */
	int signal;         /* SIGTERM or SIGINT */
	bool killing;       /* in this try */
	uint64_t restarts;
	struct run_verdict verdict; /* beginning of the last try */
};

/* What the shell must do; a zeroed struct asks for nothing. */
struct core_actions {
	bool start;
	bool tell;   /* report for which processes it waits */
	int sources; /* a signal for the sources that have not had one yet; 0: none */
	int all;     /* a signal for all */
	bool kill;   /* kill all by SIGKILL */
	bool again;  /* report why there is another try, and that it begins in pause_ms */
	bool end;    /* end with verdict.status */
};

/* Begin the first try; RESTART and GRACE_MS must be set. */
void core_begin(struct core *c, int64_t now, struct core_actions *ret);

/* SIGNAL (SIGTERM or SIGINT) asks run to end. */
void core_signal(struct core *c, int signal, int64_t now, struct core_actions *ret);

/* The pipeline's shell has ended with OUTCOME; core_rest() comes next. */
void core_ended(struct core *c, const struct outcome *outcome, int64_t now);

/* LEFT: some process of the pipeline still runs although its shell has ended. */
void core_rest(struct core *c, bool left, int64_t now, struct core_actions *ret);

/* Call it at the time that core_due() has named; it may also be called at other times. */
void core_time(struct core *c, int64_t now, struct core_actions *ret);

/* When core_time() must be called; INT64_MAX: never. */
int64_t core_due(const struct core *c);

#endif
