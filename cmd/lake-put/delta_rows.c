/* Rows of a Delta table: see delta_rows.h. */
#include "delta_rows.h"

#include <errno.h>

#include "delta_fields.h"
#include "options.h"
#include "common/data/refuse.h"
#include "times.h"

void delta_rows_release(struct delta_rows *rows)
{
	shred_free(rows->shred);
	delta_writer_free(rows->writer);
	delta_parts_release(&rows->parts);
	delta_schema_release(&rows->schema);
}

static void tell_ignored(void *arg, const char *path)
{
	const struct delta_rows *d = arg;
	struct strbuf table = STRBUF_INIT;
	delta_name_table(&d->place, &table);
	warn("%sfield %s: the table has no such column, and it is ignored", table.len ? table.s : "", path);
	strbuf_release(&table);
}

struct pq_codec_spec delta_rows_codec(void)
{
	static const enum pq_codec_kind kinds[] = {
		[CODEC_NONE] = PQ_NONE, [CODEC_GZIP] = PQ_GZIP, [CODEC_ZSTD] = PQ_ZSTD};
	if (opts.snappy)
		return (struct pq_codec_spec){.kind = PQ_SNAPPY};
	return (struct pq_codec_spec){.kind = kinds[opts.codec.kind], .level = opts.codec.level};
}

/* Make a shredder for the schema of files. */
static int new_shred(struct delta_rows *d, struct strbuf *err)
{
	int r = shred_new(&d->schema.files, opts.on_new, &d->shred);
	if (r < 0) {
		strbuf_addf(err, "cannot read records: %s", diag_strerror(r));
		return r;
	}
	shred_on_ignored(d->shred, tell_ignored, d);
	delta_parts_begin(&d->parts, d->place.layout, &d->schema.files, &d->schema.rows, d->shred);
	return 0;
}

int delta_rows_begin(struct delta_rows *d, const struct schema *given, struct strbuf *err)
{
	const struct table_place *place = &d->place;
	int r = delta_schema_open(place, given, &d->schema, err);
	const struct delta_writer_config config = {.store = place->store,
		.schema = &d->schema.files,
		.layout = place->layout,
		.pool = place->pool,
		.codec = delta_rows_codec(),
		.row_group = opts.row_group,
		.memory = place->memory,
		.uuid = place->uuid};
	if (r == 0)
		r = delta_writer_new(&config, &d->writer, err);
	return r == 0 ? new_shred(d, err) : r;
}

void delta_rows_enter(struct delta_rows *d, const char *s, size_t len, char delim)
{
	d->end = s + len;
	d->delim = delim;
	d->added = d->malformed = false;
	shred_span(d->shred, s, len, delim);
}

/*
 * The partition of a record with the time T and VALUES, of the shredder or, if TEXT, those of a record of TSV or CSV;
 * mostly that of the last one.  -EINVAL with WHY: there is none; errors of delta_writer_part(), with WHY.
 */
static int find_part(
	struct delta_rows *d, const struct timespec *t, const struct value *values, bool text, struct strbuf *why)
{
	int r = delta_parts_next(&d->parts, t, values, text, why);
	if (r == 0 && d->part)
		return 0;
	d->part = NULL;
	if (r >= 0)
		r = delta_writer_part(d->writer, delta_parts_values(&d->parts), &d->part, why);
	return r == -ENAMETOOLONG ? -EINVAL : r;
}

int delta_rows_renew(struct delta_rows *d, const struct schema *columns, struct strbuf *err)
{
	int r = delta_writer_renew(d->writer, err);
	d->part = NULL;
	shred_free(d->shred);
	d->shred = NULL;
	schema_release(&d->schema.rows);
	schema_release(&d->schema.files);
	d->schema.rows = *columns;
	schema_copy(&d->schema.files, &d->schema.all);
	return r == 0 ? new_shred(d, err) : r;
}

/*
 * The record REC has fields that are not columns: add these columns, and go back to the same record.  1; 0 or -EINVAL,
 * with the reason WHY, when nothing was added; else an error, with ERR.
 */
static int add_fields(struct delta_rows *d, const char *rec, struct strbuf *why, struct strbuf *err)
{
	struct schema rows;
	size_t len = (size_t)(d->end - rec);
	struct strbuf reason = STRBUF_INIT;
	int r = delta_fields_add(&d->place, &d->schema, rec, len, d->delim, &rows, &reason);
	if (r == 0)
		strbuf_addstr(why, " but that of its partitions");
	else if (r == -EINVAL)
		strbuf_addf(why, ", and cannot get it: %s", reason.s);
	else if (r < 0)
		strbuf_addstr(err, diag_strerror(r));
	strbuf_release(&reason);
	if (r <= 0)
		return r;
	r = delta_rows_renew(d, &rows, err);
	if (r < 0)
		return r == -EINVAL ? -EIO : r;
	delta_rows_enter(d, rec, len, d->delim);
	d->added = true;
	return shred_next(d->shred, &rec, &len) < 0 ? -EIO : 1;
}

/* Put the shredder's current record, whose time is T, into its partition; returns as shred_put(), with WHY. */
static int put_record(struct delta_rows *d, const struct timespec *t, struct strbuf *why)
{
	if (d->malformed) {
		const struct json_error *e = shred_error(d->shred);
		strbuf_addf(why, "byte %zu: %s", e->pos + 1, e->what);
		return -EBADMSG;
	}
	int r = find_part(d, t, shred_values(d->shred), false, why);
	return r == 0 ? shred_put(d->shred, delta_part_columns(d->part), why) : r;
}

int delta_rows_store(struct delta_rows *d, struct sink_place *place, const struct timespec *t, const char *rec,
	size_t len, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	int r, put = put_record(d, t, &why);
	bool adds = put == -ENOENT && opts.on_new == SHRED_NEW_ADD && !d->added;
	int added = adds ? add_fields(d, rec, &why, err) : 0;
	if (put == 0) {
		r = delta_part_row(d->part, err);
	} else if (added > 0) {
		r = delta_rows_store(d, place, t, rec, len, err);
	} else if (added < 0 && added != -EINVAL) {
		r = added;
	} else if (put == -EBADMSG || put == -EINVAL || put == -ENOENT) {
		if (put == -EBADMSG)
			refuse_other_format(&why, place, rec, len);
		if (put == -ENOENT && !rejects_go_on(d->place.rejects) && opts.on_new == SHRED_NEW_FAIL)
			strbuf_addstr(
				&why, "; --on-new-field ignore leaves such fields out, and add makes columns of them");
		r = refuse_record(d->place.rejects, place, rec, len, why.s, err);
	} else {
		strbuf_addstr(err, why.s);
		r = put;
	}
	strbuf_release(&why);
	return r;
}

int delta_rows_store_values(struct delta_rows *d, struct sink_place *place, const struct timespec *t, const char *rec,
	size_t len, const struct value *values, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	int r = find_part(d, t, values, true, &why);
	if (r == 0)
		r = shred_put_values(d->shred, delta_part_columns(d->part), values, &why);
	if (r == 0)
		r = delta_part_row(d->part, err);
	else if (r == -EINVAL)
		r = refuse_record(d->place.rejects, place, rec, len, why.s, err);
	else
		strbuf_addstr(err, why.s);
	strbuf_release(&why);
	return r;
}

int delta_rows_untimed(struct delta_rows *d, struct sink_place *place, int timed, const struct timed *t,
	const struct times_error *error, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	int r = timed < 0 ? timed : -EIO;
	strbuf_addf(&why, "%s%s%s", error->where.s, error->where.len ? ": " : "", error->what.s);
	if (timed == -EBADMSG)
		r = refuse_record(d->place.rejects, place, t->rec, t->len, why.s, err);
	else
		strbuf_add(err, why.s, why.len);
	strbuf_release(&why);
	return r;
}

/*
 * The next record of the span: 1, or 0 at the end.  When *RET_TIME is below 0, REC has no time, and ERROR has the
 * reason.
 */
static int next_record(
	struct delta_rows *d, struct timed *t, int *ret_time, struct times_error *error, struct strbuf *err)
{
	const char *rec;
	size_t len;
	int n = times_is_now(d->place.times) ? 1 : times_next(d->place.times, t, error);
	int r = shred_next(d->shred, &rec, &len);
	d->added = false;
	d->malformed = r == -EBADMSG;
	*ret_time = n;
	if (r == 0 || r == -EBADMSG || r == 1) { /* shred_put() also finds records that are not JSON */
		t->rec = rec;
		t->len = len;
		return r == -EBADMSG ? 1 : r;
	}
	strbuf_addstr(err, diag_strerror(r));
	return r;
}

int delta_rows_span(struct delta_rows *d, struct sink_place *place, const char *s, size_t len, struct flow *flow,
	struct strbuf *err)
{
	struct times_error error = {STRBUF_INIT, STRBUF_INIT};
	struct timed t = {0};
	int r = 0, more, timed;
	clock_gettime(CLOCK_REALTIME, &t.time);
	if (!times_is_now(d->place.times))
		times_begin(d->place.times, s, len, flow);
	delta_rows_enter(d, s, len, flow->delim);
	while (r == 0 && (more = next_record(d, &t, &timed, &error, err)) != 0) {
		if (more < 0) {
			r = more;
			break;
		}
		place->record++;
		d->place.rejects->read++;
		r = timed > 0 ? delta_rows_store(d, place, &t.time, t.rec, t.len, err)
			      : delta_rows_untimed(d, place, timed, &t, &error, err);
		if (r)
			flow_refuse(flow, t.rec, t.len);
	}
	strbuf_release(&error.where);
	strbuf_release(&error.what);
	return r;
}
