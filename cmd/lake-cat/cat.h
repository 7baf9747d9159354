/*
 * lake-cat: prints the records of a table of a data lake.
 *
 * main.c has the options and opens what is to be read; raw.c prints the records of a raw table, delta.c those of a
 * Delta table, positions.c how far its topics were read.  parquet.c prints the rows of one Parquet file; columns.c
 * decides which columns are read, where.c which rows and what need not be read for them, raw_where.c
 * that for raw records, lines.c goes through these, and raw_form.c gives them another form.  follow.h is lake-cat as a
 * source of versions.
 */
#ifndef WEIR_LAKE_CAT_CAT_H
#define WEIR_LAKE_CAT_CAT_H

#include "common/base/opt.h"
#include "cmd/lake-cat/form.h"
#include "common/lake/as_of.h"
#include "common/lake/store_opt.h"
#include "common/stream/flow.h"
#include "follow_opt.h"

struct cat_options {
	bool positions, plain, stats;
	struct cat_form form;
	struct opt_list where; /* expressions, or COLUMN=VALUE each */
	struct as_of as_of;
	uint64_t limit; /* of records; UINT64_MAX: none */
	uint64_t memory;
	struct store_options store;
	struct follow_options follow;
};

/* For --stats. */
struct cat_stats {
	uint64_t files, files_passed;   /* of all, those that were not read because of --where */
	uint64_t groups, groups_passed; /* row groups of the files that were read */
	uint64_t rows, printed;         /* rows that were decoded; records */
};

/* What is printed. */
struct cat_out {
	struct flow flow;
	struct strbuf *into; /* raw records are appended here; NULL: they are written to `flow` */
	uint64_t left;       /* how many records may still be printed */
	bool counts;         /* the records of raw files are counted, for --stats */
	struct cat_stats stats;
};

/*
 * Print the records of the raw table of LOG.  -EINVAL with ERR: --where does not name a partition column, or --columns
 * and --format do not fit its records; errors of snapshot_read() and decode_file(); those of OUT without ERR.
 */
int raw_print(const struct cat_options *opt, struct cat_out *out, struct log *log, struct strbuf *err) MUST_CHECK;

/* The same for FILES of STORE, which have no log; their partitions are in their paths. */
int raw_print_files(const struct cat_options *opt, struct cat_out *out, struct store *store, const struct names *files,
	struct strbuf *err) MUST_CHECK;

/*
 * Print the rows of the Delta table in STORE.  -EINVAL with ERR: an option does not fit its columns; errors of
 * delta_snapshot_open() and cat_parquet(); those of OUT without ERR.
 */
int delta_print(const struct cat_options *opt, struct cat_out *out, struct store *store, struct strbuf *err) MUST_CHECK;

/* Print topic, partition, next offset and group of each position in LOG's state.  Errors of OUT. */
int positions_print(struct flow *out, const struct log *log) MUST_CHECK;

#endif
