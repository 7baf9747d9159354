/*
 * What detect knows about each key, and its verdict on each record.
 *
 * A key's series begins with its first record.  It is dropped when it has been idle for too long, or when there are too
 * many keys; in that case the keys that were seen least recently are dropped, a 16th of all at a time.
 */
#ifndef WEIR_DETECT_JUDGE_H
#define WEIR_DETECT_JUDGE_H

#include "cmd/detect/alarms.h"
#include "cmd/detect/method.h"
#include "common/data/fields.h"
#include "common/data/groups_prefetch.h"
#include "common/data/keys.h"
#include "common/data/value.h"
#include "common/data/when.h"

/* Why a record was not judged. */
enum reason {
	JUDGED, /* or the key does not have enough samples yet */
	NO_KEY,
	NO_VALUE,
	NOT_NUMBER,
	TOO_LARGE,
	NO_TIME,
	FUTURE,
	LATE,
	REASONS,
};

/* The header of a method's state, which follows it; if there is a cooldown, the alarms follow that. */
struct series {
	uint64_t n;      /* records that were learnt from */
	uint64_t frozen; /* how many of these before the batch */
	uint64_t seen;   /* the number of the last record */
	int64_t last_ms; /* its time */
	uint64_t batch;  /* number of records for which the limits were frozen */
};

struct judge {
	/* Set by the caller. */
	struct method_rule rule;
	struct fields keys; /* of --by; owned */
	int value;          /* index of the value, -1: there is none */
	struct when time;   /* WHEN_NOW: of the batch */
	bool by_records;    /* on a plain stream: limits are frozen before each record */
	bool want_time;
	uint64_t min_samples;
	int64_t cooldown_ms, idle_ms; /* 0: none */
	/* Private. */
	struct groups groups;
	size_t alarms_at;            /* size of a series, in bytes */
	struct groups_prefetch soon; /* keys of records that wait for their verdicts */
	struct strbuf key, id;
	uint64_t batch, records; /* records since the state was begun */
	int64_t clock_ms;        /* the latest time of a record */
	int64_t swept_ms;        /* when idle keys were last searched for */
	int64_t now_ms;          /* time of day, by the mark before the batch or by this machine's clock */
	uint64_t touched;        /* records since the batch began */
	uint64_t saved;          /* the batch in which the state was saved */
	bool forgotten;          /* keys were dropped since then */
	bool remembers;          /* some state outlives a record; without that there are no series */
	uint64_t reasons[REASONS], unusual, suppressed, evicted, idle;
};

struct verdict {
	enum reason reason;
	bool known;      /* there is a score */
	bool unusual;    /* the score is above the limit */
	bool suppressed; /* and it is within the cooldown of the alarm before */
	double score, limit;
	uint64_t n;
};

/* A record that was examined and waits for its verdict. */
struct look {
	enum reason reason; /* JUDGED: it can be judged */
	struct method_sample sample;
	size_t key; /* its number in j->soon */
};

/* Begin without keys, MAX_KEYS at most; the members above must be set.  0 or -errno of getrandom(2). */
int judge_begin(struct judge *j, uint64_t max_keys) MUST_CHECK;
void judge_release(struct judge *j);

/*
 * Records are judged in three steps, so that the memory of their keys' series can be prefetched: examine up to
 * GROUPS_PREFETCH records one after the other, report that there are no more, then judge them in the same order.
 * judge_next() begins again.
 */
void judge_prepare(struct judge *j, const struct value *values, struct look *ret);
void judge_ready(const struct judge *j);
struct verdict judge_decide(struct judge *j, struct look *look);
void judge_next(struct judge *j);

/* The end of a batch. */
void judge_batch(struct judge *j);

/* The reason as text: "without a number", … */
const char *judge_reason(enum reason reason);

/*
 * The series of KEY, created if necessary; *RET_NEW says whether it was.  When there are too many, other series are
 * dropped.
 */
struct series *judge_series(struct judge *j, const struct groups_key *key, uint32_t *ret_slot, bool *ret_new);

void judge_forget(struct judge *j, uint32_t slot);
void judge_forget_all(struct judge *j);

/* The alarms of a series; NULL without a cooldown, which may be added or removed at a restart. */
struct alarms *judge_alarms(const struct judge *j, struct series *s);

static inline void *series_state(struct series *s)
{
	return s + 1;
}

#endif
