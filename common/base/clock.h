/*
 * Clocks in milliseconds.
 *
 * Layer: base, libc only.
 */
#ifndef WEIR_BASE_CLOCK_H
#define WEIR_BASE_CLOCK_H

#include <stdint.h>

/* A clock that never jumps, for deadlines and durations; its zero has no meaning. */
int64_t clock_ms(void);

/* The same, but it goes on while the machine is suspended: for durations that other machines measure, too. */
int64_t clock_boot_ms(void);

/* The time of day, milliseconds since 1970-01-01T00:00:00Z. */
int64_t clock_epoch_ms(void);

#endif
