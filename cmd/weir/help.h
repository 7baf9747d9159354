/*
 * `weir help [NAME]`.
 */
#ifndef WEIR_CMD_WEIR_HELP_H
#define WEIR_CMD_WEIR_HELP_H

#include "common/base/opt.h"

/*
 * Show the manual of NAME: of a program in DIR, or a page of section 7; NULL: of weir itself, whose table is SPEC.
 * Becomes man(1); where there is none, prints the page as plain text, and where there is no page the --help of a
 * program.  Returns the exit status otherwise.
 */
int help_show(const struct opt_spec *spec, const char *dir, const char *name) MUST_CHECK;

#endif
