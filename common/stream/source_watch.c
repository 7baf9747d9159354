/* Waits of a source that last too long: see source_watch.h. */
#include "common/stream/source_watch.h"

#include <inttypes.h>

void source_watch_answer(struct source_watch *w, const struct session *s, int64_t now_ms, struct strbuf *text)
{
	int64_t limit_ms;
	const char *what = source_words_wait(s, &limit_ms);
	if (w->state != s->state)
		w->answer = (struct patience){0};
	w->state = s->state;
	if (*what && patience_ask(&w->answer, -1, now_ms) == PATIENCE_TELL)
		strbuf_addf(text, "waiting for %s, for at most %g s", what, (double)limit_ms / 1000);
}

void source_watch_stall(struct source *s, const struct source_options *opt, int64_t now_ms, struct strbuf *text)
{
	uint64_t batch;
	if (!s->policy.marked || s->sinks.acks.fd < 0)
		return;
	if (source_sinks_stalled(&s->sinks, s->session.batch, s->session.progress.done, output_has_reader(&s->output),
		    opt->stall_warning_ms, now_ms, &batch))
		strbuf_addf(text,
			"no sink has seen the mark of batch %" PRIu64
			" for %g s: a command in between holds it back in its buffer; run it with `weir each`",
			batch, (double)opt->stall_warning_ms / 1000);
}
