/*
 * Rules: the place of a mistake must be within the text, and each accepted rule must be parsed in the same way when it
 * is alone.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/data/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct rule *rule)
{
	struct strbuf err = STRBUF_INIT;
	struct rules again = {0};

	if (rule->kind >= RULE_KINDS || rule->field_count < 1 || (rule->kind == RULE_RENAME && rule->field_count != 2))
		abort();
	if ((rule->kind == RULE_MATCH) != (rule->re != NULL) || (rule->kind == RULE_ONE_OF) != (rule->word_count > 0))
		abort();
	if ((rule->kind == RULE_DEFAULT) != (rule->json != NULL) ||
		(rule->kind == RULE_DEDUPE) != (rule->window_ms > 0))
		abort();
	if (rules_parse(&again, "again", rule->text, strlen(rule->text), &err) < 0 || again.count != 1)
		abort();
	if (again.items[0].kind != rule->kind || again.items[0].field_count != rule->field_count)
		abort();
	rules_release(&again);
	strbuf_release(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf err = STRBUF_INIT;
	struct rules rules = {0};
	int r = rules_parse(&rules, "rules", (const char *)data, size, &err);

	if ((r < 0) != (err.len > 0) || (r < 0 && strncmp(err.s, "rules: line ", 12) != 0))
		abort();
	for (size_t i = 0; i < rules.count; i++)
		check(&rules.items[i]);
	rules_release(&rules);
	strbuf_release(&err);
	return 0;
}
