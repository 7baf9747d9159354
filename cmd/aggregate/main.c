/*
 * aggregate: counts, sums and other metrics of records, by key.
 *
 * Input: records of JSON, TSV or CSV.  Output: at the end of each batch (a plain stream is one) a row for each group,
 * in the order of the keys.  Records that cannot be read end a marked stream before its batch is acknowledged; a plain
 * stream goes on without them, and the exit status is 65.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cmd/aggregate/aggregate.h"
#include "common/base/sig.h"

/* How many operands follow `--`; these are files. */
static int count_files(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--") == 0)
			return argc - i - 1;
	return 0;
}

/* Compile everything, and move *OPERANDS to the files.  OPT_GO, or the exit status after a message. */
static int prepare(struct aggregate *a, char ***operands, int files)
{
	struct strbuf err = STRBUF_INIT;
	char **last = *operands;

	while (*last)
		last++;
	int n = aggregate_init(a, &aggregate_options, *operands, last - files, &err);
	if (n == 0)
		strbuf_addf(&err, "'%s' is %s", **operands,
			access(**operands, F_OK) == 0
				? "a file: metrics, such as count or sum(.field), come before the files"
				: "not a metric, such as count or sum(.field)");
	int r = record_filter_check(&a->rf, n ? n : -EINVAL, &err);
	if (r == OPT_GO)
		*operands += n;
	return r;
}

static int run(struct aggregate *a, char **operands, int files)
{
	int r = prepare(a, &operands, files);

	if (r == OPT_GO)
		r = aggregate_open(a, operands);
	if (r == OPT_GO) {
		sig_filter();
		r = record_filter_run(&a->rf, operands);
		int left_out = aggregate_report(a);
		r = r ? r : left_out;
	}
	aggregate_release(a);
	return r;
}

int main(int argc, char **argv)
{
	static struct aggregate a;
	char **operands;
	int files = count_files(argc, argv);
	int r = opt_parse(&aggregate_spec, argc, argv, &operands);
	if (r != OPT_GO)
		return r;
	r = record_filter_open(
		&a.rf, aggregate_options.merge ? &aggregate_merge_ops : &aggregate_ops, &a, &aggregate_options.common);
	if (r == OPT_GO)
		r = run(&a, operands, files);
	record_filter_release(&a.rf);
	return r;
}
