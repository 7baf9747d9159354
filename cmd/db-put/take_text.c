/* Records of TSV and CSV: see take_text.h. */
#include "take_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/refuse.h"
#include "grow.h"
#include "options.h"
#include "take_row.h"

/* Ask for the fields that --columns and --delete-on name. */
static int ask(struct take *t, struct strbuf *err)
{
	int r = t->delete_on ? records_bind(t->records, t->delete_on, err) : 0;
	for (size_t i = 0; r == 0 && t->delete_on && i < expr_fields(t->delete_on); i++)
		if (expr_field(t->delete_on, i)->column > t->least)
			t->least = expr_field(t->delete_on, i)->column;
	for (size_t i = 0; r == 0 && i < t->choice->plan.count; i++) {
		struct columns_source *source = &t->choice->sources[i];
		if (!source->given)
			continue;
		source->slot = records_add(t->records, &source->field, err);
		r = source->slot < 0 ? source->slot : 0;
		if (source->field.column > t->least)
			t->least = source->field.column;
	}
	return r;
}

/* Make room for the columns that are written. */
static void bind(struct take *t)
{
	const size_t count = t->choice->plan.count;
	free(t->from);
	free(t->values);
	t->from = xcalloc(count + 1, sizeof *t->from);
	t->values = xcalloc(count + 1, sizeof *t->values);
	for (size_t i = 0; i < count; i++) /* without a header the order counts */
		t->from[i] = i;
	t->width = count;
}

int take_text_open(struct take *t, struct strbuf *err)
{
	int r = records_new(&t->records, &opts.input, &opts.filter, err);
	if (r == 0)
		r = ask(t, err);
	if (r < 0)
		return r;
	bind(t);
	records_want_row(t->records, t->width);
	return 0;
}

/* The record REC, the last one that was counted, is bad because of WHY. */
static int refuse(
	struct take *t, struct sink_place *place, const char *rec, size_t len, const char *why, struct strbuf *err)
{
	struct sink_place at = *place;
	if (!place->batch) { /* it may have begun in the previous input */
		at.input = records_input(t->records);
		at.record = records_number(t->records);
	}
	int r = refuse_record(t->rejects, &at, rec, len, why, err);
	place->left_out = at.left_out;
	return r;
}

/* The column that the name V of a header means, or SIZE_MAX. */
static size_t column_of(const struct take *t, const struct value *v)
{
	for (size_t i = 0; i < t->choice->plan.count; i++)
		if (strlen(t->names[i]) == v->len && memcmp(t->names[i], v->s, v->len) == 0)
			return i;
	return SIZE_MAX;
}

/* Column I of the header, whose name is V, is not one that is written. */
static int on_other(struct take *t, const struct value *v, struct strbuf *err)
{
	struct strbuf name = STRBUF_INIT;
	if (t->choice->named || !v->len || take_row_is_known(t, v->s, v->len))
		return 0;
	if (opts.on_new == NEW_IGNORE) {
		take_row_ignore(t, v->s, v->len);
		return 0;
	}
	strbuf_add(&name, v->s, v->len);
	take_row_unknown(t, &name, err);
	strbuf_release(&name);
	return -EILSEQ;
}

/* Make the table of the names of the header, or add columns. */
static int grow(struct take *t, const struct value *names, struct strbuf *err)
{
	int r = grow_names(t, names, records_columns(t->records), err);
	if (r == 0) {
		take_row_names(t);
		bind(t);
	}
	return r;
}

/* A header was read. */
static int take_header(struct take *t, struct strbuf *err)
{
	const struct value *names = records_names(t->records);
	size_t before = err->len;
	int r = t->later || opts.on_new == NEW_ADD ? grow(t, names, err) : 0;
	if (r < 0)
		return r;
	t->width = records_columns(t->records);
	for (size_t i = 0; i < t->choice->plan.count; i++)
		t->from[i] = SIZE_MAX;
	strbuf_addf(err, "%s: in the header: ", records_input(t->records));
	for (size_t i = 0; r == 0 && i < t->width; i++) {
		size_t column = column_of(t, &names[i]);
		if (column == SIZE_MAX) {
			r = on_other(t, &names[i], err);
		} else if (t->from[column] != SIZE_MAX) {
			strbuf_addf(err, "the column %s occurs twice", t->names[column]);
			r = -EILSEQ;
		} else {
			t->from[column] = i;
		}
	}
	if (r == 0)
		strbuf_setlen(err, before);
	return r;
}

/* Whether a record of COUNT columns has the wrong number of them: WHY says so. */
static bool is_ragged(const struct take *t, size_t count, struct strbuf *why)
{
	bool open = t->least && !opts.input.header; /* columns are named by their numbers, and there may be more */
	size_t want = open ? t->least : t->width;
	if (open ? count >= want : count == want)
		return false;
	strbuf_addf(why, "%s%zu %s expected, but this is a record of %zu", open ? "at least " : "", want,
		diag_plural(want, "column is", "columns are"), count);
	return true;
}

/* The values of the columns of the current record, ROW, into t->values. */
static void take_values(struct take *t, const struct value *row, size_t count)
{
	for (size_t i = 0; i < t->choice->plan.count; i++) {
		const struct columns_source *source = &t->choice->sources[i];
		t->values[i] = (struct value){.type = VALUE_MISSING};
		if (source->given)
			t->values[i] = records_values(t->records)[source->slot];
		else if (t->from[i] < count)
			t->values[i] = row[t->from[i]];
	}
}

/* The record REC was read. */
static int take_record(struct take *t, struct sink_place *place, const char *rec, size_t len, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	size_t count;
	const struct value *row = records_row(t->records, &count);
	int r;
	if (is_ragged(t, count, &why)) {
		r = refuse(t, place, rec, len, why.s, err);
	} else {
		take_values(t, row, count);
		bool gone = t->delete_on && expr_test(t->delete_on, records_values(t->records));
		r = take_row(t, gone ? DB_OP_DELETE : DB_OP_PUT, place, t->values, rec, len, err);
	}
	strbuf_release(&why);
	return r;
}

/* A record could not be read: records_next() has returned R. */
static int take_unread(struct take *t, struct sink_place *place, int r, const char *rec, size_t len, struct strbuf *err)
{
	const struct records_error *e = records_error(t->records);
	struct strbuf why = STRBUF_INIT;
	if (r == -EBADMSG) {
		strbuf_addf(&why, "byte %zu: %s", e->pos + 1, e->what);
		r = refuse(t, place, rec, len, why.s, err);
	} else {
		strbuf_addf(err, "%s: %s", records_input(t->records), r == -ENOENT ? e->what : diag_strerror(r));
		r = r == -ENOENT ? -EILSEQ : r;
	}
	strbuf_release(&why);
	return r;
}

/* Handle all records that can be read now. */
static int take(struct take *t, struct sink_place *place, struct flow *flow, struct strbuf *err)
{
	const char *rec;
	size_t len;
	int r = 0, n;
	while (r == 0 && (n = records_next(t->records, &rec, &len)) != 0) {
		if (n == 2) {
			r = take_header(t, err);
			continue;
		}
		place->record += n > 0 || n == -EBADMSG;
		t->rejects->read += n > 0 || n == -EBADMSG;
		r = n > 0 ? take_record(t, place, rec, len, err) : take_unread(t, place, n, rec, len, err);
		if (r)
			records_refuse(t->records, flow);
	}
	return r;
}

int take_text_span(
	struct take *t, struct sink_place *place, const char *s, size_t len, struct flow *flow, struct strbuf *err)
{
	if (opts.input.header && flow->input_marked) {
		strbuf_addf(err, "%s: a marked stream has no header: --columns names the columns in their order",
			flow->input);
		return -EILSEQ;
	}
	records_span(t->records, s, len, flow);
	return take(t, place, flow, err);
}

int take_text_end(struct take *t, struct sink_place *place, struct flow *flow, struct strbuf *err)
{
	records_end(t->records);
	return take(t, place, flow, err);
}
