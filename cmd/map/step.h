/* A step of a program: a statement that was read, and what its run needs. */
#ifndef WEIR_CMD_MAP_STEP_H
#define WEIR_CMD_MAP_STEP_H

#include "common/base/strbuf.h"
#include "common/data/aside.h"
#include "common/data/expr.h"
#include "common/data/regex.h"
#include "common/data/rules.h"

enum step_kind {
	STEP_SET,
	STEP_DEL,
	STEP_KEEP,
	STEP_RENAME,
	STEP_RENAME_ALL, /* by a regular expression */
	STEP_FLATTEN,
	STEP_UNFLATTEN,
	STEP_EXPLODE,
	STEP_LOOKUP,
	STEP_PARSE,
	STEP_EMIT,
	STEP_WHERE,
	STEP_SAMPLE,
	STEP_NULL_IF,
	STEP_TEE,
	STEP_RUNNING, /* step */
	STEP_RULE,    /* a rule of clean */
};

enum parse_form { PARSE_REGEX, PARSE_GROK, PARSE_CSV, PARSE_KV, PARSE_LOGFMT, PARSE_SYSLOG, PARSE_CLF };

enum running_kind { RUNNING_SHIFT, RUNNING_DELTA, RUNNING_RATIO, RUNNING_SUM, RUNNING_COUNT, RUNNING_EWMA };

enum lookup_else { LOOKUP_NULL, LOOKUP_DROP, LOOKUP_ERROR };

struct map_step {
	enum step_kind kind;
	char *text; /* the statement, for messages */
	struct expr *expr;
	struct expr_field
		*fields; /* the first one is what is set, exploded, looked up, parsed; step: the key follows */
	size_t field_count;
	bool has_as; /* explode … as, lookup … as, step … as, parse … into */
	struct expr_field as;
	bool has_key;
	struct expr_field key; /* lookup: the field of the file, when it has another name */
	char **words;          /* a separator; what to replace by; the file; what is null */
	size_t word_count;
	struct regex *re;
	enum parse_form form;
	struct extract_group *groups; /* parse: those of `re` that have names, once it has run */
	size_t group_count;
	enum lookup_else otherwise;
	double share; /* sample: from 0 to 1 */
	enum running_kind running_kind;
	struct expr *running; /* step: its value, by $1, that of the record, and $2, what is known of the key */
	uint32_t number;      /* step: of those of the program, from 0 */
	struct rule *rule;    /* STEP_RULE; owned */
	/* Of the run. */
	struct map_source *sources; /* where the fields of `expr` are, or those of a rule */
	struct value *values;       /* of these */
	struct strbuf *texts;
	struct value now; /* what a field was set to; */
	int place;        /* where the record has it: the index of its value; of a rule, -1: a field is in the row */
	int key_place;    /* lookup: where it has the key */
	struct lookup_table *table;
	struct strbuf made;
	struct aside aside;       /* tee */
	bool told;                /* tee: a message has said that it cannot be written */
	struct time_cache times;  /* of a rule */
	size_t dedupe;            /* what dedupe_add() said */
	uint64_t dropped, broken; /* records: dropped, and those that broke the rule */
};

/* The field that S sets. */
static inline const struct expr_field *step_target(const struct map_step *s)
{
	return s->kind == STEP_LOOKUP || s->kind == STEP_RUNNING ? &s->as : &s->fields[0];
}

#endif
