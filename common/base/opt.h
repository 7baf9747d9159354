/*
 * Option tables.  A program's parser, its --help, the completions (which are made from --help) and the test of its
 * SYNOPSIS all come from its table.
 *
 * Layer: base (over getopt_long(3)).  Options may follow operands; `--` ends them; -h/--help, -V/--version and the
 * options of all programs (weir-config(5)) are added to every table, the short ones unless the table or its hints have
 * the letter.  What the command line does not give is taken from the environment and the configuration (config.h).  An
 * option that is given twice is refused, unless its values add up (OPT_LIST, `many`): with `-g a -g b` it cannot be
 * known which one was meant.  Messages go through diag; nothing here exits.
 */
#ifndef WEIR_BASE_OPT_H
#define WEIR_BASE_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/hint.h"
#include "common/base/strbuf.h"

enum opt_type {
	OPT_FLAG,     /* bool: set to true */
	OPT_STRING,   /* const char *: borrowed from argv */
	OPT_LIST,     /* struct opt_list: every value in order */
	OPT_U64,      /* uint64_t, by num_u64() */
	OPT_SIZE,     /* uint64_t in bytes, by num_size() */
	OPT_DURATION, /* int64_t in milliseconds, by num_duration() */
	OPT_CHOICE,   /* int: index of the word among those of `arg` */
	OPT_CALL,     /* parse(): 0, or negative with the reason in err ("is not a …") */
};

struct opt {
	char key;         /* the short option, 0 for none */
	const char *name; /* the long option without dashes; each option has one */
	enum opt_type type;
	void *dest;
	const char *arg;   /* what --help calls the value; for OPT_CHOICE the words with '|' between; NULL for flags */
	const char *help;  /* what it does, a few words */
	uint64_t min, max; /* range of OPT_U64, OPT_SIZE, OPT_DURATION; max 0: none */
	int (*parse)(const char *value, void *dest, struct strbuf *err);
	bool many; /* OPT_CALL: it may be given several times, and parse() adds */
};

struct opt_list {
	const char **items; /* owned: opt_list_release() */
	size_t count;
};
void opt_list_release(struct opt_list *list);

struct opt_spec {
	const char *program;  /* as after `weir`; "" for weir itself */
	const char *operands; /* as in the SYNOPSIS: "[FILE ...]", "" for none */
	const char *summary;  /* what the program does, one line */
	const char *example;  /* the end of --help: commands that its manual has, LF between the lines */
	const char *library;  /* a library whose version --version prints, too; NULL: none */
	const char *(*library_version)(void); /* the version of the library that is loaded */
	void (*more)(struct strbuf *out);     /* text of --help before the options, whole lines; NULL: none */
	const struct opt *options;            /* ends with an entry whose name is NULL */
	const struct hint *hints;             /* of options of other tools, with their dashes; may be NULL */
	bool looks;           /* it continues when it is only to check (checking.h), and keeps what that says */
	bool stop_at_operand; /* everything from the first operand on is an operand (each, weir) */
	size_t min_operands, max_operands; /* max 0 with operands != "": any number */
};

/* What opt_parse() returns when the program goes on. */
#define OPT_GO (-1)

/*
 * Parse ARGV into the destinations of SPEC's table; messages carry SPEC's program name from now on (diag_init).
 *
 * Returns OPT_GO, with *ret_operands pointing into ARGV at the NULL-terminated operands; or the exit status to end
 * with: EXIT_OK after --help, --version and --show-config, and where only a check was asked for (checking.h),
 * EXIT_USAGE after a message, EXIT_CONFIG after one about the configuration, EXIT_TEMP when help could not be written.
 */
int opt_parse(const struct opt_spec *spec, int argc, char **argv, char ***ret_operands) MUST_CHECK;

/*
 * The options of all programs that were given to the last opt_parse(), as words of a command line, ending with NULL.
 * They are valid until the next.
 */
char *const *opt_common_words(void);

/* Append a line in the form of --help: NAME indented, and TEXT in a column of its own, or on the next line. */
void opt_line(struct strbuf *out, const char *name, const char *text);

/* Print what --help prints; EXIT_OK, or EXIT_TEMP when it could not be written. */
int opt_help(const struct opt_spec *spec) MUST_CHECK;

/* Print "TEXT" and the usage line as messages; returns EXIT_USAGE, for checks that a table cannot express. */
int opt_usage_error(const struct opt_spec *spec, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
