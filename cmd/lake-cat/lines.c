/* Records of raw files: see lines.h. */
#include "cmd/lake-cat/lines.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "common/base/count.h"
#include "common/data/records.h"

#define LINES_MAX (1u << 30) /* bytes of the longest record that is held */
#define MADE      (1u << 16) /* bytes that are made before they are printed */

/* The reader of records that are looked into, which have the partition columns COLUMNS. */
static int need_records(struct cat_lines *l, const json_t *columns, struct strbuf *err)
{
	const struct filter_opts filter = {.null = l->out->flow.delim == '\0', .max_record = LINES_MAX};
	const struct records_opts opts = {.format = RECORDS_AUTO, .header_option = "weir filter --header"};
	if (l->records)
		return 0;
	int r = records_new(&l->records, &opts, &filter, err);
	for (size_t i = 0; r == 0 && i < json_array_size(columns); i++) {
		const char *name = json_string_value(json_array_get(columns, i));
		if (name)
			records_beside(l->records, name);
	}
	return r;
}

int cat_lines_init(struct cat_lines *l, struct cat_out *out, struct cat_where *where, const struct cat_form *form,
	const json_t *columns, struct strbuf *err)
{
	*l = (struct cat_lines){.out = out, .where = where, .open = STRBUF_INIT, .made = STRBUF_INIT};
	int r = 0;
	for (size_t i = 0; r >= 0 && where->expr && i < expr_fields(where->expr); i++) {
		if (where->fields[i].column != SIZE_MAX)
			continue;
		r = need_records(l, columns, err);
		if (r >= 0)
			r = records_add(l->records, expr_field(where->expr, i), err);
		where->fields[i].steps = r >= 0 ? (size_t)r : 0;
	}
	if (r < 0 || (!form->columns && form->format < 0))
		return r < 0 ? r : 0;
	r = need_records(l, columns, err);
	return r < 0 ? r : raw_form_init(&l->form, form, l->records, out->flow.delim, err);
}

void cat_lines_release(struct cat_lines *l)
{
	raw_form_release(&l->form);
	records_free(l->records);
	strbuf_release(&l->open);
	strbuf_release(&l->made);
}

void cat_lines_begin(struct cat_lines *l, const char *path)
{
	strbuf_clear(&l->open);
	l->cut = false;
	l->out->flow.input = path;
	l->out->flow.inputs++;
}

/* Without an expression about fields all records that are read are printed. */
static void count_printed(struct cat_lines *l, uint64_t n)
{
	l->out->stats.printed += n;
	if (!l->records)
		l->out->stats.rows += n;
}

/* Write what is printed. */
static int emit(struct cat_lines *l, const char *s, size_t len)
{
	struct cat_out *out = l->out;
	if (!out->into)
		return flow_put_span(&out->flow, s, len) ? out->flow.out.err : 0;
	strbuf_add(out->into, s, len);
	return 0;
}

/* Print whole records, as many as may be. */
static int put(struct cat_lines *l, const char *s, size_t len)
{
	struct cat_out *out = l->out;
	uint64_t count = count_bytes(s, len, out->flow.delim);
	while (count > out->left) { /* cut off the last one */
		const char *before = len > 1 ? memrchr(s, out->flow.delim, len - 1) : NULL;
		len = before ? (size_t)(before - s) + 1 : 0;
		count--;
	}
	int r = len ? emit(l, s, len) : 0;
	if (r < 0)
		return r;
	out->left -= count;
	count_printed(l, count);
	return out->left ? 0 : LINES_ENOUGH;
}

/* Print the records of the run. */
static int put_run(struct cat_lines *l)
{
	const char *run = l->run, *end = l->run_end;
	l->run = l->run_end = NULL;
	return run < end ? put(l, run, (size_t)(end - run)) : 0;
}

/* Print what was made. */
static int put_made(struct cat_lines *l)
{
	int r = l->made.len ? emit(l, l->made.s, l->made.len) : 0;
	l->out->stats.printed += l->made_count;
	l->made_count = 0;
	strbuf_clear(&l->made);
	return r;
}

static bool matches(struct cat_lines *l)
{
	struct cat_where *w = l->where;
	if (!w->expr)
		return true;
	const struct value *values = records_values(l->records);
	for (size_t i = 0; i < expr_fields(w->expr); i++)
		if (w->fields[i].column == SIZE_MAX)
			w->values[i] = values[w->fields[i].steps];
	return expr_test(w->expr, w->values);
}

/* Record NUMBER (0: the whole file) cannot be used because of WHAT, or if that is NULL because of R. */
static int fail(const struct cat_lines *l, int r, uint64_t number, const char *what, struct strbuf *err)
{
	strbuf_addf(err, "'%s'", l->out->flow.input);
	if (number)
		strbuf_addf(err, ", record %" PRIu64, number);
	strbuf_addf(err, ": %s", what ? what : diag_strerror(r));
	return r == -EINVAL || r == -ENOMEM ? r : -EBADMSG;
}

/* Print a record in its new form, soon. */
static int make(struct cat_lines *l, const char *rec, size_t len, struct strbuf *err)
{
	const char *what = NULL;
	if (!l->out->left)
		return LINES_ENOUGH;
	int r = raw_form_add(&l->form, rec, len, &l->made, &what);
	if (r < 0)
		return fail(l, r, records_number(l->records), what, err);
	l->out->left--;
	l->made_count++;
	r = l->made.len > MADE ? put_made(l) : 0;
	return r < 0 || l->out->left ? r : LINES_ENOUGH;
}

/* Print the record of LEN bytes at REC, with the delimiter after them; one that STAYS may be printed with others. */
static int put_record(struct cat_lines *l, const char *rec, size_t len, bool stays, struct strbuf *err)
{
	if (l->form.wanted && !raw_form_same(&l->form))
		return make(l, rec, len, err);
	int r = stays && rec == l->run_end ? 0 : put_run(l);
	if (r < 0 || !stays)
		return r < 0 ? r : put(l, rec, len + 1);
	l->run = l->run ? l->run : rec;
	l->run_end = rec + len + 1;
	return 0;
}

/* Print those of the records to be read that match; those from S to END stay there. */
static int put_matching(struct cat_lines *l, const char *s, const char *end, struct strbuf *err)
{
	const char *rec;
	size_t len;
	int n, r = 0;
	while (r == 0 && (n = records_next(l->records, &rec, &len)) != 0) {
		if (n < 0) {
			const struct records_error *e = records_error(l->records);
			r = fail(l, n, e->number, n == -EBADMSG || n == -ENOENT ? e->what : NULL, err);
			continue;
		}
		l->out->stats.rows++;
		if (matches(l))
			r = put_record(l, rec, len, rec >= s && rec < end, err);
	}
	int flushed = put_run(l);
	if (flushed == 0)
		flushed = put_made(l);
	return r ? r : flushed;
}

/* Take whole records. */
static int take(struct cat_lines *l, const char *s, size_t len, struct strbuf *err)
{
	if (!l->records)
		return put(l, s, len);
	records_span(l->records, s, len, &l->out->flow);
	return put_matching(l, s, s + len, err);
}

int cat_lines_add(struct cat_lines *l, const char *data, size_t len, struct strbuf *err)
{
	if (!l->records && l->out->left == UINT64_MAX) {
		l->cut = data[len - 1] != l->out->flow.delim;
		if (l->out->counts)
			count_printed(l, count_bytes(data, len, l->out->flow.delim));
		return emit(l, data, len);
	}
	const char *last = memrchr(data, l->out->flow.delim, len);
	size_t whole = last ? (size_t)(last - data) + 1 : 0;
	int r = 0;
	if (whole && l->open.len) {
		const char *first = memchr(data, l->out->flow.delim, len);
		size_t n = (size_t)(first - data) + 1;
		strbuf_add(&l->open, data, n);
		r = take(l, l->open.s, l->open.len, err);
		strbuf_clear(&l->open);
		data += n;
		len -= n;
		whole -= n;
	}
	if (r == 0 && whole)
		r = take(l, data, whole, err);
	if (l->open.len + len - whole > LINES_MAX) {
		strbuf_addf(err, "'%s' has a record of more than 1 GiB", l->out->flow.input);
		return -EBADMSG;
	}
	strbuf_add(&l->open, data + whole, len - whole);
	return r;
}

int cat_lines_end(struct cat_lines *l, struct strbuf *err)
{
	if (l->cut) {
		l->cut = false;
		count_printed(l, 1);
		return emit(l, &l->out->flow.delim, 1);
	}
	int r = 0;
	if (l->open.len) {
		strbuf_addch(&l->open, l->out->flow.delim);
		r = take(l, l->open.s, l->open.len, err);
		strbuf_clear(&l->open);
	}
	if (r < 0 || !l->records)
		return r;
	records_end(l->records); /* a quote may still be open */
	return put_matching(l, NULL, NULL, err);
}

int cat_lines_finish(struct cat_lines *l)
{
	raw_form_end(&l->form, &l->made);
	return put_made(l);
}
