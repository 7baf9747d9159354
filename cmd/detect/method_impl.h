/* The parts of a method; see method.h. */
#ifndef WEIR_DETECT_METHOD_IMPL_H
#define WEIR_DETECT_METHOD_IMPL_H

#include <errno.h>
#include <math.h>

#include "cmd/detect/method.h"
#include "common/data/time.h"

enum method_param_type {
	PARAM_NUMBER,
	PARAM_DURATION,
	PARAM_FIELD,
	PARAM_METRIC, /* count, sum(.f), distinct(.f) */
};

struct method_param {
	const char *name;
	enum method_param_type type;
	bool required;
	double value;    /* the default */
	double min, max; /* of numbers; durations in ms */
};

struct method {
	const char *name;
	const char *help; /* for --help: which values are unusual */
	enum method_wants wants;
	bool time, remembers;
	uint64_t min_samples;
	/* index of the parameter that is the limit of scores; -1: the limit is 0 */
	int limit;
	double limit_unit; /* factor from that parameter to units of the score; 0: 1 */
	/* a parameter with an empty name ends the list; num[] has the same order */
	struct method_param params[METHOD_PARAMS];
	size_t size;
	/* Check the parameters against each other; may be NULL.  -EINVAL with the reason in ERR. */
	int (*check)(const struct method_rule *rule, struct strbuf *err);
	void (*freeze)(const struct method_rule *rule, void *state, uint64_t n, bool each); /* may be NULL */
	struct method_verdict (*judge)(const struct method_rule *rule, void *state, const struct method_sample *sample);
	void (*release)(void *state); /* may be NULL */
	void (*save)(const struct method_rule *rule, const void *state, struct strbuf *out);
	int (*load)(const struct method_rule *rule, void *state, struct stat_in *in);
};

/* NULL: there is none with this name. */
const struct method *method_find(const char *name, size_t len);

/* Append the form of M: its name and its parameters, optional ones in brackets. */
void method_form(const struct method *m, struct strbuf *out);

/* Append why there is no method with this name, and what to write instead. */
void method_unknown(const char *name, size_t len, struct strbuf *out);

extern const struct method method_zscore, method_cusum, method_mad, method_range, method_stuck, method_velocity,
	method_new;

/* The highest score, because without variation any other value would be infinitely far away. */
#define METHOD_SCORE_MAX 1e6

/* Read the time of a record in ms; 0 or -EBADMSG. */
MUST_CHECK static inline int method_get_ms(struct stat_in *in, int64_t *ret)
{
	int e = stat_get_i64(in, ret);

	return e < 0 ? e : *ret >= TIME_MIN_S * 1000 && *ret <= TIME_MAX_S * 1000 + 999 ? 0 : -EBADMSG;
}

/* |X| / SCALE, at most METHOD_SCORE_MAX; 0 when both are 0. */
static inline double method_score(double x, double scale)
{
	x = fabs(x);
	return x == 0 ? 0 : x < scale * METHOD_SCORE_MAX ? x / scale : METHOD_SCORE_MAX;
}

#endif
