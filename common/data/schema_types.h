/*
 * Names of types, ours and those of others.
 *
 * Layer: data (uses schema, base/hint).  Private to schema*.c.
 */
#ifndef WEIR_DATA_SCHEMA_TYPES_H
#define WEIR_DATA_SCHEMA_TYPES_H

#include "common/base/hint.h"
#include "common/data/schema.h"

/* A name of a type, in small letters. */
struct schema_word {
	const char *word;
	enum schema_type type;
	uint8_t bits;
};

/* The type that WORD names (ignoring case); NULL: there is none. */
const struct schema_word *schema_word_find(const char *word);

/* The name that weir itself uses for the type of F, without parameters. */
const char *schema_type_name(const struct schema_field *f);

/* "there is no type 'WORD'", and what to write instead. */
void schema_word_unknown(const char *word, struct strbuf *err);

/* The unit of timestamps called NAME: s, ms, us or ns.  -EINVAL: there is no such unit. */
int schema_unit_find(const char *name, enum time_unit *ret) MUST_CHECK;
/* The name of UNIT, which is not TIME_AUTO. */
const char *schema_unit_name(enum time_unit unit);

#endif
