/*
 * What detect knows, as bytes for --state: numbers of the whole, then each key with its series and the method's state;
 * of a delta those keys that have had records since, or all of them when some were forgotten.
 */
#ifndef WEIR_DETECT_STATE_H
#define WEIR_DETECT_STATE_H

#include "common/stream/checkpoint.h"

/* Of a struct judge. */
extern const struct checkpoint_ops state_form;

#endif
