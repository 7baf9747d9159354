/*
 * Methods that decide whether a record is unusual for its key: the METHOD operand of detect.
 *
 * A METHOD is a name and its parameters, words between blanks: `zscore`, `zscore 4`, `zscore limit=4 alpha=0.01`,
 * `velocity sum(.amount) 10m 1000`.  Parameters are given in the table's order or as name=value, and may be mixed as in
 * a call in Python.  A method is one file, method_NAME.c, and one row of the table in method.c.
 *
 * A state is what one method knows about one key, `size` bytes that are zero at first.  Its owner calls
 *     method_freeze   before the first record of a batch (or before each record): sets the limits from what is known
 *     method_rate    for each record: scores it by the limits frozen last, then learns from it
 * so the scores of a batch depend on the batches before it and, with methods that examine records one after the other
 * (cusum, stuck, velocity, new), on the order of the key's records within it.
 */
#ifndef WEIR_DETECT_METHOD_H
#define WEIR_DETECT_METHOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/hash.h"
#include "common/base/strbuf.h"
#include "common/data/expr.h"
#include "common/stat/bytes.h"

#define METHOD_PARAMS 4

/* What a method needs of a record. */
enum method_wants {
	METHOD_NOTHING, /* only that it exists */
	METHOD_NUMBER,  /* a finite number */
	METHOD_VALUE,   /* any value but null */
};

struct method_rule {
	const struct method *method;
	double num[METHOD_PARAMS]; /* its numbers; durations in ms */
	enum method_wants wants;
	struct expr_field field; /* the field that the METHOD itself names; owned */
	bool has_field;
	int metric;            /* for method_velocity.c */
	struct hash_seed seed; /* of method_identity() */
};

struct method_sample {
	double x;    /* METHOD_NUMBER */
	uint64_t id; /* METHOD_VALUE: method_identity() */
	int64_t ms;  /* the record's time, for methods that need one */
	uint64_t n;  /* records of the key that the method has learnt from */
	bool judged; /* n is large enough for a verdict, so an unusual value must not be learnt as if it were usual */
};

/* A record is unusual when score > method_limit(). */
struct method_verdict {
	double score; /* finite, or NaN: there is no score */
	bool late;    /* the record is too old to be judged */
};

/* Parse the whole of TEXT as a METHOD.  0, or -EINVAL with the reason in ERR; RET needs no release then. */
int method_parse(struct method_rule *ret, const char *text, struct strbuf *err) MUST_CHECK;
void method_release(struct method_rule *rule);

/* The names of all methods: "zscore, cusum, …". */
void method_names(struct strbuf *out);

/* Append a line for each, for --help. */
void method_help(struct strbuf *out);

const char *method_name(const struct method_rule *rule);
bool method_wants_time(const struct method_rule *rule);
/* Whether method_freeze() does anything. */
bool method_freezes(const struct method_rule *rule);
/* The limit of RULE's scores. */
double method_limit(const struct method_rule *rule);
/* Whether its state outlives a batch. */
bool method_remembers(const struct method_rule *rule);
/* How many records a key needs before its first verdict, unless the user sets it. */
uint64_t method_min_samples(const struct method_rule *rule);

/* Bytes of a state. */
size_t method_size(const struct method_rule *rule);

/*
 * Set the limits from what STATE has learnt.  EACH: it is called before every record, so expensive work may be put off
 * a little.
 */
void method_freeze(const struct method_rule *rule, void *state, uint64_t n, bool each);
struct method_verdict method_rate(const struct method_rule *rule, void *state, const struct method_sample *sample);

/*
 * Append a text that determines the form of states: the name, the field, and all numbers except the limit, which may
 * change.
 */
void method_shape(const struct method_rule *rule, struct strbuf *out);

/* Free what STATE owns. */
void method_state_release(const struct method_rule *rule, void *state);

/* Append STATE to OUT; method_load() reads it back into a zeroed state, see bytes.h.  0 or -EBADMSG. */
void method_save(const struct method_rule *rule, const void *state, struct strbuf *out);
int method_load(const struct method_rule *rule, void *state, struct stat_in *in) MUST_CHECK;

/* The hash, by RULE's seed, of the LEN bytes at S, the key of a value (keys.h). */
uint64_t method_identity(const struct method_rule *rule, const char *s, size_t len);

#endif
