/* What the files opt*.c share; nobody else's business. */
#ifndef WEIR_BASE_OPT_IMPL_H
#define WEIR_BASE_OPT_IMPL_H

#include "common/base/opt.h"

/* Set O from VALUE.  0, or negative with what is wanted in ERR ("is not a …"), which is empty before. */
int opt_value_set(const struct opt *o, const char *value, struct strbuf *err) MUST_CHECK;

#endif
