/*
 * What the forms of a record in JSON share: its parts (a key, a value, a header), and the members that begin it.
 *
 * Layer: kafka (uses data, record).
 */
#ifndef WEIR_KAFKA_PART_H
#define WEIR_KAFKA_PART_H

#include <stddef.h>

#include "common/base/strbuf.h"
#include "common/kafka/record.h"

/* This many bytes suffice for part_put(). */
size_t part_size(const char *s, size_t len, enum record_form form);

/* Write the LEN bytes at S (NULL: the part is absent, and null is written) at P; returns where they end. */
char *part_put(char *p, const char *s, size_t len, enum record_form form);

/*
 * Append to OUT what all records of a partition begin with, up to the offset's value; MARK ("" or "_") begins the
 * members' names.
 */
void part_prefix(struct strbuf *out, const char *mark, const char *topic, int32_t partition);

/* Bytes that suffice for all of R behind its prefix: its parts, the names of the members, numbers, a time. */
size_t part_record_size(const struct record *r);

#endif
