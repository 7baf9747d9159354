/* Records of TSV and CSV: see delta_text.h. */
#include "delta_text.h"

#include <errno.h>
#include <string.h>

#include "common/data/schema_infer.h"
#include "options.h"
#include "common/data/refuse.h"

#define AHEAD 1000 /* how many records are examined for the type of a new column */

static struct records *records_of(const struct delta_text *d)
{
	return d->rows->place.times->records;
}

/* The columns of the table are known: map the columns of records to them. */
static int bind(struct delta_text *d, bool tell, struct strbuf *err)
{
	return delta_header_bind(&d->header, &d->rows->schema.rows, opts.on_new, tell, err);
}

int delta_text_begin(struct delta_text *d, struct delta_rows *rows, struct delta_infer *infer, struct strbuf *err)
{
	*d = (struct delta_text){.rows = rows, .infer = infer};
	int r = infer || opts.input.header ? 0 : bind(d, false, err);
	if (infer && !opts.input.header) {
		strbuf_addf(err, "the new table '%s' has no names for the columns: --header or --schema gives them",
			rows->place.store->url);
		r = -EINVAL;
	}
	records_want_row(records_of(d), d->header.count);
	return r;
}

void delta_text_release(struct delta_text *d)
{
	delta_infer_free(d->infer);
	delta_header_release(&d->header);
	columns_release(&d->again);
}

/* --- reading records again ---------------------------------------------------------------------------- */

/* Begin to read records of as many columns as the header has, with d->again. */
static void begin_again(struct delta_text *d)
{
	columns_release(&d->again);
	bool csv = records_format(records_of(d)) == RECORDS_CSV;
	columns_init(&d->again, csv, records_separator(records_of(d), csv), opts.filter.null ? '\0' : '\n');
	d->again.counts = true;
	for (size_t i = 0; i < d->header.count; i++)
		(void)columns_add(&d->again, i);
}

/* Report that a record is missing among those that were held. */
static int lost(struct strbuf *err)
{
	strbuf_addstr(err, "a record that was read cannot be read again");
	return -EIO;
}

static int end_infer(struct delta_text *d, const struct delta_infer *in, struct strbuf *err)
{
	struct schema seen;
	const char *s = in->bytes.s, *end = s + in->bytes.len;
	int r = delta_infer_end(in, d->rows->place.store->url, &seen, err);
	if (r < 0)
		return r;
	r = delta_rows_begin(d->rows, &seen, err);
	schema_release(&seen);
	if (r == 0)
		r = bind(d, false, err);
	begin_again(d);
	for (size_t i = 0; r == 0 && i < in->count; i++) {
		struct delta_held *held = &in->items[i];
		if (columns_read(&d->again, s, (size_t)(end - s)) <= 0)
			return lost(err);
		r = delta_rows_store_values(d->rows, &held->place, &held->time, s, d->again.len,
			delta_header_row(&d->header, d->again.values), err);
		s += d->again.len + 1;
	}
	return r;
}

int delta_text_end_infer(struct delta_text *d, struct strbuf *err)
{
	struct delta_infer *in = d->infer;
	d->infer = NULL;
	int r = end_infer(d, in, err);
	delta_infer_free(in);
	return r;
}

/* --- new columns -------------------------------------------------------------------------------------------------- */

/* Examine the new columns in a record of these VALUES. */
static int look(const struct delta_text *d, struct schema_infer *in, const struct value *values)
{
	int r = 0;
	for (size_t i = 0; r == 0 && i < d->header.count; i++)
		if (d->header.new[i])
			r = schema_infer_columns(in, (const char *const *)&d->header.names[i], &values[i], 1);
	return r;
}

/* The same for that record and for the records after it, which are in the LEN bytes at S. */
static int look_ahead(struct delta_text *d, const struct value *values, const char *s, size_t len, struct schema *ret,
	struct strbuf *err)
{
	struct strbuf notes = STRBUF_INIT;
	struct schema_infer *in;
	int r = schema_infer_new(&in);
	if (r < 0)
		return r;
	r = look(d, in, values);
	begin_again(d);
	for (size_t i = 1; r == 0 && i < AHEAD && len; i++) {
		if (columns_read(&d->again, s, len) <= 0)
			break; /* the code that reads the record reports what is wrong with it */
		if (d->again.count == d->header.count)
			r = look(d, in, d->again.values);
		s += d->again.len + 1;
		len -= d->again.len + 1;
	}
	if (r == 0)
		r = schema_infer_known(in, ret, &notes, err);
	schema_infer_free(in);
	strbuf_release(&notes);
	return r;
}

/* The record at T has new columns: add them.  0; -EINVAL: such columns are impossible, for the reason WHY. */
static int add_columns(
	struct delta_text *d, const struct value *values, const struct timed *t, struct strbuf *why, struct strbuf *err)
{
	struct schema seen, columns;
	const char *next = t->rec + t->len + 1;
	bool within = t->rec >= d->span && next <= d->end; /* otherwise it was open at the end of the span before */
	int r = look_ahead(d, values, next, within ? (size_t)(d->end - next) : 0, &seen, why);
	if (r < 0)
		return r == -ENOMEM ? r : -EINVAL;
	r = delta_schema_extend(&d->rows->place, &d->rows->schema, &seen, &columns, why);
	schema_release(&seen);
	if (r > 0)
		r = delta_rows_renew(d->rows, &columns, err);
	else if (r == 0) {
		strbuf_addstr(why, "it names a partition column");
		r = -EINVAL;
	}
	return r < 0 ? r : bind(d, false, err);
}

/* --- records ------------------------------------------------------------------------------------------------------ */

/* The record REC, the last one that was counted, is bad because of WHY. */
static int refuse(struct delta_text *d, struct sink_place *place, const char *rec, size_t len, const char *why,
	struct strbuf *err)
{
	struct sink_place at = *place;
	if (!place->batch) { /* it may have begun in the previous input */
		at.input = records_input(records_of(d));
		at.record = records_number(records_of(d));
	}
	int r = refuse_record(d->rows->place.rejects, &at, rec, len, why, err);
	place->left_out = at.left_out;
	return r;
}

/* A header was read. */
static int take_header(struct delta_text *d, struct strbuf *err)
{
	struct records *records = records_of(d);
	bool other = !d->header.names || !records_same_header(records);
	int r = d->infer && d->infer->count && other ? delta_text_end_infer(d, err) : 0;
	if (r < 0)
		return r;
	size_t before = err->len;
	strbuf_addf(err, "%s: in the header: ", records_input(records));
	r = delta_header_read(&d->header, records_names(records), records_columns(records), err);
	if (r == 0 && !d->infer)
		r = bind(d, other, err);
	if (r == 0)
		strbuf_setlen(err, before);
	return r;
}

/* The record T has these VALUES: put it into the table, or hold it. */
static int put_record(struct delta_text *d, struct sink_place *place, const struct timed *t, const struct value *values,
	struct strbuf *why, struct strbuf *err)
{
	int r = 0;
	if (d->infer) {
		const struct delta_infer_row row = {
			.names = (const char *const *)d->header.names, .values = values, .count = d->header.count};
		r = delta_infer_add_row(d->infer, place, t, opts.filter.null ? '\0' : '\n', &row, why, err);
		return r == 0 && delta_infer_full(d->infer) ? delta_text_end_infer(d, err) : r;
	}
	if (delta_header_brings(&d->header, values))
		r = add_columns(d, values, t, why, err);
	return r < 0 ? r
		     : delta_rows_store_values(
			       d->rows, place, &t->time, t->rec, t->len, delta_header_row(&d->header, values), err);
}

/* The record T was read. */
static int take_record(struct delta_text *d, struct sink_place *place, struct timed *t, struct strbuf *err)
{
	struct times *times = d->rows->place.times;
	struct times_error error = {STRBUF_INIT, STRBUF_INIT};
	size_t count;
	const struct value *values = records_row(times->records, &count);
	int r = -EINVAL;
	t->time = d->now;
	if (count != d->header.count)
		strbuf_addf(&error.what, "the table has %zu %s, but this is a record of %zu", d->header.count,
			diag_plural(d->header.count, "column", "columns"), count);
	else if (times_is_now(times) || times_read(times, &t->time, &error) > 0)
		r = put_record(d, place, t, values, &error.what, err);
	if (r == -EINVAL)
		r = refuse(d, place, t->rec, t->len, error.what.s, err);
	strbuf_release(&error.where);
	strbuf_release(&error.what);
	return r;
}

/* A record could not be read: records_next() has returned R. */
static int take_unread(struct delta_text *d, struct sink_place *place, int r, const struct timed *t, struct strbuf *err)
{
	struct times_error error = {STRBUF_INIT, STRBUF_INIT};
	struct strbuf why = STRBUF_INIT;
	r = times_unread(d->rows->place.times, r, &error);
	strbuf_addf(&why, "%s%s%s", error.where.s, error.where.len ? ": " : "", error.what.s);
	if (r == -EBADMSG)
		r = refuse(d, place, t->rec, t->len, why.s, err);
	else
		strbuf_addf(err, "%s: %s", records_input(records_of(d)), why.s);
	strbuf_release(&error.where);
	strbuf_release(&error.what);
	strbuf_release(&why);
	return r;
}

/* Handle all records that can be read now. */
static int take(struct delta_text *d, struct sink_place *place, struct flow *flow, struct strbuf *err)
{
	struct records *records = records_of(d);
	struct timed t = {0};
	int r = 0, n;
	clock_gettime(CLOCK_REALTIME, &d->now);
	while (r == 0 && (n = records_next(records, &t.rec, &t.len)) != 0) {
		if (n == 2) {
			r = take_header(d, err);
			continue;
		}
		place->record += n > 0 || n == -EBADMSG;
		d->rows->place.rejects->read += n > 0 || n == -EBADMSG;
		r = n > 0 ? take_record(d, place, &t, err) : take_unread(d, place, n, &t, err);
		if (r)
			records_refuse(records, flow);
	}
	return r;
}

int delta_text_span(struct delta_text *d, struct sink_place *place, const char *s, size_t len, struct flow *flow,
	struct strbuf *err)
{
	if (opts.input.header && flow->input_marked) {
		strbuf_addf(err, "%s: a marked stream has no header: --schema names the columns in their order",
			flow->input);
		return -EILSEQ;
	}
	d->span = s;
	d->end = s + len;
	records_span(records_of(d), s, len, flow);
	return take(d, place, flow, err);
}

int delta_text_end(struct delta_text *d, struct sink_place *place, struct flow *flow, struct strbuf *err)
{
	d->span = d->end = NULL;
	records_end(records_of(d));
	return take(d, place, flow, err);
}
