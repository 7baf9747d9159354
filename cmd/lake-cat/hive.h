/* Partitions in the paths of files, as Hive has them. */
#ifndef WEIR_LAKE_CAT_HIVE_H
#define WEIR_LAKE_CAT_HIVE_H

#include <jansson.h>

/*
 * The partition of a file by its PATH, of which `dt=2026-11-22/` is a part: an object of names and values, texts or
 * null; owned by the caller.
 */
json_t *hive_values(const char *path) __attribute__((returns_nonnull));

/* The place of the LEN bytes at NAME in COLUMNS, an array of names; SIZE_MAX: it has none. */
size_t hive_column(const json_t *columns, const char *name, size_t len) __attribute__((warn_unused_result));

#endif
