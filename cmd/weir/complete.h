/*
 * `weir complete`: what the completions of shells offer beside what --help says.
 *
 * Part of weir; uses base, io and offer.  It prints no messages, takes a second at most, and keeps answers of brokers
 * for a minute in $XDG_CACHE_HOME/weir, or ~/.cache/weir.
 */
#ifndef WEIR_CMD_WEIR_COMPLETE_H
#define WEIR_CMD_WEIR_COMPLETE_H

/*
 * Print candidates, one per line: OPERANDS are what is wanted (topics, groups, partitions, fields, profiles, or what
 * --help calls a value, such as TOPIC) and the words of the command line after `weir`.  DIR has the programs.  Always
 * EXIT_OK, because silence is an answer, too; but EXIT_USAGE, after a message, if something else is wanted.
 */
int complete_show(const char *dir, char **operands);

#endif
