/*
 * Schemas: the input is a text, and Delta's JSON.  A schema that is read can be written in both forms, and reading
 * these gives the same schema, including ids.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/data/schema_delta.h"
#include "common/data/schema_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const struct schema *s)
{
	struct strbuf text = STRBUF_INIT, again = STRBUF_INIT, err = STRBUF_INIT;
	struct schema parsed;

	schema_print(s, &text);
	if (schema_parse_text(&parsed, text.s, text.len, &err) < 0 || !schema_equal(s, &parsed))
		abort();
	schema_print(&parsed, &again);
	if (strcmp(text.s, again.s) != 0)
		abort();
	schema_release(&parsed);
	strbuf_release(&text);
	strbuf_release(&again);
	strbuf_release(&err);
}

static void check_delta(const struct schema *s)
{
	struct strbuf json = STRBUF_INIT, again = STRBUF_INIT, err = STRBUF_INIT;
	struct schema parsed;

	schema_to_delta(s, &json);
	if (schema_from_delta(&parsed, json.s, json.len, &err) < 0 || !schema_equal(s, &parsed) ||
		schema_compatible(s, &parsed, &err) < 0 || parsed.last_id != s->last_id)
		abort();
	schema_to_delta(&parsed, &again);
	if (strcmp(json.s, again.s) != 0)
		abort();
	(void)schema_delta_needs_ntz(s);
	bool good = schema_delta_appendable(s, &err);
	if (good != !err.len)
		abort();
	good = schema_delta_creatable(s, &err) && good;
	if (good != !err.len)
		abort();
	schema_release(&parsed);
	strbuf_release(&json);
	strbuf_release(&again);
	strbuf_release(&err);
}

/* All columns are added to an empty schema, and then again to themselves. */
static void check_merge(const struct schema *s)
{
	struct strbuf err = STRBUF_INIT;
	struct schema merged;

	schema_init(&merged);
	if (schema_merge(&merged, s, &err) < 0 || merged.root.count != s->root.count)
		abort();
	int last_id = merged.last_id;
	if (schema_merge(&merged, s, &err) < 0 || merged.last_id != last_id || err.len)
		abort();
	schema_release(&merged);
	strbuf_release(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf err = STRBUF_INIT;
	struct schema s;
	int text = schema_parse_text(&s, (const char *)data, size, &err);

	if ((text == 0) != !err.len)
		abort();
	if (text == 0 || schema_from_delta(&s, (const char *)data, size, &err) == 0) {
		if (s.root.count) { /* a table of Delta may have no columns */
			check_text(&s);
			check_delta(&s);
			check_merge(&s);
		}
		schema_release(&s);
	}
	strbuf_release(&err);
	return 0;
}
