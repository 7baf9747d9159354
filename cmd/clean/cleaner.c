/* Applies the rules to records: see cleaner.h. */
#include "cmd/clean/cleaner.h"

#include <inttypes.h>
#include <string.h>

#include "cmd/clean/apply.h"

/* Write the changed record, or reject it. */
static int put_changed(struct cleaner *c, struct flow *flow)
{
	struct doc *d = &c->plan.doc;
	if (d->columns) {
		edit_columns(d);
	} else if (!edit_json(d)) {
		c->unwritable++;
		return record_filter_refuse(&c->rf, NULL, d->problem, flow);
	}
	dedupe_accept(&c->plan.dedupe);
	return flow_put(flow, d->out.s, d->out.len);
}

static int clean(void *self, const struct value *values, const char *rec, size_t len, bool stays, struct flow *flow)
{
	struct cleaner *c = self;
	(void)stays;
	doc_load(&c->plan.doc, rec, len, values);
	if (c->plan.doc.targets)
		edit_targets(&c->plan.doc);
	struct step *broken = plan_apply(&c->plan);
	if (broken) {
		broken->broken++;
		return record_filter_refuse(&c->rf, NULL, broken->rule->text, flow);
	}
	if (c->plan.doc.changed)
		return put_changed(c, flow);
	dedupe_accept(&c->plan.dedupe);
	return flow_put(flow, rec, len);
}

static void begin(void *self, enum records_format format, char delim)
{
	struct cleaner *c = self;
	c->plan.doc.columns = format != RECORDS_JSON;
	c->plan.doc.csv = format == RECORDS_CSV;
	c->plan.doc.delim = delim;
	c->plan.doc.sep = records_separator(c->rf.records, c->plan.doc.csv);
}

/* Write the header as the rules change it; the header of each input says where its columns are. */
static int put_header(void *self, const char *rec, size_t len, struct flow *flow)
{
	struct cleaner *c = self;
	struct doc *d = &c->plan.doc;
	doc_load(d, rec, len, records_values(c->rf.records));
	plan_header(&c->plan);
	return record_filter_put_header(&c->rf, d->out.s, d->out.len, flow);
}

static void see(void *self, const struct mark *mark)
{
	dedupe_see(&((struct cleaner *)self)->plan.dedupe, mark->end_ms);
}

static const struct record_filter_ops ops = {
	.spec = &clean_spec,
	.stream = {.see = see},
	.begin = begin,
	.record = clean,
	.header = put_header,
};

/* The key of mask hash, when a rule needs it. */
static int set_key(struct cleaner *c)
{
	struct strbuf err = STRBUF_INIT;

	if (!plan_hashes(&c->plan))
		return OPT_GO;
	if (!c->opts->key)
		return opt_usage_error(&clean_spec, "mask hash needs --key FILE");
	int r = rules_mac(&c->plan.mac, c->opts->key, &err);
	if (r < 0)
		warn("%s", err.s);
	strbuf_release(&err);
	return r < 0 ? EXIT_CONFIG : OPT_GO;
}

static void save(void *self, bool full, struct checkpoint_out *out)
{
	dedupe_save(self, full, out);
}

static int load(void *self, bool full, const char *s, size_t len, struct strbuf *err)
{
	return dedupe_load(self, full, s, len, NULL, err);
}

static int open_state(struct cleaner *c)
{
	static const struct checkpoint_ops form = {.version = 1, .deltas = true, .save = save, .load = load};
	struct strbuf query = STRBUF_INIT;
	if (!c->plan.dedupe.count)
		return OPT_GO;
	plan_query(&c->plan, &query);
	int r = record_filter_state(&c->rf, &c->opts->state, &form, &c->plan.dedupe, query.s, "dedupe");
	strbuf_release(&query);
	return r;
}

/*
 * Refuse rules that cannot be combined with each other or with these options.  The mistake is in a file, or in an
 * option.
 */
static int refuse_rules(const struct clean_options *opts, const char *why)
{
	if (!opts->files)
		return opt_usage_error(&clean_spec, "%s", why);
	warn("%s", why);
	return EXIT_CONFIG;
}

int cleaner_open(struct cleaner *c, const struct clean_options *opts)
{
	struct strbuf err = STRBUF_INIT;
	*c = (struct cleaner){.opts = opts};
	int status = record_filter_open(&c->rf, &ops, c, &opts->common);
	if (status == OPT_GO &&
		plan_init(&c->plan, &opts->rules, c->rf.records, opts->common.records.header, opts->memory, &err) < 0)
		status = refuse_rules(opts, err.s);
	c->plan.dedupe.future = &opts->future;
	strbuf_release(&err);
	if (status == OPT_GO)
		status = set_key(c);
	if (status == OPT_GO)
		status = open_state(c);
	return status;
}

void cleaner_release(struct cleaner *c)
{
	plan_release(&c->plan);
	record_filter_release(&c->rf);
}

/* Print the number of records, if it is wanted. */
static void report(const struct cleaner *c)
{
	const struct record_filter *rf = &c->rf;
	uint64_t read = record_filter_read(rf), rejected = rf->rejects.count;
	if (c->opts->common.stats)
		warn("%" PRIu64 " %s read, %" PRIu64 " passed on, %" PRIu64 " rejected", read,
			diag_plural(read, "record", "records"), read - rejected, rejected);
	if (!rejected && !c->opts->common.stats)
		return;
	if (rf->malformed)
		warn("%" PRIu64 " rejected: malformed", rf->malformed);
	for (size_t i = 0; i < c->plan.count; i++)
		if (c->plan.steps[i].broken)
			warn("%" PRIu64 " rejected: %s", c->plan.steps[i].broken, c->plan.steps[i].rule->text);
	if (c->unwritable)
		warn("%" PRIu64 " rejected: no place for a new member", c->unwritable);
	struct strbuf forgotten = STRBUF_INIT;
	dedupe_report(&c->plan.dedupe, &forgotten);
	if (forgotten.len)
		warn("%s", forgotten.s);
	strbuf_release(&forgotten);
}

int cleaner_run(struct cleaner *c, char **operands)
{
	int status = record_filter_run(&c->rf, operands);
	report(c);
	return status;
}
