/*
 * db-put: writes records into a table of a database, all or nothing.
 *
 * Rows wait until their commit, and then go into the table in one short transaction, which also moves the positions of
 * a marked stream (common/db/db_state.h).
 */
#include <stdlib.h>

#include "common/base/checking.h"
#include "common/base/sig.h"
#include "common/io/metrics_file.h"
#include "common/io/pipes.h"
#include "options.h"
#include "put.h"

static int run(const char *url, char **files, struct rejects *rejects)
{
	struct db_sink put;
	if (put_makes_file(url))
		return EXIT_OK;
	int status = put_open(&put, url, rejects);
	if (status == EXIT_NO) {
		warn("id '%s' has been committed before: nothing is done", opts.once.id);
		pipes_drain(files);
		status = EXIT_OK;
	} else if (status == EXIT_OK) {
		status = opts.dry_run ? put_try(&put)
				      : sink_run(&put_sink_ops, &put, &opts.policy, opts.once.id ? "--id" : NULL,
						&opts.filter, files);
		take_report(&put.take);
	}
	put_close(&put);
	return status;
}

int main(int argc, char **argv)
{
	char **operands;
	sig_effects();
	int status = opt_parse(&spec, argc, argv, &operands);
	if (status != OPT_GO)
		return status;
	struct rejects rejects = {.opts = &opts.rejects, .aside = {.lines = STRBUF_INIT}};
	status = options_check(operands + 1);
	opts.dry_run = opts.dry_run || checking();
	char *metrics = opts.stats ? NULL : metrics_file();
	opts.stats = opts.stats ? opts.stats : metrics;
	if (status == EXIT_OK)
		status = rejects_open(&rejects, &opts.rejects, &spec, operands + 1);
	if (status == OPT_GO)
		status = run(operands[0], operands + 1, &rejects);
	status = rejects_end(&rejects, status);
	schema_release(&opts.schema);
	free(metrics);
	return status;
}
