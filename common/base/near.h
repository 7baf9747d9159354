/*
 * Which existing name an unknown one was probably meant for.
 *
 * Layer: base, libc only.
 */
#ifndef WEIR_BASE_NEAR_H
#define WEIR_BASE_NEAR_H

#include <stddef.h>

#define NEAR_FAR 3 /* a name at this distance or farther was not meant */

/* Edits (insert, delete, replace a byte) that make A of B; for names of more than 249 bytes 250. */
size_t near_distance(const char *a, const char *b);

#define NEAR_NOT (2 * NEAR_FAR) /* the rank of a name that was not meant */

/*
 * How near NAME is to what was TYPED; smaller is nearer.  0 when one is a part of the other, as `put` is of `lake-put`;
 * else twice the distance, plus one when that is the distance to a part between hyphens.  When the distance is NEAR_FAR
 * or more, or more than half of what was typed: NEAR_NOT - 1 if what was typed begins or ends with NAME, and NAME is at
 * least a third of it, else NEAR_NOT.
 */
size_t near_rank(const char *typed, const char *name);

#endif
