/* The options of clean. */
#ifndef WEIR_CMD_CLEAN_OPTIONS_H
#define WEIR_CMD_CLEAN_OPTIONS_H

#include "common/base/opt.h"
#include "common/data/future.h"
#include "common/data/record_filter.h"
#include "common/data/rules.h"

struct clean_options {
	struct record_filter_opts common;
	struct checkpoint_opts state;
	struct rules rules;
	const char *key;
	struct future future; /* of the times of `dedupe … by` */
	uint64_t memory;
	bool files;          /* rules came from files */
	unsigned stdin_uses; /* how many options read standard input */
	int failed;          /* exit status of an option that has already printed a message */
};

extern const struct opt_spec clean_spec;

/* The destination of clean_spec. */
extern struct clean_options clean_options;

/* Checks that the table cannot express.  OPT_GO, or EXIT_USAGE after a message. */
int options_check(const struct clean_options *opts, char **operands) MUST_CHECK;

#endif
