/*
 * The state of detect, as bytes for --state: general numbers, then each key with its series and the method's state.  A
 * delta has only the keys with records since the last state, or all keys if some were dropped.
 */
#ifndef WEIR_DETECT_STATE_H
#define WEIR_DETECT_STATE_H

#include "common/stream/checkpoint.h"

/* These functions are for a struct judge. */
extern const struct checkpoint_ops state_form;

#endif
