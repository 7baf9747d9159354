/* Records on their way to one of many tables: see many_rows.h. */
#include "many_rows.h"

#include <errno.h>
#include <inttypes.h>

#include "options.h"
#include "common/data/refuse.h"

#define SHOWN 40 /* bytes of a value in a message */

/* Records of one table, which stand together. */
struct run {
	struct many_table *table;
	const char *s;
	size_t len;
	uint64_t records;
};

int many_rows_init(struct many_rows *rows, struct many *many, const struct filter_opts *filter, struct strbuf *err)
{
	struct records_opts input = options_input();
	input.lines = true; /* so that they stand together in the span */
	*rows = (struct many_rows){.many = many};
	int r = records_new(&rows->records, &input, filter, err);
	if (r == 0)
		r = rows->slot = records_add(rows->records, &many->route->field, err);
	return r < 0 ? r : 0;
}

void many_rows_release(struct many_rows *rows)
{
	records_free(rows->records);
}

/* Hand RUN to its table, and begin a new one. */
static int end_run(
	struct many_rows *rows, struct run *run, struct sink_place *place, struct flow *flow, struct strbuf *err)
{
	struct many_table *t = run->table;
	struct sink_place before = *place;
	int r = 0;
	if (run->records && t->stored) {
		place->record += run->records;
		place->left_out += run->records;
		rows->many->common->rejects->read += run->records;
	} else if (run->records) {
		r = table_sink_span(&t->opened.sink, place, run->s, run->len, flow, err);
		if (r < 0)
			many_name(t, err);
		uint64_t stored = place->record - before.record - (place->left_out - before.left_out);
		t->rows += stored;
		t->batch_rows += stored;
	}
	*run = (struct run){0};
	return r;
}

/* The record REC, which comes after RUN, belongs to no table, for the reason WHY. */
static int refuse(struct many_rows *rows, struct run *run, struct sink_place *place, const char *rec, size_t len,
	const char *why, struct flow *flow, struct strbuf *err)
{
	int r = end_run(rows, run, place, flow, err);
	if (r)
		return r;
	place->record++;
	rows->many->common->rejects->read++;
	r = refuse_record(rows->many->common->rejects, place, rec, len, why, err);
	if (r)
		flow_refuse(flow, rec, len);
	return r;
}

/* The record is not JSON. */
static void add_malformed(const struct many_rows *rows, const struct run *run, const struct sink_place *place,
	const char *rec, size_t len, struct strbuf *why)
{
	const struct records_error *e = records_error(rows->records);
	struct sink_place at = *place;
	at.record += run->records + 1;
	strbuf_addf(why, "byte %zu: %s", e->pos + 1, e->what);
	refuse_other_format(why, &at, rec, len);
}

/* The table NAME, of LEN bytes, is not open: as find(). */
static int open_table(
	struct many_rows *rows, const char *name, size_t len, bool marked, struct many_table **ret, struct strbuf *why)
{
	strbuf_addf(why, "'%.*s%s' in %s ", (int)(len < SHOWN ? len : SHOWN), name, len < SHOWN ? "" : "…",
		rows->many->route->text);
	if (route_check(rows->many->route, name, len, why) < 0)
		return -EINVAL;
	if (marked) {
		strbuf_addstr(why, "is not a topic of this stream, and tables are called like topics");
		return -EINVAL;
	}
	struct strbuf copy = STRBUF_INIT;
	strbuf_add(&copy, name, len);
	int status = many_open(rows->many, copy.s, ret);
	strbuf_release(&copy);
	return status;
}

/*
 * The table that V names, opened if need be, in *RET: 0; -EINVAL because of WHY; or an exit status after a message.
 */
static int find(struct many_rows *rows, const struct value *v, bool marked, struct many_table **ret, struct strbuf *why)
{
	const char *name, *wrong = "is missing or empty";
	size_t len;
	if (template_text(v, &name, &len, &wrong) < 0) {
		strbuf_addf(why, "%s names the table, and %s in this record", rows->many->route->text, wrong);
		return -EINVAL;
	}
	*ret = many_find(rows->many, name, len);
	return *ret ? 0 : open_table(rows, name, len, marked, ret, why);
}

/* Add the record REC to RUN, or begin a new one with it. */
static int add(struct many_rows *rows, struct run *run, struct many_table *t, struct sink_place *place, const char *rec,
	size_t len, struct flow *flow, struct strbuf *err)
{
	int r = run->table == t ? 0 : end_run(rows, run, place, flow, err);
	if (r)
		return r;
	if (!run->records)
		*run = (struct run){.table = t, .s = rec};
	run->len = (size_t)(rec - run->s) + len + 1;
	run->records++;
	return 0;
}

/* The record REC, for which records_next() has returned N. */
static int take(struct many_rows *rows, struct run *run, int n, struct sink_place *place, const char *rec, size_t len,
	struct flow *flow, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	struct many_table *t = NULL;
	int r = 0;
	if (n == -EBADMSG) {
		add_malformed(rows, run, place, rec, len, &why);
		r = -EINVAL;
	} else if (n < 0) {
		strbuf_addstr(err, diag_strerror(n));
		return n;
	} else {
		r = find(rows, &records_values(rows->records)[rows->slot], place->batch != 0, &t, &why);
	}
	if (r == 0)
		r = add(rows, run, t, place, rec, len, flow, err);
	else if (r == -EINVAL)
		r = refuse(rows, run, place, rec, len, why.s, flow, err);
	strbuf_release(&why);
	return r;
}

int many_rows_span(struct many_rows *rows, struct sink_place *place, const char *s, size_t len, struct flow *flow,
	struct strbuf *err)
{
	struct run run = {0};
	const char *rec = s;
	size_t rec_len = 0;
	int r = 0, n;
	records_span(rows->records, s, len, flow);
	while (r == 0 && (n = records_next(rows->records, &rec, &rec_len)) != 0)
		r = take(rows, &run, n, place, rec, rec_len, flow, err);
	return r ? r : end_run(rows, &run, place, flow, err);
}
