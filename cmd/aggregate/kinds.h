/* The table of metrics, their description for --help, and hints for unknown names. */
#ifndef WEIR_AGGREGATE_KINDS_H
#define WEIR_AGGREGATE_KINDS_H

#include "cmd/aggregate/metric.h"

/* The kind with the name of LEN bytes; NULL: there is none. */
const struct metric_kind *kinds_find(const char *name, size_t len);

/* Append why there is no kind with this name, and what to write instead. */
void kinds_unknown(const char *name, size_t len, struct strbuf *err);

/*
 * OPERAND does not have the form of a metric.  -EINVAL with the reason in ERR: it was probably meant as a metric; 0: it
 * may be the name of a file, and it is one if the file exists.
 */
int kinds_refuse(const char *operand, struct strbuf *err) MUST_CHECK;

/* Append a line for each, for --help. */
void kinds_help(struct strbuf *out);

#endif
