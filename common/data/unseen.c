/* Fields that no record has had: see unseen.h. */
#include "common/data/unseen.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/diag.h"
#include "common/data/fields.h"

/* Whether SLOT is added for the first time. */
static bool is_first(struct unseen *u, int slot)
{
	size_t at = (size_t)slot;

	if (at >= u->slots) {
		size_t slots = 2 * at + 16;
		u->added = xreallocarray(u->added, slots, sizeof *u->added);
		memset(u->added + u->slots, 0, (slots - u->slots) * sizeof *u->added);
		u->slots = slots;
	}
	bool first = !u->added[at];
	u->added[at] = true;
	return first;
}

void unseen_add(struct unseen *u, const struct expr_field *field, int slot)
{
	struct strbuf text = STRBUF_INIT;

	if (!is_first(u, slot))
		return;
	if (!field->column && field->path.count && field->path.steps[0].name)
		strbuf_addch(&text, '.');
	field_name(field, &text);
	u->all = xroom(u->all, u->count, sizeof *u->all);
	u->all[u->count++] = (struct unseen_field){.text = strbuf_detach(&text), .slot = slot};
}

void unseen_note(struct unseen *u, const struct value *values)
{
	size_t n = 0;

	for (size_t i = 0; i < u->count; i++) {
		if (values[u->all[i].slot].type == VALUE_MISSING)
			u->all[n++] = u->all[i];
		else
			free(u->all[i].text);
	}
	u->count = n;
}

void unseen_report(const struct unseen *u, uint64_t records)
{
	struct strbuf names = STRBUF_INIT;

	for (size_t i = 0; i < u->count; i++)
		strbuf_addf(&names, "%s%s", i ? ", " : "", u->all[i].text);
	if (names.len && records)
		warn("no record had %s (%" PRIu64 " %s)", names.s, records, diag_plural(records, "record", "records"));
	strbuf_release(&names);
}

void unseen_release(struct unseen *u)
{
	for (size_t i = 0; i < u->count; i++)
		free(u->all[i].text);
	free(u->all);
	free(u->added);
	*u = (struct unseen){0};
}
