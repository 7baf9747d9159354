/*
 * clean: records that keep the rules, with what the rules make of them; the others go aside.
 *
 * Every record that is read is passed on or rejected, and both are counted.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/clean/apply.h"
#include "cmd/clean/rejects.h"
#include "common/base/alloc.h"
#include "common/base/num.h"
#include "common/base/sig.h"
#include "common/io/filter.h"

#define RULES_FILE_MAX (1u << 20)
#define ENOUGH         1000 /* records before a share of rejects is judged within a batch */

/* --max-rejects */
struct most {
	bool set, percent;
	uint64_t count;
	double share;
};

static struct {
	struct filter_opts filter;
	struct records_opts records;
	struct rules rules;
	const char *key, *rejects, *state;
	struct most most;
	uint64_t memory;
	bool stats;
	int failed; /* exit status of an option that has printed its own message */
} opts = {.memory = 256u << 20};

static int parse_rule(const char *value, void *dest, struct strbuf *err)
{
	return rules_parse(dest, "is no rule", value, strlen(value), err);
}

/* All of the file PATH, up to MAX bytes.  0 or -errno. */
static int read_file(const char *path, size_t max, struct strbuf *ret)
{
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC), r = 0;
	if (fd < 0)
		return -errno;
	for (ssize_t n = 1; n && !r;) {
		n = read(fd, strbuf_grow(ret, 4096), 4096);
		if (n > 0)
			strbuf_extend(ret, (size_t)n);
		if (n < 0 && errno != EINTR)
			r = -errno;
		if (ret->len > max)
			r = -EFBIG;
	}
	if (fd != STDIN_FILENO)
		close(fd);
	return r;
}

/* Mistakes in a file are no bad usage, so the message waits until the options have been read. */
static int parse_file(const char *path, void *dest, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT, reason = STRBUF_INIT;
	int r = read_file(path, RULES_FILE_MAX, &text);
	(void)err;
	if (opts.failed)
		r = 0;
	else if (r < 0)
		strbuf_addf(&reason, "cannot read '%s': %s", path, diag_strerror(r));
	else
		r = rules_parse(dest, path, text.s, text.len, &reason);
	if (r < 0) {
		warn("%s", reason.s);
		opts.failed = EXIT_CONFIG;
	}
	strbuf_release(&text);
	strbuf_release(&reason);
	return 0;
}

static int parse_most(const char *value, void *dest, struct strbuf *err)
{
	struct most *most = dest;
	size_t len = strlen(value);
	long double share;
	*most = (struct most){.set = true};
	if (num_u64(value, &most->count) == 0)
		return 0;
	most->percent = true;
	if (len > 1 && value[len - 1] == '%' && rules_number(value, len - 1, &share) && share >= 0 && share <= 100) {
		most->share = (double)share / 100;
		return 0;
	}
	strbuf_addstr(err, "is not a number of records or a percentage, such as 100 or 0.5%");
	return -EINVAL;
}

/* clang-format off */
static const struct opt options[] = {
	{ .key = 'e', .name = "rule", .type = OPT_CALL, .dest = &opts.rules, .arg = "RULE", .parse = parse_rule,
	  .help = "a rule; rules work in the order given" },
	{ .key = 'f', .name = "rules", .type = OPT_CALL, .dest = &opts.rules, .arg = "FILE", .parse = parse_file,
	  .help = "rules from FILE, one a line" },
	{ .name = "key", .type = OPT_STRING, .dest = &opts.key, .arg = "FILE", .help = "the key of 'mask .f hash'" },
	{ .name = "rejects", .type = OPT_STRING, .dest = &opts.rejects, .arg = "FILE",
	  .help = "append rejected records and why to FILE" },
	{ .name = "max-rejects", .type = OPT_CALL, .dest = &opts.most, .arg = "N|P%", .parse = parse_most,
	  .help = "stop when more records, or a larger share of them, are rejected" },
	{ .name = "stats", .dest = &opts.stats, .help = "say at the end how many records there were" },
	{ .name = "state", .type = OPT_STRING, .dest = &opts.state, .arg = "DIR",
	  .help = "'none': dedupe forgets at a restart, also in a marked stream" },
	{ .name = "memory", .type = OPT_SIZE, .dest = &opts.memory, .arg = "SIZE", .min = 1 << 16, .max = 1ull << 40,
	  .help = "for the keys of dedupe, 256M by default" },
	RECORDS_OPTIONS(&opts.records),
	FILTER_OPTIONS(&opts.filter),
	{0},
};
/* clang-format on */

static const struct opt_spec spec = {
	.program = "clean",
	.operands = "[FILE ...]",
	.summary = "Pass on the records that keep the rules, changed as the rules say.",
	.options = options,
};

struct cleaner {
	struct plan plan;
	struct records *records;
	struct rejects rejects;
	uint64_t read, rejected, malformed, unwritable;
	uint64_t inputs, number; /* of the record in its input */
	char *header;            /* the first one, as written */
	size_t header_len;
};

static bool too_many(const struct cleaner *c, bool whole)
{
	if (!opts.most.set || !c->rejected)
		return false;
	if (!opts.most.percent)
		return c->rejected > opts.most.count;
	return (whole || c->read >= ENOUGH) && (double)c->rejected > opts.most.share * (double)c->read;
}

static int stop_at_most(const struct cleaner *c)
{
	warn("%" PRIu64 " of %" PRIu64 " records are rejected, more than --max-rejects allows", c->rejected, c->read);
	return EXIT_DATA;
}

static int rejects_failed(int err)
{
	warn("cannot write '%s': %s", opts.rejects, diag_strerror(err));
	return diag_status(err);
}

static int reject(struct cleaner *c, const char *reason, const char *rec, size_t len, struct flow *flow)
{
	c->rejected++;
	flow_fail(flow, EXIT_NO);
	int r = rejects_add(&c->rejects, flow->input_marked, reason, records_input(c->records), c->number, rec, len);
	if (r < 0)
		return rejects_failed(r);
	return too_many(c, false) ? stop_at_most(c) : 0;
}

static int reject_malformed(struct cleaner *c, const char *rec, size_t len, struct flow *flow)
{
	const struct records_error *error = records_error(c->records);
	struct strbuf reason = STRBUF_INIT;
	strbuf_addf(&reason, "byte %zu: %s", error->pos + 1, error->what);
	c->malformed++;
	int r = reject(c, reason.s, rec, len, flow);
	strbuf_release(&reason);
	return r;
}

/* The new text of the record goes out, or the record aside. */
static int put_changed(struct cleaner *c, struct flow *flow)
{
	struct doc *d = &c->plan.doc;
	if (d->columns) {
		edit_columns(d);
	} else if (!edit_json(d)) {
		c->unwritable++;
		return reject(c, d->problem, d->rec, d->len, flow);
	}
	plan_accept(&c->plan);
	return flow_put(flow, d->out.s, d->out.len);
}

static int clean(struct cleaner *c, const char *rec, size_t len, struct flow *flow)
{
	doc_load(&c->plan.doc, rec, len, records_values(c->records));
	struct step *broken = plan_apply(&c->plan);
	if (broken) {
		broken->broken++;
		return reject(c, broken->rule->text, rec, len, flow);
	}
	if (c->plan.doc.changed)
		return put_changed(c, flow);
	plan_accept(&c->plan);
	return flow_put(flow, rec, len);
}

/* The first header goes out; the columns of all inputs have to be the same. */
static int put_header(struct cleaner *c, const char *rec, size_t len, struct flow *flow)
{
	struct strbuf *out = &c->plan.doc.out;
	doc_load(&c->plan.doc, rec, len, records_values(c->records));
	plan_header(&c->plan);
	if (!c->header) {
		c->header = xstrndup(out->s, out->len);
		c->header_len = out->len;
		return flow_put(flow, out->s, out->len);
	}
	if (out->len == c->header_len && memcmp(out->s, c->header, out->len) == 0)
		return 0;
	warn("%s: the header is not that of the input before", records_input(c->records));
	return EXIT_DATA;
}

/* What records_next() returned. */
static int take(struct cleaner *c, int n, const char *rec, size_t len, struct flow *flow)
{
	struct doc *d = &c->plan.doc;
	if (n == -ENOENT) {
		warn("%s: %s", records_input(c->records), records_error(c->records)->what);
		return EXIT_DATA;
	}
	if (n == -ENOMEM)
		die(EXIT_TEMP, "out of memory");
	d->columns = records_format(c->records) >= RECORDS_TSV;
	d->csv = records_format(c->records) == RECORDS_CSV;
	if (n == 2)
		return put_header(c, rec, len, flow);
	c->read++;
	c->number++;
	return n == 1 ? clean(c, rec, len, flow) : reject_malformed(c, rec, len, flow);
}

static int drain(struct cleaner *c, struct flow *flow)
{
	const char *rec;
	size_t len;
	int n, r = 0;
	while (!r && (n = records_next(c->records, &rec, &len)) != 0)
		r = take(c, n, rec, len, flow);
	return r;
}

static int clean_span(void *self, const char *s, size_t len, struct flow *flow)
{
	struct cleaner *c = self;
	if (flow->input_marked && c->plan.dedupes && !opts.state)
		return opt_usage_error(
			&spec, "dedupe in a marked stream forgets at a restart: say so with --state none");
	if (flow->inputs != c->inputs) {
		c->inputs = flow->inputs;
		c->number = 0;
	}
	records_span(c->records, s, len, flow);
	return drain(c, flow);
}

static int end_batch(void *self, struct flow *flow)
{
	struct cleaner *c = self;
	records_end(c->records);
	int r = drain(c, flow);
	if (r)
		return r;
	if (too_many(c, true))
		return stop_at_most(c);
	int e = rejects_batch(&c->rejects, flow->mark);
	return e < 0 ? rejects_failed(e) : 0;
}

static void tell(const struct cleaner *c)
{
	if (!c->rejected && !opts.stats)
		return;
	warn("%" PRIu64 " records read, %" PRIu64 " passed on, %" PRIu64 " rejected", c->read, c->read - c->rejected,
		c->rejected);
	if (c->malformed)
		warn("%" PRIu64 " rejected: malformed", c->malformed);
	for (size_t i = 0; i < c->plan.count; i++)
		if (c->plan.steps[i].broken)
			warn("%" PRIu64 " rejected: %s", c->plan.steps[i].broken, c->plan.steps[i].rule->text);
	if (c->unwritable)
		warn("%" PRIu64 " rejected: no place for a new member", c->unwritable);
	if (plan_evicted(&c->plan))
		warn("dedupe forgot %" PRIu64 " keys before their time (--memory)", plan_evicted(&c->plan));
}

/* The key without the line feed that an editor puts behind it.  OPT_GO, or an exit status after a message. */
static int set_key(struct plan *plan)
{
	struct strbuf key = STRBUF_INIT;
	int r, status = EXIT_CONFIG;
	if (!plan_hashes(plan))
		return OPT_GO;
	if (!opts.key)
		return opt_usage_error(&spec, "mask hash needs --key FILE");
	r = read_file(opts.key, 1 << 20, &key);
	if (key.len && key.s[key.len - 1] == '\n')
		key.len--;
	if (r < 0)
		warn("cannot read '%s': %s", opts.key, diag_strerror(r));
	else if (!key.len)
		warn("the key in '%s' is empty", opts.key);
	else if (plan_key(plan, key.s, key.len) < 0)
		warn("libcrypto does not take the key in '%s'", opts.key);
	else
		status = OPT_GO;
	explicit_bzero(key.s, key.len);
	strbuf_release(&key);
	return status;
}

/* OPT_GO, or an exit status after a message. */
static int prepare(struct cleaner *c)
{
	struct strbuf err = STRBUF_INIT;
	int status = OPT_GO;
	if (opts.failed)
		return opts.failed;
	if (!opts.rules.count)
		return opt_usage_error(&spec, "there is no rule (--rule, --rules)");
	if (opts.state && strcmp(opts.state, "none") != 0)
		return opt_usage_error(&spec, "--state takes only 'none' so far");
	if (records_new(&c->records, &opts.records, &opts.filter, &err) < 0 ||
		plan_init(&c->plan, &opts.rules, c->records, opts.records.header, opts.memory, &err) < 0)
		status = opt_usage_error(&spec, "%s", err.s);
	c->plan.doc.delim = opts.filter.null ? '\0' : '\n';
	strbuf_release(&err);
	return status == OPT_GO ? set_key(&c->plan) : status;
}

int main(int argc, char **argv)
{
	static const struct filter filter = {.span = clean_span, .batch = end_batch};
	static struct cleaner c;
	char **operands;
	int status = opt_parse(&spec, argc, argv, &operands);
	if (status == OPT_GO)
		status = prepare(&c);
	if (status == OPT_GO) {
		int r = rejects_open(&c.rejects, opts.rejects);
		if (r < 0)
			die(diag_status(r), "cannot open '%s': %s", opts.rejects, diag_strerror(r));
		sig_filter();
		status = filter_run(&filter, &c, &opts.filter, operands);
		tell(&c);
		r = rejects_close(&c.rejects);
		if (r < 0)
			status = status > rejects_failed(r) ? status : (int)diag_status(r);
	}
	free(c.header);
	plan_release(&c.plan);
	records_free(c.records);
	rules_release(&opts.rules);
	return status;
}
