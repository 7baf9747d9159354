/* A program that runs over records: what its parts share; map.h begins and ends it. */
#ifndef WEIR_CMD_MAP_MAPPER_H
#define WEIR_CMD_MAP_MAPPER_H

#include "cmd/map/latest.h"
#include "cmd/map/program.h"
#include "cmd/map/row.h"
#include "common/data/dedupe.h"
#include "common/data/record_filter.h"
#include "common/data/rules_apply.h"

struct map_options {
	struct record_filter_opts common;
	int to; /* enum records_format; RECORDS_AUTO: as the input */
	bool infer, strict;
	struct checkpoint_opts state;
	uint64_t memory;      /* for the keys of step and dedupe */
	struct future future; /* of the times of `dedupe … by` */
	bool header_out;      /* --header is for the output: the input is JSON */
	const char *key;      /* the file of mask hash */
};

struct mapper {
	struct record_filter rf;
	const struct map_options *opts;
	struct map_program program;
	struct row row;
	size_t load_at;  /* the first step that needs the row */
	bool splices;    /* JSON: all steps set fields or drop records, so that none does */
	bool header_out; /* TSV, CSV: the names are written first */
	enum records_format input, output;
	char delim;
	const char *rec; /* the current record */
	size_t len;
	struct strbuf out;
	struct value *names; /* of the columns of the header; their texts: */
	size_t name_count;
	struct arena name_texts;
	/* JSON to TSV or CSV: the columns that the first record had. */
	struct strbuf columns;
	size_t column_count;
	bool columns_known;
	struct latest latest; /* what step knows */
	size_t running;       /* how many statements step there are */
	struct dedupe dedupe;
	EVP_MAC_CTX *mac; /* mask hash; owned */
	uint64_t written, faults, reread;
	const char *fault; /* the last one; static */
};

#endif
