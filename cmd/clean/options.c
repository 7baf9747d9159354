/* The options of clean: see options.h. */
#include "cmd/clean/options.h"

#include <string.h>
#include <unistd.h>

#include "common/base/whole.h"

#define RULES_FILE_MAX (1u << 20)

struct clean_options clean_options = {
	.common = {.rejects = {.fate = REJECTS_DROP}}, .memory = 256u << 20, .future = FUTURE_DEFAULT};

static int parse_rule(const char *value, void *dest, struct strbuf *err)
{
	return rules_parse(dest, "is not a rule", value, strlen(value), err);
}

/* A mistake in a file is not a usage error, so its message waits until the options have been read. */
static int parse_file(const char *path, void *dest, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT, reason = STRBUF_INIT;
	int r = whole_read(path, RULES_FILE_MAX, &text);
	size_t mark = whole_mark(&text);
	(void)err;
	clean_options.files = true;
	clean_options.stdin_uses += strcmp(path, "-") == 0;
	if (clean_options.failed)
		r = 0;
	else if (r < 0)
		strbuf_addf(&reason, "cannot read '%s': %s%s", path, whole_strerror(r),
			rules_begins(path) ? "; a rule is -e RULE" : "");
	else
		r = rules_parse(dest, path, text.s + mark, text.len - mark, &reason);
	if (r < 0) {
		warn("%s", reason.s);
		clean_options.failed = EXIT_CONFIG;
	}
	strbuf_release(&text);
	strbuf_release(&reason);
	return 0;
}

/* clang-format off */
static const struct opt options[] = {
	{ .key = 'e', .name = "rule", .type = OPT_CALL, .dest = &clean_options.rules, .arg = "RULE", .parse = parse_rule,
	  .many = true, .help = "a rule; rules are applied in the order given" },
	{ .key = 'f', .name = "rules", .type = OPT_CALL, .dest = &clean_options.rules, .arg = "FILE", .parse = parse_file,
	  .many = true, .help = "rules from FILE, one on each line" },
	{ .name = "key", .type = OPT_STRING, .dest = &clean_options.key, .arg = "FILE", .help = "the key of 'mask .f hash'" },
	FUTURE_OPTION(&clean_options.future),
	CHECKPOINT_OPTIONS(&clean_options.state),
	{ .name = "memory", .type = OPT_SIZE, .dest = &clean_options.memory, .arg = "SIZE", .min = 1 << 16, .max = 1ull << 40,
	  .help = "memory for the keys of dedupe, 256M by default" },
	RECORD_FILTER_OPTIONS(&clean_options.common, "drop"),
	{0},
};

static const struct hint hints[] = {
	{ "-r", "a rule is -e RULE, a file of rules -f FILE" },
	{ "--expr", "a rule is -e RULE, a file of rules -f FILE" },
	{ "--schema", "a rule is -e RULE, a file of rules -f FILE" },
	{ "--where", "`weir filter EXPR` before it chooses records" },
	{ "--filter", "`weir filter EXPR` before it chooses records" },
	{ "--drop", "it is a rule: -e 'drop .field'" },
	{ "--rename", "it is a rule: -e 'rename .old .new'" },
	{ "--dedupe", "it is a rule: -e 'dedupe .id within 10m'" },
	{ "--dlq", "--rejects FILE keeps what breaks a rule" },
	{ "--dead-letter", "--rejects FILE keeps what breaks a rule" },
	{ "--errors", "--rejects FILE keeps what breaks a rule" },
	RECORDS_HINTS,
	{0},
};
/* clang-format on */

const struct opt_spec clean_spec = {
	.program = "clean",
	.looks = true,
	.operands = "[FILE ...]",
	.summary = "Write the records that break no rule, changed by the rules.",
	.example = "weir consume -g ingest --batch 10s clicks |\n"
		   "    weir clean -f clicks.rules --key hmac.key \\\n"
		   "        --rejects rejects.json |\n"
		   "    weir lake-put /lake/clicks",
	.more = rules_help,
	.options = options,
	.hints = hints,
};

int options_check(const struct clean_options *opts, char **operands)
{
	unsigned uses = opts->stdin_uses + (opts->key && strcmp(opts->key, "-") == 0);
	bool records = !*operands;
	for (; *operands; operands++) {
		records |= strcmp(*operands, "-") == 0;
		if (rules_begins(*operands) && access(*operands, F_OK) != 0)
			return opt_usage_error(&clean_spec, "'%s' is not a file; a rule is one word after -e: -e '%s'",
				*operands, strchr(*operands, ' ') ? *operands : "require .a");
	}
	if (!opts->rules.count)
		return opt_usage_error(&clean_spec, "there is no rule (--rule, --rules)");
	if (uses + records > 1 && uses)
		return opt_usage_error(&clean_spec, "standard input can be only one of records, rules and key");
	return OPT_GO;
}
