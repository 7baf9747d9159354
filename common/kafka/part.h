/*
 * A key, a value or a header of a record, as JSON.
 *
 * Layer: kafka (uses data, record).
 */
#ifndef WEIR_KAFKA_PART_H
#define WEIR_KAFKA_PART_H

#include <stddef.h>

#include "common/kafka/record.h"

/* Bytes that suffice for part_put(). */
size_t part_size(const char *s, size_t len, enum record_form form);

/* Write the LEN bytes at S (NULL: absent, which is null) at P; returns where they end. */
char *part_put(char *p, const char *s, size_t len, enum record_form form);

#endif
