/* Holding records from which a schema is inferred: see delta_infer.h. */
#include "delta_infer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/visible.h"
#include "common/data/json.h"
#include "common/data/schema_delta.h"
#include "common/data/schema_infer.h"
#include "common/data/schema_text.h"
#include "common/data/utf8.h"
#include "common/data/refuse.h"

#define SHOWN_MAX 64 /* bytes of a value in a message */

int delta_infer_new(uint64_t records, uint64_t memory, struct delta_infer **ret)
{
	struct delta_infer *in = xcalloc(1, sizeof *in);
	in->records = records;
	in->memory = memory;
	int r = schema_infer_new(&in->seen);
	if (r < 0) {
		free(in);
		return r;
	}
	schema_infer_check_names(in->seen, SCHEMA_DELTA_REFUSED);
	*ret = in;
	return 0;
}

void delta_infer_free(struct delta_infer *in)
{
	if (!in)
		return;
	schema_infer_free(in->seen);
	strbuf_release(&in->bytes);
	free(in->items);
	free(in);
}

/* Hold the record T, which fits. */
static void hold(struct delta_infer *in, const struct sink_place *place, const struct timed *t, char delim)
{
	if (in->count == in->room) {
		in->room = in->room ? 2 * in->room : 64;
		in->items = xreallocarray(in->items, in->room, sizeof *in->items);
	}
	in->items[in->count++] = (struct delta_held){.place = *place, .time = t->time};
	strbuf_add(&in->bytes, t->rec, t->len);
	strbuf_addch(&in->bytes, delim);
}

/*
 * schema_infer_json() or schema_infer_columns() has failed with R, and the contents of the record are not the reason.
 */
static int fail(int r, const struct sink_place *place, struct strbuf *err)
{
	sink_place_add(err, place);
	strbuf_addf(err, ", %s", r == -E2BIG ? "with it there are too many fields" : diag_strerror(r));
	return r == -E2BIG ? -EBADMSG : r;
}

int delta_infer_add_row(struct delta_infer *in, const struct sink_place *place, const struct timed *t, char delim,
	const struct delta_infer_row *row, struct strbuf *why, struct strbuf *err)
{
	for (size_t i = 0; i < row->count; i++) {
		const struct value *v = &row->values[i];
		if (value_is_null(v) || utf8_valid(v->s, v->len))
			continue;
		struct strbuf shown = STRBUF_INIT;
		utf8_add_valid(&shown, v->raw, v->raw_len < SHOWN_MAX + 4 ? v->raw_len : SHOWN_MAX + 4);
		strbuf_addf(why, "column %s: ", row->names[i]);
		visible_add_start(why, shown.s, shown.len, SHOWN_MAX);
		strbuf_addstr(why, " is not UTF-8");
		strbuf_release(&shown);
		return -EINVAL;
	}
	int r = schema_infer_columns(in->seen, row->names, row->values, row->count);
	if (r < 0)
		return fail(r, place, err);
	hold(in, place, t, delim);
	return 0;
}

int delta_infer_add(struct delta_infer *in, const struct sink_place *place, const struct timed *t, char delim,
	struct strbuf *why, struct strbuf *err)
{
	int r = schema_infer_json(in->seen, t->rec, t->len);
	if (r == -EBADMSG) {
		const struct json_error *e = schema_infer_error(in->seen);
		strbuf_addf(why, "byte %zu: %s", e->pos + 1, e->what);
		refuse_other_format(why, place, t->rec, t->len);
		return -EINVAL;
	}
	if (r == -EINVAL) {
		strbuf_addstr(why, "the record is not an object");
		return r;
	}
	if (r == -ERANGE) {
		strbuf_addstr(why, schema_infer_misfit(in->seen));
		return -EINVAL;
	}
	if (r < 0)
		return fail(r, place, err);
	hold(in, place, t, delim);
	return 0;
}

bool delta_infer_full(const struct delta_infer *in)
{
	return in->count >= in->records || in->bytes.len + in->count * sizeof *in->items >= in->memory;
}

/* Append the text of S in single quotes, for a shell. */
static void add_quoted(struct strbuf *out, const struct schema *s)
{
	struct strbuf text = STRBUF_INIT;
	schema_print(s, &text);
	strbuf_addch(out, '\'');
	for (const char *p = text.s; *p; p++)
		if (*p == '\'')
			strbuf_addstr(out, "'\\''");
		else
			strbuf_addch(out, *p);
	strbuf_addch(out, '\'');
	strbuf_release(&text);
}

/* Print the schema that was inferred, and each line of NOTES. */
static void tell(const struct delta_infer *in, const char *url, const struct schema *s, char *notes)
{
	struct strbuf text = STRBUF_INIT;
	char *rest = notes;
	add_quoted(&text, s);
	warn("the new table '%s' has the columns that %zu %s: --schema %s", url, in->count,
		in->count == 1 ? "record shows" : "records show", text.s);
	for (char *line; rest && *rest && (line = strsep(&rest, "\n"));)
		warn("%s", line);
	strbuf_release(&text);
}

int delta_infer_end(const struct delta_infer *in, const char *url, struct schema *ret, struct strbuf *err)
{
	struct strbuf notes = STRBUF_INIT, why = STRBUF_INIT;
	int r = schema_infer_end(in->seen, ret, &notes, &why);
	if (r == 0)
		tell(in, url, ret, notes.s);
	else
		strbuf_addf(err, "the new table '%s' needs --schema, for its records show none: %s", url, why.s);
	strbuf_release(&notes);
	strbuf_release(&why);
	return r < 0 ? -EBADMSG : 0;
}
