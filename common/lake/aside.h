/*
 * The names of data files that were set aside: hidden, because other files have their records now.
 *
 * Layer: lake (uses base, uuid).  dt=x/part-UUID-00001.json.zst becomes dt=x/.part-UUID-00001.old.  Most readers of
 * directories ignore hidden files; for the others the name has a suffix that they do not look for.  UUID and number
 * belong to one file only, so no two files get the same name.
 */
#ifndef WEIR_LAKE_ASIDE_H
#define WEIR_LAKE_ASIDE_H

#include <stdbool.h>

/* The name of PATH when it is set aside, freed by the caller; NULL: it is not a data file of ours. */
char *aside_name(const char *path);

/* Whether NAME, without directories, is such a name. */
bool aside_is(const char *name);

#endif
