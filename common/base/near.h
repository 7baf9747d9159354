/*
 * Which existing name a user probably meant by an unknown one.
 *
 * Layer: base, libc only.
 */
#ifndef WEIR_BASE_NEAR_H
#define WEIR_BASE_NEAR_H

#include <stddef.h>

#define NEAR_FAR 3 /* a name at this distance or more was not meant */

/* The number of edits (insert, delete, replace a byte) that turn B into A; 250 for names of more than 249 bytes. */
size_t near_distance(const char *a, const char *b);

#define NEAR_NOT (2 * NEAR_FAR) /* what near_rank() gives for a name that was not meant */

/*
 * How near NAME is to what was TYPED; smaller is nearer.  It is 0 when one is a part of the other, as `put` is of
 * `lake-put`; otherwise twice the distance, plus one when that is the distance to a part between hyphens.  When the
 * distance is NEAR_FAR or more, or more than half the length of TYPED, it is NEAR_NOT, or NEAR_NOT - 1 if TYPED begins
 * or ends with NAME and NAME is at least a third of it.
 */
size_t near_rank(const char *typed, const char *name);

#endif
