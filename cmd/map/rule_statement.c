/* Reading rules as statements: see rule_statement.h. */
#include "cmd/map/rule_statement.h"

#include <string.h>

#include "common/base/alloc.h"
#include "common/data/rules_apply.h"

/* The rule of whose name W consists up to a blank; RULE_KINDS: there is none.  map has drop, keep and rename itself. */
static size_t kind_at(const struct map_words *w)
{
	size_t len = 0, kind = 0;

	while (len < w->len && !strchr(" \t\r\n", w->s[len]))
		len++;
	while (kind < RULE_KINDS && (strlen(rules_name(kind)) != len || memcmp(rules_name(kind), w->s, len) != 0))
		kind++;
	return kind;
}

bool rule_begins(const struct map_words *w)
{
	return kind_at(w) != RULE_KINDS;
}

const char *rule_statement_name(size_t i)
{
	for (size_t kind = 0; kind < RULE_KINDS; kind++)
		if ((rules_have_value((enum rule_kind)kind) || kind == RULE_DEDUPE) && i-- == 0)
			return rules_name(kind);
	return NULL;
}

int rule_statement(struct map_words *w, struct map_step *s)
{
	struct strbuf reason = STRBUF_INIT;
	size_t pos;
	int r = 0;

	s->kind = STEP_RULE;
	s->rule = xcalloc(1, sizeof *s->rule);
	if (rule_parse(s->rule, w->s, w->len, &pos, &reason) < 0)
		r = words_fail(w, "column %zu: %s", pos + 1, reason.s);
	strbuf_release(&reason);
	return r;
}
