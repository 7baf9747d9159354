/* Holding records until the schema is inferred: see delta_hold.h. */
#include "delta_hold.h"

#include <errno.h>
#include <string.h>

#include "common/data/refuse.h"

int delta_hold_end(struct delta_infer *in, struct delta_rows *d, char delim, struct strbuf *err)
{
	/*
	 * In a marked stream a record can be rejected only before its batch ends, which may be over.  No such record
	 * should be left here.
	 */
	static const struct rejects_opts error = {.fate = REJECTS_ERROR};
	struct rejects strict = {.opts = &error}, *rejects = d->place.rejects;
	struct schema seen;
	const char *rec;
	size_t len;
	int r = delta_infer_end(in, d->place.store->url, &seen, err);
	if (r < 0)
		return r;
	r = delta_rows_begin(d, &seen, err);
	schema_release(&seen);
	if (r < 0)
		return r;
	if (in->count && in->items[0].place.batch)
		d->place.rejects = &strict;
	delta_rows_enter(d, in->bytes.s, in->bytes.len, delim);
	for (size_t i = 0; r == 0 && i < in->count; i++) {
		r = shred_next(d->shred, &rec, &len);
		if (r < 0)
			strbuf_addstr(err, diag_strerror(r));
		else
			r = delta_rows_store(d, &in->items[i].place, &in->items[i].time, rec, len, err);
	}
	d->place.rejects = rejects;
	return r;
}

/* Hold the record T, or refuse it. */
static int hold_record(struct delta_infer *in, struct delta_rows *d, struct sink_place *place, const struct timed *t,
	const struct flow *flow, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	int r = delta_infer_add(in, place, t, flow->delim, &why, err);
	if (r == -EINVAL)
		r = refuse_record(d->place.rejects, place, t->rec, t->len, why.s, err);
	strbuf_release(&why);
	return r;
}

int delta_hold_span(struct delta_infer *in, struct delta_rows *d, struct sink_place *place, const char *s, size_t len,
	struct flow *flow, size_t *used, struct strbuf *err)
{
	struct times_error error = {STRBUF_INIT, STRBUF_INIT};
	struct timed t = {0};
	bool now = times_is_now(d->place.times);
	int r = 0;
	clock_gettime(CLOCK_REALTIME, &t.time);
	if (!now)
		times_begin(d->place.times, s, len, flow);
	for (*used = 0; r == 0 && *used < len && !delta_infer_full(in); *used += t.len + 1) {
		int timed = now ? 1 : times_next(d->place.times, &t, &error);
		t.rec = s + *used;
		t.len = (size_t)((const char *)memchr(t.rec, flow->delim, len - *used) - t.rec);
		place->record++;
		d->place.rejects->read++;
		r = timed > 0 ? hold_record(in, d, place, &t, flow, err)
			      : delta_rows_untimed(d, place, timed, &t, &error, err);
		if (r)
			flow_refuse(flow, t.rec, t.len);
	}
	strbuf_release(&error.where);
	strbuf_release(&error.what);
	return r;
}
