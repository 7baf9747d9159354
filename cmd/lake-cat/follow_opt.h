/* The options of lake-cat for reading versions: what came after one, and following a table. */
#ifndef WEIR_LAKE_CAT_FOLLOW_OPT_H
#define WEIR_LAKE_CAT_FOLLOW_OPT_H

#include "cmd/lake-cat/form.h"
#include "common/base/opt.h"
#include "common/lake/store.h"
#include "common/stream/source_opt.h"
#include "common/stream/where.h"

struct since {
	bool given;
	struct where
		at; /* the first version that is read: WHERE_OFFSET, WHERE_END; WHERE_START: the whole table first */
};

struct follow_options {
	struct since since;
	bool on; /* --follow */
	const char *group;
	int64_t batch_ms; /* 0: a plain stream */
	int removal;      /* enum feed_removal */
	const char *position_file;
	int64_t poll_ms; /* 0: as the store needs it */
	struct source_options source;
	uint64_t memory;                   /* that of --memory; 0: the default */
	const struct opt_list *where;      /* --where; borrowed */
	const struct cat_form *form;       /* borrowed */
	const struct store_options *store; /* borrowed */
};

#define FOLLOW_OPTIONS_INIT                   \
	{                                     \
		.source = SOURCE_OPTIONS_INIT \
	}

/* --since: an OPT_CALL into a struct since. */
int follow_parse_since(const char *value, void *dest, struct strbuf *err);

/* Rows of an option table, for the struct follow_options at O. */
/* clang-format off */
#define FOLLOW_OPTIONS(o)                                                                                              \
	{ .name = "since", .type = OPT_CALL, .dest = &(o)->since, .arg = "VERSION|start|end", .parse = follow_parse_since,   \
	  .help = "only what later versions have added" },                                                             \
	{ .name = "follow", .dest = &(o)->on, .help = "go on with new versions as they are committed" },               \
	{ .key = 'g', .name = "group", .type = OPT_STRING, .dest = &(o)->group, .arg = "GROUP",                        \
	  .help = "the name of the positions that the sink keeps" },                                                   \
	{ .name = "batch", .type = OPT_DURATION, .dest = &(o)->batch_ms, .arg = "DURATION", .min = 1, .max = 86400000, \
	  .help = "write a marked stream: each version is a batch; an empty one ends after this time" },               \
	{ .name = "on-change", .type = OPT_CHOICE, .dest = &(o)->removal, .arg = "error|skip|adds",                    \
	  .help = "what to do about a version that removes or replaces records" },                                     \
	{ .name = "position-file", .type = OPT_STRING, .dest = &(o)->position_file, .arg = "FILE",                     \
	  .help = "keep how far the table was read in FILE" },                                                         \
	{ .name = "poll", .type = OPT_DURATION, .dest = &(o)->poll_ms, .arg = "DURATION", .min = 10, .max = 3600000,   \
	  .help = "how often to look for a new version; 100ms, in a remote store 1s by default" },                     \
	SOURCE_OPTIONS(&(o)->source, "the last acknowledgements")
/* clang-format on */

/* Whether O asks for more than the rows that the table has now. */
bool follow_wanted(const struct follow_options *o);

/* Checks that the table cannot express: OPT_GO, or EXIT_USAGE after a message. */
int follow_check(const struct follow_options *o, const struct opt_spec *spec) MUST_CHECK;

#endif
