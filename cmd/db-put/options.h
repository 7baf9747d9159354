/* The options of db-put. */
#ifndef WEIR_DB_PUT_OPTIONS_H
#define WEIR_DB_PUT_OPTIONS_H

#include "common/base/opt.h"
#include "common/data/once.h"
#include "common/data/records.h"
#include "common/data/rejects.h"
#include "common/data/schema.h"
#include "common/db/db.h"
#include "common/stream/sink.h"

enum on_new { NEW_FAIL, NEW_IGNORE, NEW_ADD };
enum tombstones { TOMBSTONES_ERROR, TOMBSTONES_SKIP, TOMBSTONES_DELETE, TOMBSTONES_NOT_GIVEN };
enum unwrap_form { UNWRAP_DEBEZIUM, UNWRAP_NOT_GIVEN };

struct db_put_options {
	struct filter_opts filter;
	struct records_opts input;
	struct schema schema; /* no columns: not given */
	const char *table, *columns, *key, *stats;
	struct once_opts once;
	int conflict; /* enum db_conflict, or its number of words if it was not given */
	int on_new;   /* enum on_new */
	const char *delete_on;
	int tombstones; /* enum tombstones */
	int unwrap;     /* enum unwrap_form */
	bool create, also_group, adopt, dry_run;
	int64_t timeout_ms;
	uint64_t memory;
	struct rejects_opts rejects;
	struct sink_policy policy;
};
extern struct db_put_options opts;
extern const struct opt_spec spec;

/*
 * Check what the option table cannot express, for the files OPERANDS.  EXIT_OK, or EXIT_USAGE after a message.
 */
int options_check(char **operands);

#endif
