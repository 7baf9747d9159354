/*
 * Schemas as text, as users write them and weir prints them:
 *
 *     ts timestamp, user string not null, amount decimal(12,2), tags array<string>,
 *     geo struct<lat double, lon double>, counts map<string,bigint>, "odd name" date
 *
 * Layer: data (uses base, io/file, schema).  It also accepts the forms that Spark and DuckDB read and print: words in
 * any case, a ':' after a name, `(…)` for `<…>`, `int[]` for `array<int>`, names in double quotes or backquotes
 * (doubled within), and the names of types of both, of Iceberg and of PostgreSQL.  Where these differ, weir-schema(7)
 * says which meaning applies.  White space and comments from a '#' to the end of its line are skipped.
 */
#ifndef WEIR_DATA_SCHEMA_TEXT_H
#define WEIR_DATA_SCHEMA_TEXT_H

#include "common/data/schema.h"

/*
 * Read the LEN bytes at TEXT into S.  Ids are given depth first, from 1.  Returns 0, or -EINVAL with the reason in ERR,
 * which names the position, or line and column when there are several lines; S is then untouched.
 */
int schema_parse_text(struct schema *s, const char *text, size_t len, struct strbuf *err) MUST_CHECK;

/*
 * Parse the value of an option; see struct opt's parse.  DEST is a struct schema, which is released first; VALUE is the
 * text, or @FILE for the text in a file.
 */
int schema_parse_option(const char *value, void *dest, struct strbuf *err) MUST_CHECK;

/* Append the text of S, in one line; schema_parse_text() makes an equal schema from it. */
void schema_print(const struct schema *s, struct strbuf *out);

/* Append the type of F: `bigint`, `array<string>`. */
void schema_print_type(const struct schema_field *f, struct strbuf *out);

#endif
