/*
 * clean: changes records by rules, passes on those that keep the rules, and rejects the others.
 *
 * Every record that is read is passed on or rejected, and both are counted.
 */
#include "cmd/clean/cleaner.h"
#include "common/base/sig.h"

int main(int argc, char **argv)
{
	static struct cleaner c;
	char **operands;
	int status = opt_parse(&clean_spec, argc, argv, &operands);
	if (status == OPT_GO && clean_options.failed)
		status = clean_options.failed;
	if (status == OPT_GO)
		status = options_check(&clean_options, operands);
	if (status == OPT_GO)
		sig_filter();
	if (status == OPT_GO)
		status = cleaner_open(&c, &clean_options);
	if (status == OPT_GO)
		status = cleaner_run(&c, operands);
	cleaner_release(&c);
	rules_release(&clean_options.rules);
	return status;
}
