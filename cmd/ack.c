/*
 * ack: ends a marked pipeline for foreign sinks: writes plain records, and acknowledges each batch once it is written.
 */
#include "common/base/sig.h"
#include "common/stream/filter.h"

static struct filter_opts input;

static const struct opt options[] = {
	FILTER_OPTIONS(&input),
	{.name = "allow-etb",
		.dest = &input.any_start,
		.help = "allow the output to begin with ETB, as marked streams do"},
	{0},
};

static const struct opt_spec spec = {
	.program = "ack",
	.operands = "[FILE ...]",
	.summary = "Write the records of a marked stream without marks, and acknowledge each batch after it.",
	.example = "weir consume -g hook --batch 10s clicks |\n"
		   "    weir each curl -fsS --data-binary @- http://localhost:8080/ |\n"
		   "    weir ack >/dev/null",
	.options = options,
};

static int copy(void *self, const char *s, size_t len, struct flow *flow)
{
	(void)self;
	return flow_put_span(flow, s, len);
}

int main(int argc, char **argv)
{
	static const struct filter filter = {.span = copy, .last = true};
	char **operands;
	int status = opt_parse(&spec, argc, argv, &operands);
	if (status != OPT_GO)
		return status;
	sig_effects();
	return filter_run(&filter, NULL, &input, operands);
}
