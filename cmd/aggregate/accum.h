/*
 * Accumulators: what is kept of the values of a group's records.
 *
 * An accumulator's state is part of its group's block, at an offset; metrics (metric.h) read it.  Metrics of the same
 * expression that need the same accumulator share one.  A kind is a row of functions.
 */
#ifndef WEIR_AGGREGATE_ACCUM_H
#define WEIR_AGGREGATE_ACCUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/data/expr.h"
#include "common/data/value.h"
#include "common/stat/bytes.h"

/* When a record was, for what depends on the order: by event time, of equal ones by arrival; all zero without windows.
 */
struct accum_time {
	int64_t ms;
	uint32_t ns; /* of the millisecond */
};

/* Why a value could not be used. */
enum fault {
	FAULT_NUMBER,  /* it is no number, or none that a double can be */
	FAULT_COMPUTE, /* an expression could not compute it, or it is too long */
	FAULTS,
};

/* Values that could not be used; one that several metrics take counts once. */
struct faults {
	uint64_t record; /* the number of the current record; only that it changes counts */
	struct {
		uint64_t count;
		const char *metric; /* of the first of the record, as it was written; who reports it sets it to NULL */
		const char *what;   /* is wrong with it, static */
	} of[FAULTS];
};

static inline uint64_t faults_count(const struct faults *f)
{
	return f->of[FAULT_NUMBER].count + f->of[FAULT_COMPUTE].count;
}

/* What metrics take of a record: a field, or what an expression computes. */
struct accum_value {
	char *text;        /* owned; NULL: nothing */
	struct expr *expr; /* owned */
	int slot;          /* of a field alone, else -1 */
	uint64_t record;   /* the last one of which it could not be used */
};

struct accum {
	const struct accum_kind *kind;
	const char *written;       /* the first metric that needs it, for messages; borrowed */
	struct accum_value *value; /* borrowed from the query */
	int slot;                  /* -1: it takes no value, or that of an expression */
	const double *args;        /* what else the kind needs; borrowed from the metric */
	size_t arg_count;
	size_t offset; /* in the block */
	struct faults *faults;
	const struct accum_time *now; /* of the current record */
	struct strbuf *scratch;       /* for the length of a call */
};

struct accum_kind {
	const char *name;                                 /* in partial results and states */
	size_t size;                                      /* of the state, which is zeroed at first */
	void (*init)(const struct accum *a, void *state); /* NULL: zeroed is empty */
	void (*add)(struct accum *a, void *state, const struct value *v);
	void (*release)(void *state); /* NULL: it owns nothing */
	/* Join FROM, which arrived later, to INTO.  NULL: it can not be joined. */
	void (*merge)(const struct accum *a, void *into, const void *from);
	void (*save)(const struct accum *a, const void *state, struct strbuf *out);
	/* STATE is empty, and has to be released also when this fails. */
	int (*load)(const struct accum *a, void *state, struct stat_in *in);
};

/* A value could not be used because of WHAT. */
static inline void accum_fault(struct accum *a, enum fault fault, const char *what)
{
	struct faults *f = a->faults;

	if (a->value->record == f->record)
		return;
	a->value->record = f->record;
	f->of[fault].count++;
	if (f->of[fault].metric)
		return;
	f->of[fault].metric = a->written;
	f->of[fault].what = what;
}

/* Is A earlier than B? */
static inline bool accum_before(const struct accum_time *a, const struct accum_time *b)
{
	return a->ms != b->ms ? a->ms < b->ms : a->ns < b->ns;
}

/* V as a number, in *TMP if need be; NULL: it is none (null and missing ones are no fault). */
static inline const struct value *accum_number(struct accum *a, const struct value *v, struct value *tmp)
{
	if (v->type == VALUE_INT || v->type == VALUE_DOUBLE)
		return v;
	int r = value_number(v, tmp);
	if (r == 0)
		return tmp;
	if (v->type > VALUE_NULL && !(v->type == VALUE_TEXT && !v->len))
		accum_fault(a, FAULT_NUMBER, "this is no number");
	return NULL;
}

static inline double accum_double(const struct value *number)
{
	return number->type == VALUE_INT ? (double)number->i : number->d;
}

/* Records, or those for which the expression holds: uint64_t. */
extern const struct accum_kind accum_count;
/* Sum of numbers: struct accum_sum (accum_state.h). */
extern const struct accum_kind accum_sum;
/* common/stat's of the same names, of numbers. */
extern const struct accum_kind accum_extreme, accum_moments, accum_quantile, accum_histogram;

/* The first and the last value that is not null: struct accum_kept. */
extern const struct accum_kind accum_first, accum_last;
/* struct hll and struct spacesaving, of values as canonical bytes; args[0] of top is how many are wanted. */
extern const struct accum_kind accum_distinct, accum_top;
/* struct accum_delta; struct ewma, whose alpha is args[0]. */
extern const struct accum_kind accum_delta, accum_ewma;

#endif
