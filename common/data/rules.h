/*
 * Rules of cleaning, described in weir-clean(1): what each field must be, and how it is changed.
 *
 * Layer: data (uses base, path, time, when, json, expr's fields, regex).  One rule a line; this module parses the text,
 * cmd/clean applies it.
 */
#ifndef WEIR_DATA_RULES_H
#define WEIR_DATA_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"
#include "common/data/expr.h"
#include "common/data/regex.h"
#include "common/data/time.h"

#define RULES_MAX 1000

enum rule_kind {
	RULE_REQUIRE, /* .a */
	RULE_TYPE,    /* .a int|float|bool|string|time */
	RULE_RANGE,   /* .a LOW HIGH */
	RULE_MATCH,   /* .a REGEX */
	RULE_ONE_OF,  /* .a WORD ... */
	RULE_DEFAULT, /* .a VALUE */
	RULE_RENAME,  /* .a .b */
	RULE_DROP,    /* .a,.b */
	RULE_KEEP,    /* .a,.b */
	RULE_TRIM,    /* .a */
	RULE_LOWER,   /* .a */
	RULE_UPPER,   /* .a */
	RULE_TIME,    /* .a [FORMAT] */
	RULE_MASK,    /* .a hash|redact|last4|null */
	RULE_DEDUPE,  /* .a,.b within DURATION [by now, .c or FORMAT@.c] */
	RULE_KINDS,
};

enum rule_type { RULE_INT, RULE_FLOAT, RULE_BOOL, RULE_STRING, RULE_TIMESTAMP };
enum rule_mask { RULE_HASH, RULE_REDACT, RULE_LAST4, RULE_NULL };

/*
 * A word of one-of: it matches that string and, unless it is in quotes, also the number or truth value that it looks
 * like.
 */
struct rule_word {
	char *s; /* owned */
	size_t len;
	bool quoted, is_number;
	long double number;
};

struct rule {
	enum rule_kind kind;
	char *text;                /* as it was written, for messages; owned */
	struct expr_field *fields; /* at least one; RULE_RENAME: two */
	size_t field_count;
	size_t key_count; /* RULE_DEDUPE: fields of the key; the one after them, if any, is the time, in `format` if
			     there is one */
	int choice;       /* enum rule_type, enum rule_mask */
	long double low, high; /* RULE_RANGE; inclusive, perhaps infinite */
	struct regex *re;      /* RULE_MATCH */
	struct rule_word *words;
	size_t word_count;
	char *json, *plain; /* RULE_DEFAULT: the value as JSON and as the text of a column; owned */
	enum value_type value_type;
	struct time_format format;
	bool has_format;
	int64_t window_ms; /* RULE_DEDUPE */
};

struct rules {
	struct rule *items;
	size_t count;
};

/*
 * Append the rules of the LEN bytes at TEXT, one per line; blank lines and those that begin with '#' are ignored.
 *
 * Returns 0, or -EINVAL with "NAME: line 3, column 7: reason" in ERR; R then holds the rules before the mistake.
 */
int rules_parse(struct rules *r, const char *name, const char *text, size_t len, struct strbuf *err) MUST_CHECK;
void rules_release(struct rules *r);

/*
 * Read the LEN bytes at S, which are one rule, into RET, which is zeroed before.  0, or -EINVAL with the reason in ERR
 * and its byte in *RET_POS; rule_release() is called in either case.
 */
int rule_parse(struct rule *ret, const char *s, size_t len, size_t *ret_pos, struct strbuf *err) MUST_CHECK;
void rule_release(struct rule *rule);

/* The name of a kind of rule; NULL for RULE_KINDS and above. */
const char *rules_name(size_t kind);

/* Whether the first word of S, up to a blank, is the name of a rule. */
bool rules_begins(const char *s);

/* Append a line for each rule, for --help. */
void rules_help(struct strbuf *out);

/* Read the whole of the LEN bytes at S as a number of JSON's grammar; false when it is not one. */
bool rules_number(const char *s, size_t len, long double *ret);

/* The same for a whole number (no fraction, no exponent) within int64. */
bool rules_is_int(const char *s, size_t len);

#endif
