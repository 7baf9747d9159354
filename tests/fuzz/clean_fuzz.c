/*
 * Rules of clean at work: the first byte says how records are read, then come rules, an empty line, and the records.  A
 * record that is passed on must be a record in the format of the input: JSON that a reader accepts, or a row that ends
 * at its end.
 *
 * The program's own files are compiled in, because no library has them.
 */
#include <stdint.h>

#include "cmd/clean/apply.c"
#include "cmd/clean/apply_change.c"
#include "cmd/clean/doc.c"
#include "cmd/clean/node.c"
/* Names that two of the files have. */
#define separate separate_columns
#include "cmd/clean/edit_columns.c"
#undef separate
#define separate separate_members
#include "cmd/clean/edit_json.c"
#undef separate
#define add_step plan_add_step
#include "cmd/clean/plan.c"
#undef add_step
#include "common/data/columns.h"
#include "common/data/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bits of the first byte. */
enum how { TSV = 1, CSV = 2, HEADER = 4, NUL = 8 };

struct work {
	struct plan plan;
	struct records *records;
	struct json *json; /* the reader of the output */
	char delim;
};

/* Check that the output is one record in the same format. */
static void check_written(struct work *w)
{
	const struct doc *d = &w->plan.doc;
	struct columns row;

	if (!d->columns) {
		if (json_read(w->json, d->out.s, d->out.len) < 0 || memchr(d->out.s, w->delim, d->out.len))
			abort();
		return;
	}
	columns_init(&row, d->csv, d->sep, w->delim);
	strbuf_addch(&w->plan.doc.out, w->delim);
	if (columns_read(&row, d->out.s, d->out.len) != 1 || row.len != d->out.len - 1)
		abort();
	columns_release(&row);
}

static void take(struct work *w, int n, const char *rec, size_t len)
{
	struct doc *d = &w->plan.doc;

	d->columns = records_format(w->records) >= RECORDS_TSV;
	d->csv = records_format(w->records) == RECORDS_CSV;
	d->sep = records_separator(w->records, d->csv);
	doc_load(d, rec, len, records_values(w->records));
	if (n == 2) {
		plan_header(&w->plan);
		return;
	}
	if (d->targets)
		edit_targets(d);
	w->plan.dedupe.now_ms++;
	if (plan_apply(&w->plan))
		return;
	dedupe_accept(&w->plan.dedupe);
	if (!d->changed)
		return;
	if (d->columns)
		edit_columns(d);
	else if (!edit_json(d)) {
		if (!d->problem)
			abort();
		return;
	}
	check_written(w);
}

static void drain(struct work *w)
{
	const char *rec;
	size_t len;
	int n;

	while ((n = records_next(w->records, &rec, &len)) != 0 && n != -ENOENT)
		if (n > 0)
			take(w, n, rec, len);
}

/* The records in a span of memory of their own, which ends with the delimiter. */
static void clean(struct work *w, const char *s, size_t len)
{
	struct flow flow = {.inputs = 1, .input = "x"};
	char *span = xmalloc(len + 1);

	if (len)
		memcpy(span, s, len);
	if (!len || span[len - 1] != w->delim)
		span[len++] = w->delim;
	records_span(w->records, span, len, &flow);
	drain(w);
	records_end(w->records);
	drain(w);
	free(span);
}

static void run(const struct rules *rules, uint8_t how, const char *s, size_t len)
{
	struct work w = {.delim = how & NUL ? '\0' : '\n'};
	const struct records_opts opts = {.format = how & TSV   ? RECORDS_TSV
						    : how & CSV ? RECORDS_CSV
								: RECORDS_JSON,
		.header = (how & HEADER) && (how & (TSV | CSV))};
	const struct filter_opts filter = {.null = (how & NUL) != 0};
	struct strbuf err = STRBUF_INIT;

	if (json_new(&w.json) < 0 || records_new(&w.records, &opts, &filter, &err) < 0)
		abort();
	int r = plan_init(&w.plan, rules, w.records, opts.header, 1 << 16, &err);
	w.plan.mac = rules_mac_of("sixteen bytes at least", 22);
	if ((r < 0) != (err.len > 0) || !w.plan.mac)
		abort();
	w.plan.doc.delim = w.delim;
	w.plan.dedupe.live = false;
	if (r == 0)
		clean(&w, s, len);
	plan_release(&w.plan);
	records_free(w.records);
	json_free(w.json);
	strbuf_release(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data + 1, *empty = size ? memmem(s, size - 1, "\n\n", 2) : NULL;
	struct strbuf err = STRBUF_INIT;
	struct rules rules = {0};

	if (!empty)
		return 0;
	if (rules_parse(&rules, "rules", s, (size_t)(empty - s), &err) == 0 && rules.count)
		run(&rules, *data, empty + 2, size - (size_t)(empty + 2 - (const char *)data));
	rules_release(&rules);
	strbuf_release(&err);
	return 0;
}
