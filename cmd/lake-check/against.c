/* --against: see check.h. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "check.h"
#include "digest.h"

static int read_table(const char *url, const struct check_options *opt, struct digest *ret)
{
	struct strbuf err = STRBUF_INIT;
	struct store *store = NULL;
	int r = store_open(url, NULL, &opt->store, &store, &err);
	if (r == 0)
		r = digest_table(store, &opt->store, ret, &err);
	if (r == -ECANCELED)
		warn("stopped by a signal");
	else if (r < 0)
		warn("%s", err.s);
	store_close(store);
	strbuf_release(&err);
	return r == -ECANCELED ? EXIT_TEMP : r == -ENOTSUP ? EXIT_CONFIG : (int)diag_status(r);
}

/* Report what differs between A, the table at URL, and B, the other one. */
static void compare(
	const char *url, const struct digest *a, const char *other, const struct digest *b, struct check_report *report)
{
	struct strbuf text = STRBUF_INIT;
	if (a->records != b->records)
		strbuf_addf(&text,
			"version %" PRId64 " of '%s' has %" PRIu64 " records, version %" PRId64 " of '%s' %" PRIu64,
			a->version, url, a->records, b->version, other, b->records);
	else if (memcmp(a->sum, b->sum, sizeof a->sum) != 0)
		strbuf_addf(&text,
			"version %" PRId64 " of '%s' and version %" PRId64 " of '%s' both have %" PRIu64
			" records, but not the same ones",
			a->version, url, b->version, other, a->records);
	if (text.len)
		report_find(report, text.s);
	strbuf_release(&text);
}

int compare_tables(const char *url, const struct check_options *opt)
{
	struct digest a, b;
	struct check_report report;
	int status = read_table(url, opt, &a);
	if (status == EXIT_OK)
		status = read_table(opt->against, opt, &b);
	if (status == EXIT_OK && a.kind != b.kind) {
		warn("'%s' and '%s' cannot be compared: only one of them is a Delta table", url, opt->against);
		status = EXIT_CONFIG;
	}
	if (status != EXIT_OK)
		return status;
	report_init(&report);
	compare(url, &a, opt->against, &b, &report);
	return report_close(&report);
}
