/* The options of db-put: see options.h. */
#include "options.h"

#include <string.h>

#include "common/data/schema_text.h"
#include "common/data/time.h"
#include "common/db/db_sql.h"
#include "common/io/file.h"

#define MEMORY_DEFAULT (UINT64_C(128) << 20)
#define NOT_GIVEN      3 /* of --on-conflict */

struct db_put_options opts = {
	.conflict = NOT_GIVEN,
	.tombstones = TOMBSTONES_NOT_GIVEN,
	.unwrap = UNWRAP_NOT_GIVEN,
	.timeout_ms = 60000,
	.memory = MEMORY_DEFAULT,
	.policy = SINK_POLICY_DEFAULT,
};

/* clang-format off */
static const struct opt options[] = {
	{ .name = "table", .type = OPT_STRING, .dest = &opts.table, .arg = "NAME", .help = "the table" },
	{ .name = "create", .dest = &opts.create, .help = "make the table if it is missing, with the columns of --schema or of the first records" },
	{ .name = "schema", .type = OPT_CALL, .dest = &opts.schema, .arg = "SCHEMA|@FILE", .parse = schema_parse_option,
	  .help = "the columns of a new table, such as 'ts timestamp, user string'" },
	{ .name = "columns", .type = OPT_STRING, .dest = &opts.columns, .arg = "NAME[=FIELD],...",
	  .help = "write these columns only, of these fields; by default all that the database does not fill itself" },
	{ .name = "key", .type = OPT_STRING, .dest = &opts.key, .arg = "NAME,...",
	  .help = "the columns by which a record is found to be there already" },
	{ .name = "on-conflict", .type = OPT_CHOICE, .dest = &opts.conflict, .arg = "error|update|ignore",
	  .help = "a record whose row exists is bad, replaces the row (the default with --key), or is left out" },
	{ .name = "on-new-field", .type = OPT_CHOICE, .dest = &opts.on_new, .arg = "fail|ignore|add",
	  .help = "fields that are not columns make a record bad, by default, are left out, or become columns" },
	{ .name = "delete-on", .type = OPT_STRING, .dest = &opts.delete_on, .arg = "EXPR|@FILE",
	  .help = "a record for which this is true deletes the row with its key: '.op == \"d\"'" },
	{ .name = "tombstones", .type = OPT_CHOICE, .dest = &opts.tombstones, .arg = "error|skip|delete",
	  .help = "a record of consume --envelope without a value is bad, is left out, or deletes the row of its key" },
	{ .name = "unwrap", .type = OPT_CHOICE, .dest = &opts.unwrap, .arg = "debezium",
	  .help = "records are change events of Debezium: do what they say" },
	RECORDS_OPTIONS(&opts.input),
	REJECTS_OPTIONS(&opts.rejects, "error"),
	ONCE_OPTIONS(&opts.once),
	{ .name = "memory", .type = OPT_SIZE, .dest = &opts.memory, .arg = "SIZE", .min = 1 << 20, .max = 1ull << 44,
	  .help = "memory for rows that wait, 128M by default; more of them wait in $TMPDIR" },
	SINK_OPTIONS(&opts.policy, "60s by default"),
	{ .name = "also-group", .dest = &opts.also_group,
	  .help = "store a topic for this group although the table has it for another" },
	{ .name = "adopt", .dest = &opts.adopt,
	  .help = "the table was made again, or restored, and has the rows of the old one" },
	{ .name = "timeout", .type = OPT_DURATION, .dest = &opts.timeout_ms, .arg = "DURATION", .min = 1,
	  .help = "how long to wait for locks of others, 60s by default" },
	{ .name = "stats", .type = OPT_STRING, .dest = &opts.stats, .arg = "FILE",
	  .help = "write positions and counters there, for Prometheus, at every batch" },
	{ .name = "dry-run", .dest = &opts.dry_run, .help = "only check the table, the columns and the rights" },
	FILTER_OPTIONS(&opts.filter),
	{ 0 },
};

static const struct hint hints[] = {
	{ "-t", "--table NAME" },
	{ "--into", "--table NAME" },
	{ "--upsert", "--key NAME,... says by which columns; existing rows are replaced" },
	{ "--mode", "records are added; --key NAME,... replaces existing rows" },
	{ "--append", "records are added; --key NAME,... replaces existing rows" },
	{ "--truncate", "records are only added; the database can empty the table" },
	{ "--batch", "batches come from `weir consume --batch`; --commit-records says how many records a commit has at most" },
	{ "--batch-size", "--commit-records says how many records a commit has at most" },
	{ "--interval", "--commit-every says how often to commit" },
	{ "--url", "the URL of the database is the first operand" },
	{ "--dsn", "the URL of the database is the first operand" },
	{ "--db", "the URL of the database is the first operand, such as postgresql://HOST/DATABASE" },
	RECORDS_HINTS,
	{ 0 },
};
/* clang-format on */

const struct opt_spec spec = {
	.program = "db-put",
	.looks = true,
	.operands = "URL [FILE ...]",
	.summary = "Write records into a table of a database, all or nothing.",
	.example = "weir consume -g clicks --batch 1s clicks |\n"
		   "    weir db-put --table clicks --create \\\n"
		   "    --schema 'user string, n bigint' sqlite:clicks.db",
	.options = options,
	.hints = hints,
	.min_operands = 1,
};

/* What is wrong with the options about rows that are deleted; NULL: nothing. */
static const char *fault_of_deletes(void)
{
	bool json = opts.input.format == RECORDS_JSON || (opts.input.format == RECORDS_AUTO && !opts.input.header);
	bool unwraps = opts.unwrap == UNWRAP_DEBEZIUM;
	if (unwraps && opts.delete_on)
		return "--unwrap and --delete-on exclude each other: an event says itself what is deleted";
	if (!json && unwraps)
		return "--unwrap is for JSON";
	if (!json && opts.tombstones != TOMBSTONES_NOT_GIVEN)
		return "--tombstones is for JSON";
	if (!unwraps && !opts.delete_on && opts.tombstones != TOMBSTONES_DELETE)
		return NULL;
	if (!opts.key)
		return "rows are deleted by their key: --key says which columns it has";
	if (opts.conflict == DB_CONFLICT_ERROR)
		return "--on-conflict error and options that delete rows exclude each other: the order of rows counts";
	if (unwraps && opts.conflict == DB_CONFLICT_IGNORE)
		return "--on-conflict ignore would keep the row that an event updates";
	return NULL;
}

/* The same for --create without --schema. */
static const char *fault_of_inference(void)
{
	bool text = opts.input.format == RECORDS_TSV || opts.input.format == RECORDS_CSV;
	if (text && !opts.input.header)
		return "--create needs --schema, which names the columns of the new table, or --header";
	if (opts.columns)
		return "--create needs --schema where --columns names the columns";
	if (opts.unwrap == UNWRAP_DEBEZIUM)
		return "--create needs --schema for change events, which say nothing about types";
	return NULL;
}

/* The same for --table. */
static const char *fault_of_table(void)
{
	struct strbuf name = STRBUF_INIT;
	bool fine = true, ours;
	if (!opts.table)
		return "--table is missing: which table of the database?";
	if (!*opts.table)
		return "--table '' is no name";
	for (const char *s = opts.table; fine && *s; s += *s == '.') {
		strbuf_clear(&name);
		fine = sql_take_name(&s, ".", &name) && (!*s || *s == '.');
	}
	ours = strcmp(name.s, "weir_positions") == 0 || strcmp(name.s, "weir_ids") == 0;
	strbuf_release(&name);
	if (!fine)
		return "--table: a name that begins with a double quote ends with one, and those in it are doubled";
	return ours ? "--table: weir_positions and weir_ids are weir's own tables" : NULL;
}

/* What is wrong with the options together; NULL: nothing. */
static const char *fault(void)
{
	if (fault_of_table())
		return fault_of_table();
	if (opts.on_new == NEW_ADD && opts.columns)
		return "--on-new-field add and --columns exclude each other";
	if (opts.conflict != NOT_GIVEN && opts.conflict != DB_CONFLICT_ERROR && !opts.key)
		return "--on-conflict needs --key: by which columns is a row found?";
	if (opts.dry_run && opts.create)
		return "--dry-run and --create exclude each other: a table that is not there cannot be checked";
	if (opts.dry_run && opts.adopt)
		return "--dry-run and --adopt exclude each other: a dry run changes nothing";
	if (opts.input.header && opts.input.format == RECORDS_JSON)
		return "--header is for TSV and CSV, not for JSON";
	if (opts.create && !opts.schema.root.count && fault_of_inference())
		return fault_of_inference();
	return fault_of_deletes();
}

int options_check(char **operands)
{
	const char *why = file_is_input(opts.stats, operands) ? "the file of --stats is also an input" : fault();
	if (why)
		return opt_usage_error(&spec, "%s", why);
	if (opts.dry_run && *operands)
		return opt_usage_error(&spec, "--dry-run reads nothing: unexpected operand '%s'", *operands);
	if (opts.input.tz && time_zone_set(opts.input.tz) < 0)
		return opt_usage_error(&spec, TIME_NO_ZONE, opts.input.tz);
	if (opts.conflict == NOT_GIVEN)
		opts.conflict = opts.key ? DB_CONFLICT_UPDATE : DB_CONFLICT_ERROR;
	if (opts.tombstones == TOMBSTONES_NOT_GIVEN) /* Debezium's follow an event that deletes the row */
		opts.tombstones = opts.unwrap == UNWRAP_DEBEZIUM ? TOMBSTONES_SKIP : TOMBSTONES_ERROR;
	if (opts.input.format == RECORDS_AUTO && !opts.input.header)
		opts.input.format = RECORDS_JSON;
	return once_check(&opts.once, &spec, operands);
}
