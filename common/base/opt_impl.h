/* Private to opt*.c. */
#ifndef WEIR_BASE_OPT_IMPL_H
#define WEIR_BASE_OPT_IMPL_H

#include "common/base/opt.h"

/* Set O from VALUE.  0, or negative with what is expected in ERR ("is not a …"), which is empty before. */
int opt_value_set(const struct opt *o, const char *value, struct strbuf *err) MUST_CHECK;

/* Whether O may be given several times, each value adding to those before. */
bool opt_gathers(const struct opt *o);

/* Print what --version prints; EXIT_OK, or EXIT_TEMP when it could not be written. */
int opt_version(const struct opt_spec *spec) MUST_CHECK;

#endif
