/* Delta tables: see delta.h. */
#include "delta.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/lake/delta_writer.h"
#include "common/parquet/shred.h"
#include "delta_open.h"
#include "options.h"
#include "refuse.h"
#include "times.h"

struct delta {
	struct table_place place;
	struct delta_schema schema;
	struct shred *shred;
	struct delta_writer *writer;
	struct delta_part *part; /* the last one, and of which unit of time it is */
	int64_t unit;
};

static void delta_free(void *self)
{
	struct delta *d = self;
	if (!d)
		return;
	shred_free(d->shred);
	delta_writer_free(d->writer);
	delta_schema_release(&d->schema);
	free(d);
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

static int delta_open(const struct table_place *place, void **ret)
{
	struct strbuf err = STRBUF_INIT;
	struct delta *d = *ret = xcalloc(1, sizeof *d);
	d->place = *place;
	int r = delta_schema_open(place, &d->schema, &err);
	const struct delta_writer_config config = {.store = place->store,
		.schema = &d->schema.rows,
		.layout = place->layout,
		.codec = codec_of(),
		.row_group = opts.row_group,
		.memory = place->memory,
		.uuid = place->uuid};
	if (r == 0)
		r = delta_writer_new(&config, &d->writer, &err);
	if (r == 0 && (r = shred_new(&d->schema.rows, opts.on_new, &d->shred)) < 0)
		strbuf_addf(&err, "cannot read records: %s", diag_strerror(r));
	if (r < 0)
		warn("%s", err.s);
	else
		shred_on_ignored(d->shred, tell_ignored, NULL);
	strbuf_release(&err);
	return diag_status(r);
}

/* The partition of T, that of the last record mostly. */
static int find_part(struct delta *d, const struct timespec *t, struct strbuf *err)
{
	int64_t unit = layout_unit(d->place.layout, t);
	if (d->part && unit == d->unit)
		return 0;
	d->unit = unit;
	return delta_writer_part(d->writer, layout_values(d->place.layout, t), &d->part, err);
}

/* Store the record of SHRED, whose time is T. */
static int store_record(struct delta *d, struct sink_place *place, const struct timespec *t, const char *rec,
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

/* The next record of the span: 1, 0 at the end; REC is without a time, which ERROR says why, when *RET_TIME is below 0.
 */
static int next_record(struct delta *d, struct timed *t, int *ret_time, struct times_error *error, struct strbuf *err)
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

static int delta_span(
	void *self, struct sink_place *place, const char *s, size_t len, struct flow *flow, struct strbuf *err)
{
	struct delta *d = self;
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
		if (timed > 0) {
			r = store_record(d, place, &t.time, t.rec, t.len, err);
		} else if (timed == -EBADMSG) {
			r = refuse_record(d->place.rejects, place, t.rec, t.len, error.what.s, err);
		} else {
			strbuf_addstr(err, error.what.s);
			r = timed < 0 ? timed : -EIO;
		}
		if (r)
			flow_refuse(flow, t.rec, t.len);
	}
	strbuf_release(&error.where);
	strbuf_release(&error.what);
	return r;
}

static int delta_seal(void *self, struct commit *commit, struct strbuf *err)
{
	struct delta *d = self;
	struct lake_file **files = NULL;
	int r = delta_writer_finish(d->writer, &files, &commit->nfiles, err);
	d->part = NULL;
	commit->files = files;
	return r;
}

static void delta_say(void *self, struct commit *commit)
{
	struct delta *d = self;
	commit->protocol = d->schema.protocol;
	commit->meta = d->schema.meta;
	commit->meta_version = d->schema.version;
}

static void delta_next(void *self)
{
	struct delta *d = self;
	json_decref(d->schema.protocol);
	json_decref(d->schema.meta);
	d->schema.protocol = d->schema.meta = NULL;
	d->schema.version = log_delta_committed(d->place.log);
	d->part = NULL;
	delta_writer_next(d->writer);
}

static int delta_discard(void *self, struct strbuf *err)
{
	struct delta *d = self;
	return delta_writer_discard(d->writer, err);
}

static void delta_done(const void *self, uint64_t records)
{
	(void)self;
	(void)records;
}

const struct table_ops delta_table_ops = {
	.kind = TABLE_DELTA,
	.open = delta_open,
	.free = delta_free,
	.span = delta_span,
	.seal = delta_seal,
	.say = delta_say,
	.next = delta_next,
	.discard = delta_discard,
	.done = delta_done,
};
