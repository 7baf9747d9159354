/* A program for the tests of the record filter: it prints the records and refuses some. */
#ifndef WEIR_TESTS_RECORD_PROGRAM_H
#define WEIR_TESTS_RECORD_PROGRAM_H

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/data/record_filter.h"
#include "tests/unit/capture.h"

/* --- the program -------------------------------------------------------------------------------------------------- */

struct program {
	struct record_filter rf;
	int slot;
	uint64_t first; /* the number of the first record that was deferred; 0: none */
	struct strbuf waiting;
	unsigned begun, flushed, batches;
};

static void begin(void *self, enum records_format format, char delim)
{
	struct program *p = self;
	p->begun++;
	CHECK(format == records_format(p->rf.records) && format != RECORDS_AUTO);
	CHECK_INT(delim, '\n');
}

static int flush_pending(void *self, struct flow *flow)
{
	struct program *p = self;
	p->flushed++;
	int r = p->waiting.len ? flow_put_span(flow, p->waiting.s, p->waiting.len) : 0;
	strbuf_clear(&p->waiting);
	p->first = 0;
	return r;
}

static int record(void *self, const struct value *values, const char *rec, size_t len, bool stays, struct flow *flow)
{
	struct program *p = self;
	const struct value *v = &values[p->slot];
	if (v->len == 3 && memcmp(v->s, "bad", 3) == 0)
		return record_filter_refuse(&p->rf, "column 1", "is bad", flow);
	if (v->len == 4 && memcmp(v->s, "evil", 4) == 0)
		return record_filter_refuse(&p->rf, NULL, "evil", flow);
	if (v->len == 4 && memcmp(v->s, "late", 4) == 0)
		return record_filter_put_aside(&p->rf, "it is late", flow);
	if (v->len == 5 && memcmp(v->s, "first", 5) == 0)
		return record_filter_refuse_number(&p->rf, p->first, "column 1", "was first", flow);
	if (!p->first)
		p->first = records_number(p->rf.records);
	strbuf_add(&p->waiting, rec, len);
	strbuf_addch(&p->waiting, '\n');
	return stays ? 0 : flush_pending(self, flow);
}

static int header(void *self, const char *rec, size_t len, struct flow *flow)
{
	struct program *p = self;
	CHECK_INT(p->waiting.len, 0);
	return record_filter_put_header(&p->rf, rec, len, flow);
}

static int batch(void *self, struct flow *flow)
{
	struct program *p = self;
	(void)flow;
	p->batches++;
	CHECK_INT(p->waiting.len, 0);
	return 0;
}

static void no_save(void *self, bool full, struct checkpoint_out *out)
{
	(void)self, (void)full, (void)out;
}

static int no_load(void *self, bool full, const char *data, size_t len, struct strbuf *err)
{
	(void)self, (void)full, (void)data, (void)len, (void)err;
	return 0;
}

static const struct opt_spec spec = {.program = "try"};
static const struct record_filter_ops ops = {.spec = &spec,
	.stream = {.batch = batch},
	.begin = begin,
	.record = record,
	.flush_pending = flush_pending,
	.header = header,
	.header_hint = ", which it must"};

/* --- a run of it -------------------------------------------------------------------------------------------------- */

static char dir[] = "/tmp/record_filter-test-XXXXXX";
static struct program prog;
static struct strbuf out = STRBUF_INIT, err = STRBUF_INIT;
static char *only_a[] = {(char[]){"a"}, NULL};

static void put_file(const char *name, const char *s, size_t len)
{
	FILE *f = fopen(name, "w");
	CHECK(f && fwrite(s, 1, len, f) == len && fclose(f) == 0);
}

static void write_file(const char *name, const char *text)
{
	put_file(name, text, strlen(text));
}

static const char *read_file(const char *name)
{
	static struct strbuf text = STRBUF_INIT;
	int fd = open(name, O_RDONLY);
	CHECK(fd >= 0);
	slurp(fd, &text);
	return text.s;
}

/* The properties of the program, apart from its input. */
struct setup {
	struct record_filter_opts common;
	const char *aside, *needs_state, *state;
	bool watches;
};

static void watch_column(uint32_t column)
{
	const struct expr_field field = {.column = column};
	struct strbuf why = STRBUF_INIT;
	int slot = records_add(prog.rf.records, &field, &why);
	CHECK(slot >= 0);
	unseen_add(&prog.rf.unseen, &field, slot);
	unseen_add(&prog.rf.unseen, &field, slot);
}

static int run_program(const struct setup *setup, char **operands)
{
	static const struct checkpoint_ops form = {.version = 1, .save = no_save, .load = no_load};
	const struct checkpoint_opts state = {.dir = setup->state};
	struct expr_field field = {.column = 1};
	struct strbuf why = STRBUF_INIT;
	prog = (struct program){.waiting = STRBUF_INIT};
	int r = record_filter_open(&prog.rf, &ops, &prog, &setup->common);
	if (r == OPT_GO && setup->common.records.header)
		CHECK_INT(records_field(&field, ".id", &why), 0);
	if (r == OPT_GO)
		r = record_filter_check(&prog.rf, prog.slot = records_add(prog.rf.records, &field, &why), &why);
	path_release(&field.path);
	if (r == OPT_GO)
		r = record_filter_state(&prog.rf, &state, &form, &prog, "query", setup->needs_state);
	if (r == OPT_GO && setup->watches)
		watch_column(3);
	if (r == OPT_GO)
		r = record_filter_aside(&prog.rf, "--late", setup->aside, operands);
	if (r == OPT_GO)
		r = record_filter_run(&prog.rf, operands);
	record_filter_release(&prog.rf);
	strbuf_release(&prog.waiting);
	return r;
}

/* Run with a pipe as standard output, so that marks are written, and capture both outputs. */
static int run(const struct setup *setup, char **operands)
{
	struct capture c;
	capture_pipe(&c);
	int status = run_program(setup, operands);
	capture_end(&c, &out, &err);
	return status;
}

static const struct setup csv = {.common = {.records = {.format = RECORDS_CSV}}};
static const struct setup with_header = {.common = {.records = {.format = RECORDS_CSV, .header = true}}};

/* Begin, in its own directory. */
static void program_begin(void)
{
	diag_init("try");
	CHECK(mkdtemp(dir) && chdir(dir) == 0);
}

static void program_end(void)
{
	char command[64];
	snprintf(command, sizeof command, "rm -rf %s", dir);
	CHECK_INT(system(command), 0);
	strbuf_release(&out);
	strbuf_release(&err);
}

#endif
