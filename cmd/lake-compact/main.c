/* The options of lake-compact, and the order of its work: see compact.h. */
#include <errno.h>

#include "common/base/sig.h"
#include "compact.h"

#define TARGET  (UINT64_C(256) << 20)
#define MEMORY  (UINT64_C(256) << 20)
#define WEEK_MS (INT64_C(7) * 86400 * 1000)

static struct compact_options opts = {.target = TARGET,
	.memory = MEMORY,
	.expire_ms = -1,
	.older_ms = -1,
	.store = {.http = {.tell = warn_line, .stopped = sig_stopped}}};

/* clang-format off */
static const struct opt options[] = {
	{ .name = "target", .type = OPT_SIZE, .dest = &opts.target, .arg = "SIZE", .min = 1 << 10, .max = 1ull << 40,
	  .help = "the size of the new files, 256M by default" },
	{ .name = "sort-by", .type = OPT_STRING, .dest = &opts.sort_by, .arg = "COLUMNS",
	  .help = "sort the rows of each new file by these columns; only of Delta tables" },
	{ .name = "expire", .type = OPT_DURATION, .dest = &opts.expire_ms, .arg = "DURATION",
	  .help = "first take out the files whose records are all older than this" },
	{ .name = "vacuum", .dest = &opts.vacuum,
	  .help = "then remove the files that no version since --older-than needs" },
	{ .name = "older-than", .type = OPT_DURATION, .dest = &opts.older_ms, .arg = "DURATION",
	  .help = "with --vacuum: for how long readers may still read what was replaced, 7d by default" },
	{ .name = "dry-run", .dest = &opts.dry_run, .help = "only tell what would be done" },
	{ .name = "memory", .type = OPT_SIZE, .dest = &opts.memory, .arg = "SIZE", .min = 1 << 20, .max = 1ull << 44,
	  .help = "memory to use, 256M by default" },
	STORE_OPTIONS(&opts.store),
	STORE_TIMEOUT_OPTION(&opts.store),
	STORE_WRITE_OPTIONS(&opts.store),
	{ 0 },
};
/* clang-format on */

static const struct opt_spec spec = {
	.program = "lake-compact",
	.operands = "TABLE",
	.summary = "Put the small files of a table together, beside running writers.",
	.example = "weir lake-compact --vacuum lake/clicks",
	.options = options,
	.min_operands = 1,
	.max_operands = 1,
};

static int check_options(void)
{
	const char *fault = store_options_fault(&opts.store);
	if (fault)
		return opt_usage_error(&spec, "%s", fault);
	if (opts.older_ms >= 0 && !opts.vacuum)
		return opt_usage_error(&spec, "--older-than needs --vacuum");
	if (opts.older_ms < 0)
		opts.older_ms = WEEK_MS;
	return EXIT_OK;
}

static int work(struct compact *c, struct strbuf *err)
{
	int r = opts.sort_by ? compact_check_sort(c, err) : 0;
	if (r == 0 && opts.expire_ms >= 0)
		r = compact_expire(c, err);
	if (r == 0)
		r = compact_files(c, err);
	if (r == 0 && opts.vacuum)
		r = compact_vacuum(c, err);
	return r < 0 ? r : compact_trim(c, err);
}

static int run(const char *url)
{
	struct strbuf err = STRBUF_INIT;
	struct compact c;
	opts.store.memory = opts.memory / 4;
	int r = table_open(&c, url, &opts, &err);
	if (r == 0)
		r = work(&c, &err);
	if (r == -ECANCELED)
		warn("stopped by a signal: what was not committed is removed again");
	else if (r < 0)
		warn("%s%s", err.s,
			r == STORE_UNKNOWN ? "; whether it is committed is not known"
			: r == -EFBIG      ? ": a larger --memory is needed"
					   : "");
	int status = r == -ECANCELED || r == STORE_UNKNOWN ? EXIT_TEMP
		     : r == -EFBIG                         ? EXIT_CONFIG
							   : (int)diag_status(r);
	int end = compact_tell_end(&c);
	table_close(&c);
	strbuf_release(&err);
	return status ? status : end;
}

int main(int argc, char **argv)
{
	char **operands;
	sig_effects();
	int status = opt_parse(&spec, argc, argv, &operands);
	if (status != OPT_GO)
		return status;
	status = check_options();
	return status == EXIT_OK ? run(operands[0]) : status;
}
