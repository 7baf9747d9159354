/* The table of metrics: what there is, what --help says of it, and what is said of names that are not there. */
#ifndef WEIR_AGGREGATE_KINDS_H
#define WEIR_AGGREGATE_KINDS_H

#include "cmd/aggregate/metric.h"

/* The kind with the name of LEN bytes; NULL: there is none. */
const struct metric_kind *kinds_find(const char *name, size_t len);

/* Append why there is no kind of this name, and what to write instead. */
void kinds_unknown(const char *name, size_t len, struct strbuf *err);

/*
 * OPERAND is not written as a metric is.  -EINVAL with a reason in ERR: it is meant as one; 0: it may be a file, which
 * it is when there is one of that name.
 */
int kinds_refuse(const char *operand, struct strbuf *err) MUST_CHECK;

/* Append a line for each, for --help. */
void kinds_help(struct strbuf *out);

#endif
