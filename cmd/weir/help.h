/*
 * `weir help [NAME]`.
 */
#ifndef WEIR_CMD_WEIR_HELP_H
#define WEIR_CMD_WEIR_HELP_H

#include "common/base/opt.h"

/*
 * Show the manual of NAME: of a program in DIR, or a page of section 7; NULL: of weir itself, whose table is SPEC.
 * Executes man(1); without man(1) it prints the page as plain text or, when there is no page, the --help of a program.
 * Otherwise returns the exit status.
 */
int help_show(const struct opt_spec *spec, const char *dir, const char *name) MUST_CHECK;

/*
 * `weir examples [WORD ...]`: print the recipes of weir-cookbook(7) that have all of WORDS, or the headings of all.
 * EXIT_OK; EXIT_NO after a message when there is none; else an exit status after a message.
 */
int help_examples(char *const *words) MUST_CHECK;

#endif
