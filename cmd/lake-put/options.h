/* The options of lake-put. */
#ifndef WEIR_LAKE_PUT_OPTIONS_H
#define WEIR_LAKE_PUT_OPTIONS_H

#include "common/base/opt.h"
#include "common/data/once.h"
#include "common/data/records.h"
#include "common/data/rejects.h"
#include "common/data/schema.h"
#include "common/lake/codec.h"
#include "common/lake/entry.h"
#include "common/lake/layout.h"
#include "common/lake/store_opt.h"
#include "common/parquet/shred.h"
#include "common/stream/filter.h"
#include "common/stream/sink.h"
#include "times.h"

struct put_options {
	struct filter_opts filter;
	struct records_opts input; /* its zone is ZONE below */
	struct codec_spec codec;
	bool snappy; /* used instead of CODEC */
	enum table_kind table;
	struct schema schema; /* no columns: not given */
	uint64_t infer;       /* how many records to infer the schema from, without SCHEMA; 0: do not infer it */
	enum shred_new on_new;
	uint64_t row_group; /* bytes */
	const char *partition_by, *time, *zone, *bad_value;
	const char *suffix;
	struct once_opts once;
	bool strip, also_group, dry_run, create;
	uint64_t memory;
	uint64_t max_tables; /* 0: not given */
	int64_t keep_ms;
	struct rejects_opts rejects;
	struct sink_policy policy;
	const char *stats;
	struct store_options store;
};
extern struct put_options opts;
extern const struct opt_spec spec;

/*
 * How records are read.  Those of a raw table are lines, whatever is in them; those of a Delta table are JSON unless
 * the options say something else.
 */
struct records_opts options_input(void);

/*
 * Check what the option table cannot express, for the files OPERANDS, and prepare LAYOUT and TIMES, which may be
 * released in any case.  EXIT_OK, or EXIT_USAGE after a message.
 */
int options_check(char **operands, struct layout *layout, struct times *times);

#endif
