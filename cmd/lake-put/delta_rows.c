/* Rows of a Delta table: see delta_rows.h. */
#include "delta_rows.h"

#include <errno.h>

#include "options.h"
#include "refuse.h"
#include "times.h"

void delta_rows_release(struct delta_rows *rows)
{
	shred_free(rows->shred);
	delta_writer_free(rows->writer);
	delta_schema_release(&rows->schema);
}

static void tell_ignored(void *arg, const char *path)
{
	(void)arg;
	warn("field %s: the table has no such column, and it is ignored", path);
}

/* What compresses the pages. */
static struct pq_codec_spec codec_of(void)
{
	static const enum pq_codec_kind kinds[] = {
		[CODEC_NONE] = PQ_NONE, [CODEC_GZIP] = PQ_GZIP, [CODEC_ZSTD] = PQ_ZSTD};
	if (opts.snappy)
		return (struct pq_codec_spec){.kind = PQ_SNAPPY};
	return (struct pq_codec_spec){.kind = kinds[opts.codec.kind], .level = opts.codec.level};
}

int delta_rows_begin(struct delta_rows *d, const struct schema *given, struct strbuf *err)
{
	const struct table_place *place = &d->place;
	int r = delta_schema_open(place, given, &d->schema, err);
	const struct delta_writer_config config = {.store = place->store,
		.schema = &d->schema.rows,
		.layout = place->layout,
		.codec = codec_of(),
		.row_group = opts.row_group,
		.memory = place->memory,
		.uuid = place->uuid};
	if (r == 0)
		r = delta_writer_new(&config, &d->writer, err);
	if (r == 0 && (r = shred_new(&d->schema.rows, opts.on_new, &d->shred)) < 0)
		strbuf_addf(err, "cannot read records: %s", diag_strerror(r));
	if (r == 0)
		shred_on_ignored(d->shred, tell_ignored, NULL);
	return r;
}

/* The partition of T, that of the last record mostly. */
static int find_part(struct delta_rows *d, const struct timespec *t, struct strbuf *err)
{
	int64_t unit = layout_unit(d->place.layout, t);
	if (d->part && unit == d->unit)
		return 0;
	d->unit = unit;
	return delta_writer_part(d->writer, layout_values(d->place.layout, t), &d->part, err);
}

int delta_rows_store(struct delta_rows *d, struct sink_place *place, const struct timespec *t, const char *rec,
	size_t len, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	int r = find_part(d, t, err);
	int put = r == 0 ? shred_put(d->shred, delta_part_columns(d->part), &why) : 0;
	if (put == 0 && r == 0)
		r = delta_part_row(d->part, err);
	else if (put == -EBADMSG || put == -EINVAL || put == -ENOENT)
		r = refuse_record(d->place.rejects, place, rec, len, why.s, err);
	else if (put < 0) {
		strbuf_addstr(err, why.s);
		r = put;
	}
	strbuf_release(&why);
	return r;
}

int delta_rows_untimed(struct delta_rows *d, struct sink_place *place, int timed, const struct timed *t,
	const struct times_error *error, struct strbuf *err)
{
	if (timed == -EBADMSG)
		return refuse_record(d->place.rejects, place, t->rec, t->len, error->what.s, err);
	strbuf_addstr(err, error->what.s);
	return timed < 0 ? timed : -EIO;
}

/* The next record of the span: 1, 0 at the end; REC is without a time, which ERROR says why, when *RET_TIME is below 0.
 */
static int next_record(
	struct delta_rows *d, struct timed *t, int *ret_time, struct times_error *error, struct strbuf *err)
{
	const char *rec;
	size_t len;
	int n = times_is_now(d->place.times) ? 1 : times_next(d->place.times, t, error);
	int r = shred_next(d->shred, &rec, &len);
	*ret_time = n;
	if (r == 0 || r == -EBADMSG || r == 1) { /* what is not JSON is found by shred_put(), too */
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
	shred_span(d->shred, s, len, flow->delim);
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
