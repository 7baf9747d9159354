/* The options that say what the partition of a record is made of: --partition-by, --time, --on-bad-time. */
#ifndef WEIR_LAKE_PUT_PARTITION_OPTIONS_H
#define WEIR_LAKE_PUT_PARTITION_OPTIONS_H

#include "options.h"

/*
 * Set up LAYOUT and TIMES by the options O, of which USAGE tells, for records that are read by INPUT; both may be
 * released in any case. EXIT_OK, or EXIT_USAGE after a message.
 */
int partition_options_check(const struct put_options *o, const struct opt_spec *usage, const struct records_opts *input,
	struct layout *layout, struct times *times);

#endif
