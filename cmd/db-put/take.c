/* Makes rows of records: see take.h. */
#include "take.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "options.h"
#include "take_json.h"
#include "take_row.h"
#include "take_text.h"

/* Compile --delete-on.  -EINVAL with ERR. */
static int open_delete_on(struct take *t, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	int r = opts.delete_on ? expr_new(&t->delete_on, opts.delete_on, &why) : 0;
	if (r < 0)
		strbuf_addf(err, "--delete-on: %s", why.s);
	strbuf_release(&why);
	for (size_t i = 0; r == 0 && t->delete_on && i < expr_fields(t->delete_on); i++)
		if (opts.input.format == RECORDS_JSON && expr_field(t->delete_on, i)->column) {
			strbuf_addf(err, "--delete-on: $%u is a column of TSV or CSV, and the records are JSON",
				(unsigned)expr_field(t->delete_on, i)->column);
			r = -EINVAL;
		}
	return r;
}

void take_init(struct take *t, struct db_state *state, struct columns_choice *choice, struct rejects *rejects)
{
	t->db = state->db;
	t->table = state->table;
	t->state = state;
	t->choice = choice;
	t->rejects = rejects;
	t->held = (struct held){.keep = rejects_go_on(rejects), .memory = opts.memory};
}

int take_open(struct take *t)
{
	struct strbuf err = STRBUF_INIT;
	take_row_names(t);
	int r = open_delete_on(t, &err);
	if (r == 0)
		r = opts.input.format == RECORDS_JSON ? take_json_open(t, &err) : take_text_open(t, &err);
	int status = EXIT_OK;
	if (r == -EINVAL)
		status = opt_usage_error(&spec, "%s", err.s);
	else if (r < 0) {
		warn("%s", err.s);
		status = diag_status(r);
	}
	strbuf_release(&err);
	return status;
}

void take_release(struct take *t)
{
	held_clear(&t->held);
	take_json_release(t);
	records_free(t->records);
	expr_free(t->delete_on);
	strbuf_release(&t->row);
	strbuf_release(&t->before);
	strbuf_release(&t->other);
	strbuf_release(&t->told);
	free(t->names);
	free(t->from);
	free(t->values);
}

void take_report(const struct take *t)
{
	const struct expr_fault *fault = t->delete_on ? expr_fault(t->delete_on) : NULL;
	if (fault && fault->count)
		warn("--delete-on could not be decided %" PRIu64
		     " %s, and then deletes nothing; the last time, at character %zu: %s",
			fault->count, diag_plural(fault->count, "time", "times"), fault->pos + 1, fault->what);
}

int take_span(
	struct take *t, struct sink_place *place, const char *s, size_t len, struct flow *flow, struct strbuf *err)
{
	return t->records ? take_text_span(t, place, s, len, flow, err) : take_json_span(t, place, s, len, flow, err);
}

int take_end(struct take *t, struct sink_place *place, struct flow *flow, struct strbuf *err)
{
	return t->records ? take_text_end(t, place, flow, err) : 0;
}
