/*
 * Candidates for a shell's completion, from the output of programs and from samples.
 *
 * Part of weir; uses base and jansson.  It has no side effects.  Candidates are appended as lines, each once.
 */
#ifndef WEIR_CMD_WEIR_OFFER_H
#define WEIR_CMD_WEIR_OFFER_H

#include <stddef.h>

#include "common/base/config.h"
#include "common/base/strbuf.h"

/*
 * The member NAME of each object of ROWS, lines of JSON.  With TOPICS, a list that ends with NULL, only of those whose
 * member `topic` is in it.  Lines that are not JSON are skipped.
 */
void offer_members(const char *rows, const char *name, char *const *topics, struct strbuf *out);

/*
 * The fields of the records in the LEN bytes at S, the beginning of a file: of JSON the paths of members (.a, .a.b),
 * else the columns of the first line, as .NAME when it is a HEADER, else as $N.  The last line may be cut off.
 */
void offer_fields(const char *s, size_t len, int header, struct strbuf *out);

/* The profiles of which C, which is not settled, has a setting. */
void offer_profiles(const struct config *c, struct strbuf *out);

#endif
