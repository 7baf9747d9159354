/* Records through the rules: see cleaner.h. */
#include "cmd/clean/cleaner.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/clean/apply.h"
#include "cmd/clean/dedupe.h"
#include "common/base/alloc.h"
#include "common/base/clock.h"

#define ENOUGH 1000 /* records before a share of rejects is judged within a batch */

static bool too_many(const struct cleaner *c, bool whole)
{
	if (!c->opts->most.set || !c->rejected)
		return false;
	if (!c->opts->most.percent)
		return c->rejected > c->opts->most.count;
	return (whole || c->read >= ENOUGH) && (double)c->rejected > c->opts->most.share * (double)c->read;
}

static int stop_at_most(const struct cleaner *c)
{
	warn("%" PRIu64 " of %" PRIu64 " records are rejected, more than --max-rejects allows", c->rejected, c->read);
	return EXIT_DATA;
}

int cleaner_rejects_failed(struct cleaner *c, int err)
{
	if (!c->rejects_told)
		warn("cannot write '%s': %s", c->opts->rejects, diag_strerror(err));
	c->rejects_told = true;
	return (int)diag_status(err);
}

static int reject(struct cleaner *c, const char *reason, const char *rec, size_t len, struct flow *flow)
{
	c->rejected++;
	flow_fail(flow, EXIT_NO);
	int r = aside_add(&c->rejects, flow->input_marked, reason, records_input(c->records), c->number, rec, len);
	if (r < 0)
		return cleaner_rejects_failed(c, r);
	if (!too_many(c, false))
		return 0;
	flow_refuse(flow, rec, len);
	return stop_at_most(c);
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
	if (c->plan.doc.targets)
		edit_targets(&c->plan.doc);
	if (c->ticks)
		c->plan.now_ms = c->clock_offset_ms + clock_ms();
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
	if (records_same_header(c->records) || (out->len == c->header_len && memcmp(out->s, c->header, out->len) == 0))
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
	if (flow->inputs != c->inputs) {
		c->inputs = flow->inputs;
		c->number = 0;
	}
	records_span(c->records, s, len, flow);
	return drain(c, flow);
}

/* The time of records is that of the mark before them: all of a batch have the same, however long it takes. */
static void see(void *self, const struct mark *mark)
{
	struct cleaner *c = self;
	if (mark->end_ms > c->plan.now_ms)
		c->plan.now_ms = mark->end_ms;
	c->ticks = false;
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
	int e = aside_batch(&c->rejects, flow->mark);
	return e < 0 ? cleaner_rejects_failed(c, e) : 0;
}

static int state(void *self, enum filter_moment when, const struct mark *mark)
{
	struct cleaner *c = self;
	if (mark && c->plan.dedupes && !c->opts->state.dir)
		return opt_usage_error(&clean_spec,
			"dedupe in a marked stream needs --state DIR, or --state none, which forgets at a restart");
	return checkpoint_step(&c->checkpoint, when, mark);
}

const struct filter cleaner_filter = {.span = clean_span, .batch = end_batch, .see = see, .state = state};

/* The key of mask hash, when a rule needs it. */
static int set_key(struct cleaner *c)
{
	struct strbuf key = STRBUF_INIT;
	if (!plan_hashes(&c->plan))
		return OPT_GO;
	int status = options_key(c->opts, &key);
	if (status == OPT_GO && plan_key(&c->plan, key.s, key.len) < 0) {
		warn("libcrypto does not take the key in '%s'", c->opts->key);
		status = EXIT_CONFIG;
	}
	explicit_bzero(key.s, key.cap);
	strbuf_release(&key);
	return status;
}

static int open_state(struct cleaner *c)
{
	static const struct checkpoint_ops form = {.version = 1, .deltas = true, .save = plan_save, .load = plan_load};
	struct strbuf query = STRBUF_INIT;
	c->clock_offset_ms = clock_epoch_ms() - clock_ms();
	c->ticks = c->plan.dedupes;
	if (!c->plan.dedupes)
		return OPT_GO;
	plan_query(&c->plan, &query);
	int r = checkpoint_open(&c->checkpoint, &c->opts->state, &form, &c->plan, query.s);
	strbuf_release(&query);
	return r ? r : OPT_GO;
}

static int open_rejects(struct cleaner *c, char **operands)
{
	int r = aside_open(&c->rejects, c->opts->rejects);
	if (r < 0) {
		warn("cannot open '%s': %s", c->opts->rejects, diag_strerror(r));
		return (int)diag_status(r);
	}
	const char *clash = aside_clash(&c->rejects, operands);
	return clash ? opt_usage_error(&clean_spec, "the file of --rejects is also %s", clash) : OPT_GO;
}

/* Rules that can not be had together, or with these options: a mistake in a file, or in an option. */
static int refuse_rules(const struct options *opts, const char *why)
{
	if (!opts->files)
		return opt_usage_error(&clean_spec, "%s", why);
	warn("%s", why);
	return EXIT_CONFIG;
}

int cleaner_open(struct cleaner *c, const struct options *opts, char **operands)
{
	struct strbuf err = STRBUF_INIT;
	int status = OPT_GO;
	*c = (struct cleaner){.opts = opts};
	if (records_new(&c->records, &opts->records, &opts->filter, &err) < 0)
		status = opt_usage_error(&clean_spec, "%s", err.s);
	else if (plan_init(&c->plan, &opts->rules, c->records, opts->records.header, opts->memory, &err) < 0)
		status = refuse_rules(opts, err.s);
	c->plan.future = &opts->future;
	c->plan.doc.delim = opts->filter.null ? '\0' : '\n';
	strbuf_release(&err);
	if (status == OPT_GO)
		status = set_key(c);
	if (status == OPT_GO)
		status = open_state(c);
	return status == OPT_GO ? open_rejects(c, operands) : status;
}

void cleaner_release(struct cleaner *c)
{
	checkpoint_release(&c->checkpoint);
	plan_release(&c->plan);
	records_free(c->records);
	free(c->header);
}

void cleaner_tell(const struct cleaner *c)
{
	if (!c->rejected && !c->opts->stats)
		return;
	warn("%" PRIu64 " %s read, %" PRIu64 " passed on, %" PRIu64 " rejected", c->read,
		diag_plural(c->read, "record", "records"), c->read - c->rejected, c->rejected);
	if (c->malformed)
		warn("%" PRIu64 " rejected: malformed", c->malformed);
	for (size_t i = 0; i < c->plan.count; i++)
		if (c->plan.steps[i].broken)
			warn("%" PRIu64 " rejected: %s", c->plan.steps[i].broken, c->plan.steps[i].rule->text);
	if (c->unwritable)
		warn("%" PRIu64 " rejected: no place for a new member", c->unwritable);
	if (plan_evicted(&c->plan))
		warn("dedupe forgot %" PRIu64 " %s (--memory)", plan_evicted(&c->plan),
			diag_plural(plan_evicted(&c->plan), "key before its time", "keys before their time"));
}
