/*
 * Accumulators: what aggregate keeps of the values of a group's records.
 *
 * An accumulator's state is a statistic (common/stat/ops.h) in its group's block, at an offset; metrics (metric.h) read
 * it.  Metrics of the same expression that need the same accumulator share one.  Each kind is in the file of its
 * metrics.
 */
#ifndef WEIR_AGGREGATE_ACCUM_H
#define WEIR_AGGREGATE_ACCUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/data/expr.h"
#include "common/data/keys.h"
#include "common/stat/ops.h"

/*
 * The time of a record, for metrics that depend on the order: event time, and arrival among equal times; all zero
 * without windows.
 */
struct accum_time {
	int64_t ms;
	uint32_t ns; /* of the millisecond */
};

/* Why a value could not be used. */
enum fault {
	FAULT_NUMBER,  /* it is not a number, or not a finite double */
	FAULT_COMPUTE, /* the expression could not be computed, or the value is too long */
	FAULTS,
};

/* Values that could not be used; a value that several metrics use is counted once. */
struct faults {
	uint64_t record; /* the number of the current record; only used to notice a new record */
	struct {
		uint64_t count;
		/* the first faulty metric of the record, as it was written; set to NULL once it is reported */
		const char *metric;
		const char *what; /* the reason, static */
	} of[FAULTS];
};

static inline uint64_t faults_count(const struct faults *f)
{
	return f->of[FAULT_NUMBER].count + f->of[FAULT_COMPUTE].count;
}

/* WHAT is wrong with METRIC. */
static inline void faults_add(struct faults *f, enum fault fault, const char *metric, const char *what)
{
	f->of[fault].count++;
	if (f->of[fault].metric)
		return;
	f->of[fault].metric = metric;
	f->of[fault].what = what;
}

/* A value that metrics read from a record: a field, or the result of an expression. */
struct accum_value {
	char *text;        /* owned; NULL: nothing */
	struct expr *expr; /* owned */
	int slot;          /* index of the value if it is a plain field, else -1 */
	uint64_t record;   /* the last record whose value could not be used */
};

struct accum {
	const struct accum_kind *kind;
	const char *written;       /* the first metric that needs the accumulator, for messages; borrowed */
	struct accum_value *value; /* borrowed from the query */
	int slot;                  /* index of its value; -1: it takes no value, or that of an expression */
	const double *args;        /* further arguments of the kind; borrowed from the metric */
	size_t arg_count;
	size_t offset; /* offset in the block */
	struct faults *faults;
	const struct accum_time *now; /* of the current record */
	struct strbuf *scratch;       /* valid only during a call */
};

struct accum_kind {
	const char *name; /* the name in partial results and states */
	const struct stat_ops *ops;
	void (*init)(const struct accum *a, void *state); /* NULL: a zeroed state is empty */
	void (*add)(struct accum *a, void *state, const struct value *v);
};

/* Note that a value could not be used because of WHAT. */
static inline void accum_fault(struct accum *a, enum fault fault, const char *what)
{
	struct faults *f = a->faults;

	if (a->value->record == f->record)
		return;
	a->value->record = f->record;
	faults_add(f, fault, a->written, what);
}

/* Whether A is earlier than B. */
static inline bool accum_before(const struct accum_time *a, const struct accum_time *b)
{
	return a->ms != b->ms ? a->ms < b->ms : a->ns < b->ns;
}

void accum_time_save(const struct accum_time *t, struct strbuf *out);
int accum_time_load(struct accum_time *t, struct stat_in *in) MUST_CHECK;

/* V as a number, in *TMP if necessary; NULL: it is not one (null and missing values are not faults). */
const struct value *accum_number_of(struct accum *a, const struct value *v, struct value *tmp);

static inline const struct value *accum_number(struct accum *a, const struct value *v, struct value *tmp)
{
	return v->type == VALUE_INT || v->type == VALUE_DOUBLE ? v : accum_number_of(a, v, tmp);
}

/* The same as a double; false: it is not a number. */
static inline bool accum_double(struct accum *a, const struct value *v, double *ret)
{
	struct value tmp;
	const struct value *number = accum_number(a, v, &tmp);

	if (number)
		*ret = value_double(number);
	return number;
}

/* V as canonical bytes (keys.h), valid until the next call; NULL: it is null, missing or empty. */
static inline const struct strbuf *accum_key(struct accum *a, const struct value *v)
{
	if (value_is_null(v))
		return NULL;
	strbuf_clear(a->scratch);
	key_add(a->scratch, v);
	return a->scratch;
}

#endif
