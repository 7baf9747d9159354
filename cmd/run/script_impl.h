/* Private to script*.c: what a reader of a text has found so far. */
#ifndef WEIR_RUN_SCRIPT_IMPL_H
#define WEIR_RUN_SCRIPT_IMPL_H

#include "cmd/run/script.h"
#include "common/base/strbuf.h"

/* A command that is being read. */
struct draft {
	struct script_command command;
	size_t words, sets;
	bool begun; /* command.at is set */
	bool skip;  /* its words do not make a command: a `for` or `case` */
};

struct variable {
	char *name, *value; /* owned; value NULL: it is known only when the text runs */
};

struct script_parse {
	struct script *out;
	const char *text;
	char *(*environment)(const char *name);
	struct variable *variables; /* owned; the last one of a name counts */
	size_t variable_count;
	unsigned depth; /* of commands within commands */
};

/* Whether WORD is in LIST, which ends with NULL. */
bool script_is_among(const char *word, const char *const *list);

/* Free LIST, which ends with NULL, and its strings; it may be NULL. */
void script_free_strings(char **list);

/* The value of NAME, as struct script_reader wants it; ARG is the parse. */
const char *parse_value(void *arg, const char *name, bool *ret_known);

/* From now on the variable of the LEN bytes at NAME has VALUE; NULL: it is not known. */
void parse_set(struct script_parse *p, const char *name, size_t len, const char *value);

/* Add the word of the LEN bytes at RAW, whose value is WORD, NULL: not known. */
void draft_add(struct script_parse *p, struct draft *d, const char *raw, size_t len, const char *word, bool quoted);

/* The command D has ended, before a pipe when it WRITES; D is ready for the next. */
void draft_end(struct script_parse *p, struct draft *d, bool writes);
void draft_release(struct draft *d);

/* The only word of D is the name of a function that is defined here. */
void draft_function(struct script_parse *p, struct draft *d);

/* Read commands from TEXT on; NESTED: to the parenthesis that closes them, else to the end. */
void script_list(struct script_parse *p, const char *text, bool nested);

#endif
