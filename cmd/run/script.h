/*
 * The commands of a pipeline's text, as far as they are known before it runs: for --check.
 *
 * It has no side effects, and executes nothing: it reads the words of simple commands by the rules of bash (quoting,
 * comments, here-documents), also those within ( ), { }, $( ), >( ) and after reserved words.  A word is known when it
 * is quoted or plain text, or has variables that the text has assigned before, or that the environment has; what
 * depends on the output of a command, on files (*), on parameters or on arithmetic is known only when it runs.  A text
 * that bash cannot parse gives some commands or none; bash is asked first (pipeline_check()).
 */
#ifndef WEIR_RUN_SCRIPT_H
#define WEIR_RUN_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

enum { SCRIPT_DEPTH = 32 }; /* commands within commands that are deeper than this are not read */

struct script_command {
	size_t at;          /* the byte of the text with which it begins */
	size_t line;        /* of that byte, from 1 */
	char **sets;        /* owned: NAME=VALUE, then NULL; assignments before the command */
	char **words;       /* owned: its name and arguments, then NULL; redirections are left out */
	char *unknown;      /* owned: the first word, as it is written, that is not known; NULL: all are */
	bool reads, writes; /* there is a pipe before it, after it */
};

struct script {
	struct script_command *items; /* owned; in their order in the text; those without words are left out */
	size_t count;
	char **functions; /* owned: names of functions that the text defines */
	size_t function_count;
};

/*
 * Read TEXT.  ENVIRONMENT gives the value of a variable, NULL: it is not set; getenv(3) in earnest.  Release RET in any
 * case.
 */
void script_read(struct script *ret, const char *text, char *(*environment)(const char *name));
void script_release(struct script *script);

/* Whether NAME is a function of the text, a builtin command or a reserved word of bash. */
bool script_has(const struct script *script, const char *name);

#endif
