/* Private to opt*.c. */
#ifndef WEIR_BASE_OPT_IMPL_H
#define WEIR_BASE_OPT_IMPL_H

#include "common/base/config.h"
#include "common/base/opt.h"

/* Set O from VALUE.  0, or negative with what is expected in ERR ("is not a …"), which is empty before. */
int opt_value_set(const struct opt *o, const char *value, struct strbuf *err) MUST_CHECK;

/* Whether O may be given several times, each value adding to those before. */
bool opt_gathers(const struct opt *o);

/* The options that every program has beside those of its own table, and their values. */
enum opt_own {
	OWN_HELP,
	OWN_VERSION,
	OWN_CONFIG,
	OWN_PROFILE,
	OWN_SHOW,
	OWN_VERBOSE,
	OWN_QUIET,
	OWN_LOG,
	OWN_FORMAT,
	OWN_COLOR,
	OWN_COUNT
};
extern const struct opt opt_own[OWN_COUNT + 1];
struct opt_own_values {
	bool help, version, show, verbose, quiet;
	int log, format, color; /* by the words of the options; log -1, format DIAG_PLAIN: not given */
	struct opt_list files;
	const char *profile;
};
struct opt_own_values *opt_own_values(void);
void opt_own_reset(void);
/* Let what the options of all programs say about messages and colours count. */
void opt_own_apply(void);
/* Note that the command line gives O, one of opt_own, with VALUE (NULL: a flag). */
void opt_own_note(const struct opt *o, const char *value);

/* All options of a program. */
enum { OPT_MAX = 96 };
struct opt_row {
	const struct opt *opt;
	char key;   /* the short option, 0: none, or the program means something else by it */
	bool own;   /* it is one of opt_own */
	bool given; /* on the command line */
};
struct opt_table {
	struct opt_row rows[OPT_MAX];
	size_t count;
};

/* Fill T with SPEC's options, then those of opt_own that SPEC has not. */
void opt_table_init(struct opt_table *t, const struct opt_spec *spec);

/* The long option that WORD, without dashes, was probably meant for, NULL: none is near. */
const char *opt_table_nearest(const struct opt_table *t, const char *word);

/*
 * Read the configuration files and the environment, and set what the command line has not given.  0, or EXIT_CONFIG
 * after a message.  SHOWN gets a line for each option that was set: its section, its name, its value and where it is
 * from, with tabs between, and control characters in the parts as \xNN.
 */
int opt_config(const struct opt_spec *spec, const struct opt_table *t, struct strbuf *shown) MUST_CHECK;

/* The section of the options that every program has. */
#define OPT_ALL_SECTION "weir"

/* Whether the configuration may set the option of ROW. */
bool opt_is_settable(const struct opt_row *row);

/*
 * Check that the sections of C are those of Kafka, of stores, or of programs, and that what concerns this program has
 * keys that there are.  0, or EXIT_CONFIG after a message with the line and the nearest right one.
 */
int opt_config_check(const struct config *c, const struct opt_spec *spec, const struct opt_table *t) MUST_CHECK;

/*
 * Check those of VARIABLES (as environ(7)) that begin with WEIR_.  One that begins as those of this program do, but
 * sets none of its options, is EXIT_CONFIG after a message; one that is nearly another that is read gets a message.
 * Both name the nearest.  Kafka's properties are checked where they are used.  0 otherwise.
 */
int opt_config_check_variables(
	char *const *variables, const struct opt_spec *spec, const struct opt_table *t) MUST_CHECK;

/* Append the variable of option NAME in SECTION: WEIR_LAKE_PUT_COMMIT_EVERY. */
void opt_variable(struct strbuf *to, const char *section, const char *name);

/*
 * Call TAKE with SELF and the name of each program, which lie where PROGRAM does, the one that runs.  False: they are
 * not known, since the one that runs is not PROGRAM, but a unit test.
 */
bool opt_programs(const char *program, void (*take)(void *self, const char *name), void *self) MUST_CHECK;

/* Print B and release it; EXIT_OK, or EXIT_TEMP after a message. */
int opt_print(struct strbuf *b) MUST_CHECK;

/* Print what --version prints; EXIT_OK, or EXIT_TEMP when it could not be written. */
int opt_version(const struct opt_spec *spec) MUST_CHECK;

#endif
