/* The filter driver for records with fields: fields that no record had.  See record_filter.h. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/diag.h"
#include "common/data/fields.h"
#include "common/data/record_filter_impl.h"

void record_filter_watch(struct record_filter *rf, const struct expr_field *field, int slot)
{
	struct strbuf text = STRBUF_INIT;

	for (size_t i = 0; i < rf->watched_count; i++)
		if (rf->watched[i].slot == slot)
			return;
	if (!field->column && field->path.count && field->path.steps[0].name)
		strbuf_addch(&text, '.');
	field_name(field, &text);
	rf->watched = xreallocarray(rf->watched, rf->watched_count + 1, sizeof *rf->watched);
	rf->watched[rf->watched_count++] = (struct record_filter_watched){.text = strbuf_detach(&text), .slot = slot};
}

void record_filter_note_fields(struct record_filter *rf, const struct value *values)
{
	size_t n = 0;

	for (size_t i = 0; i < rf->watched_count; i++) {
		if (values[rf->watched[i].slot].type == VALUE_MISSING)
			rf->watched[n++] = rf->watched[i];
		else
			free(rf->watched[i].text);
	}
	rf->watched_count = n;
}

size_t record_filter_unseen(const struct record_filter *rf)
{
	return record_filter_read(rf) > rf->malformed ? rf->watched_count : 0;
}

void record_filter_report_unseen(const struct record_filter *rf)
{
	struct strbuf names = STRBUF_INIT;
	uint64_t n = record_filter_read(rf) - rf->malformed;

	for (size_t i = 0; i < record_filter_unseen(rf); i++)
		strbuf_addf(&names, "%s%s", i ? ", " : "", rf->watched[i].text);
	if (names.len)
		warn("no record had %s (%" PRIu64 " %s)", names.s, n, diag_plural(n, "record", "records"));
	strbuf_release(&names);
}
