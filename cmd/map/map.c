/* A program over records: see map.h. */
#include "cmd/map/map.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/map/bind.h"
#include "cmd/map/names.h"
#include "cmd/map/rule.h"
#include "cmd/map/run.h"
#include "cmd/map/splice.h"
#include "cmd/map/state.h"
#include "cmd/map/table.h"
#include "cmd/map/tee.h"
#include "common/base/alloc.h"
#include "common/data/value_out.h"

static bool has_step(const struct mapper *m, enum step_kind kind)
{
	for (size_t i = 0; i < m->program.count; i++)
		if (m->program.steps[i].kind == kind)
			return true;
	return false;
}

static void begin(void *self, enum records_format format, char delim)
{
	struct mapper *m = self;

	m->delim = delim;
	m->input = format;
	m->splices &= format == RECORDS_JSON;
	m->output = (enum records_format)m->opts->to;
	if (m->output == RECORDS_AUTO)
		m->output = has_step(m, STEP_EMIT) ? RECORDS_JSON : format;
	m->row.delim = delim;
	m->row.sep = records_separator(m->rf.records, true);
	m->row.csv = format == RECORDS_CSV;
	m->row.infer = m->opts->infer;
}

static int map_record(
	void *self, const struct value *values, const char *rec, size_t len, bool stays, struct flow *flow)
{
	struct mapper *m = self;
	int r;

	(void)values, (void)stays;
	m->rec = rec;
	m->len = len;
	m->row.json = m->input == RECORDS_JSON;
	m->row.loaded = m->row.changed = m->row.emitted = false;
	dedupe_begin(&m->dedupe);
	if (m->splices && m->output == RECORDS_JSON && splice_record(m, flow, &r))
		return r;
	return run_steps(m, 0, flow);
}

/* Keep the names of the header, each with its text before the value in JSON. */
static void keep_names(struct mapper *m)
{
	const struct value *names = records_names(m->rf.records);
	struct strbuf lead = STRBUF_INIT;

	arena_release(&m->name_texts);
	m->name_count = records_columns(m->rf.records);
	m->names = xreallocarray(m->names, m->name_count + 1, sizeof *m->names);
	m->row.names_len = 0;
	for (size_t i = 0; i < m->name_count; i++) {
		strbuf_clear(&lead);
		strbuf_addch(&lead, ',');
		value_add_name(&lead, names[i].s, names[i].len);
		strbuf_addch(&lead, ':');
		char *text = arena_bytes(&m->name_texts, names[i].len + lead.len + ROW_NAME_PADDING);
		if (names[i].len)
			memcpy(text, names[i].s, names[i].len);
		memcpy(text + names[i].len, lead.s, lead.len);
		memset(text + names[i].len + lead.len, 0, ROW_NAME_PADDING);
		m->row.names_len += lead.len;
		m->names[i] = (struct value){.type = VALUE_TEXT,
			.s = text,
			.len = names[i].len,
			.raw = text + names[i].len,
			.raw_len = lead.len};
	}
	strbuf_release(&lead);
	m->row.columns = m->name_count;
	m->row.named = true;
}

static int on_header(void *self, const char *rec, size_t len, struct flow *flow)
{
	struct mapper *m = self;

	(void)rec, (void)len;
	keep_names(m);
	m->row.json = false;
	row_load_columns(&m->row, rec, len, m->names, m->name_count, m->names);
	m->row.repeated = row_is_repeated(&m->row);
	if (m->output == RECORDS_JSON || m->header_out)
		return 0;
	for (size_t i = 0; i < m->row.count; i++)
		m->row.m[i].v.raw = m->row.m[i].v.s;
	names_apply(m);
	strbuf_clear(&m->out);
	if (m->row.changed || m->input != m->output)
		row_write_names(&m->row, m->output == RECORDS_CSV, m->delim, &m->out);
	else
		strbuf_add(&m->out, rec, len);
	return record_filter_put_header(&m->rf, m->out.s, m->out.len, flow);
}

/* Look-up files that have changed are read again between batches, so that a batch sees one version. */
static int end_batch(void *self, struct flow *flow)
{
	struct mapper *m = self;
	struct strbuf err = STRBUF_INIT;

	for (size_t i = 0; flow->mark && i < m->program.count; i++) {
		struct map_step *s = &m->program.steps[i];
		int r = s->table ? table_refresh(s->table, &err) : 0;
		if (r < 0) {
			warn("%s", err.s);
			strbuf_release(&err);
			return EXIT_TEMP;
		}
		m->reread += r > 0;
	}
	return tee_batch(m, flow->mark);
}

static int open_tables(struct mapper *m)
{
	struct strbuf err = STRBUF_INIT;
	int r = 0;

	for (size_t i = 0; r == 0 && i < m->program.count; i++) {
		struct map_step *s = &m->program.steps[i];
		if (s->kind == STEP_LOOKUP)
			r = table_open(&s->table, s->words[0], s->has_key ? &s->key : &s->fields[0], &err);
	}
	if (r < 0)
		warn("%s", err.s);
	strbuf_release(&err);
	return r < 0 ? EXIT_CONFIG : OPT_GO;
}

static void see(void *self, const struct mark *mark)
{
	dedupe_see(&((struct mapper *)self)->dedupe, mark->end_ms);
}

static struct record_filter_ops ops = {
	.stream = {.batch = end_batch, .see = see},
	.begin = begin,
	.record = map_record,
	.header = on_header,
};

int map_open(struct mapper *m, const struct map_options *opts, const struct opt_spec *spec)
{
	struct strbuf err = STRBUF_INIT;

	m->opts = opts;
	ops.spec = spec;
	strbuf_init(&m->out);
	strbuf_init(&m->columns);
	int r = record_filter_open(&m->rf, &ops, m, &opts->common);
	if (r != OPT_GO)
		return r;
	/* the names of what is emitted are known with the first record */
	m->header_out = opts->header_out || (opts->common.records.header && has_step(m, STEP_EMIT));
	bool columns = opts->common.records.format == RECORDS_TSV || opts->common.records.format == RECORDS_CSV;
	if ((opts->to == RECORDS_TSV || opts->to == RECORDS_CSV) && (!columns || has_step(m, STEP_EMIT)))
		m->rf.no_marks = "--to tsv|csv of JSON takes its columns from the first record, which is another one "
				 "after a restart; TSV and CSV in a marked stream need --input";
	records_want_row(m->rf.records, RECORDS_ALL);
	int e = bind_program(m, &err);
	r = record_filter_check(&m->rf, e < 0 ? e : bind_places(m, &err), &err);
	if (r == OPT_GO)
		r = rule_open(m);
	if (r == OPT_GO)
		r = open_tables(m);
	return r == OPT_GO ? state_open(m) : r;
}

void map_release(struct mapper *m)
{
	for (size_t i = 0; i < m->program.count; i++) {
		struct map_step *s = &m->program.steps[i];
		for (size_t k = 0; s->texts && s->expr && k < expr_fields(s->expr); k++)
			strbuf_release(&s->texts[k]);
		free(s->texts);
		free(s->values);
		free(s->sources);
		table_free(s->table);
	}
	program_release(&m->program);
	latest_release(&m->latest);
	dedupe_release(&m->dedupe);
	EVP_MAC_CTX_free(m->mac);
	row_release(&m->row);
	arena_release(&m->name_texts);
	free(m->names);
	strbuf_release(&m->out);
	strbuf_release(&m->columns);
	record_filter_release(&m->rf);
}

static void report(const struct mapper *m)
{
	const struct record_filter *rf = &m->rf;
	struct strbuf forgotten = STRBUF_INIT;

	dedupe_report(&m->dedupe, &forgotten);
	if (forgotten.len)
		warn("%s", forgotten.s);
	strbuf_release(&forgotten);
	if (m->latest.evicted)
		warn("step forgot %" PRIu64 " %s (--memory)", m->latest.evicted,
			diag_plural(m->latest.evicted, "key", "keys"));
	for (size_t i = 0; i < m->program.count; i++)
		if (m->program.steps[i].broken)
			warn("%" PRIu64 " rejected: %s", m->program.steps[i].broken, m->program.steps[i].text);
	if (!m->opts->common.stats)
		return;
	warn("%" PRIu64 " %s read, %" PRIu64 " written, %" PRIu64 " malformed, %" PRIu64 " %s%s%s",
		record_filter_read(rf), diag_plural(record_filter_read(rf), "record", "records"), m->written,
		rf->malformed, m->faults, diag_plural(m->faults, "fault", "faults"), m->fault ? ", the last: " : "",
		m->fault ? m->fault : "");
	for (size_t i = 0; i < m->program.count; i++)
		if (m->program.steps[i].dropped)
			warn("%" PRIu64 " dropped: %s", m->program.steps[i].dropped, m->program.steps[i].text);
	if (m->reread)
		warn("%" PRIu64 " times a file of lookup was read again", m->reread);
}

int map_run(struct mapper *m, char **operands)
{
	int r = tee_open(m, operands);

	if (r == OPT_GO)
		r = record_filter_run(&m->rf, operands);
	int closed = tee_close(m);
	report(m);
	return closed > r ? closed : r;
}
