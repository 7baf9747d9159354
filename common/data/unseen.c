/* Fields that no record has had: see unseen.h. */
#include "common/data/unseen.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/base/diag.h"
#include "common/data/fields.h"

void unseen_add(struct unseen *u, const struct expr_field *field, int slot)
{
	struct strbuf text = STRBUF_INIT;

	for (size_t i = 0; i < u->count; i++)
		if (u->all[i].slot == slot)
			return;
	if (!field->column && field->path.count && field->path.steps[0].name)
		strbuf_addch(&text, '.');
	field_name(field, &text);
	u->all = xreallocarray(u->all, u->count + 1, sizeof *u->all);
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
	*u = (struct unseen){0};
}
