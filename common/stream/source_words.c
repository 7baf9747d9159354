/* Messages that are the same in all sources: see source_words.h. */
#include "common/stream/source_words.h"

#include <inttypes.h>
#include <stdarg.h>

void source_words_fail(int *status, int code, const char *fmt, ...)
{
	struct strbuf text = STRBUF_INIT;
	va_list args;
	if (*status)
		return;
	va_start(args, fmt);
	strbuf_vaddf(&text, fmt, args);
	va_end(args);
	*status = code;
	if (text.len)
		warn("%s", text.s);
	strbuf_release(&text);
}

void source_words_add(struct strbuf *out, const struct source_options *opt, size_t sinks, const char *detail,
	const struct session_action *a)
{
	double seconds = (double)opt->sink_timeout_ms / 1000;
	switch (a->reason) {
	case REASON_NO_SINKS:
		strbuf_addf(out,
			"%zu of %" PRIu64
			" sinks connected within %g s: the pipeline does not end in one (lake-put, or ack before a "
			"command that is not of weir), or a command in between holds marks back or damages them (run "
			"it with `weir each`)",
			sinks, opt->sinks, seconds);
		break;
	case REASON_NO_ANSWER:
		strbuf_addf(out, "the sinks did not report their positions within %g s", seconds);
		break;
	case REASON_NOT_SETTLED:
		strbuf_addf(out, "the sinks did not commit the starts of the partitions within %g s", seconds);
		break;
	case REASON_NOT_ACKNOWLEDGED:
		strbuf_addf(out,
			"the sinks have not acknowledged the last batch within %g s (--drain-timeout); it is not "
			"committed",
			(double)opt->drain_timeout_ms / 1000);
		break;
	case REASON_NOT_DRAINED:
		strbuf_addstr(out,
			"not everything that was read from the partitions that go to another member is acknowledged");
		break;
	default:
		strbuf_addstr(out, detail);
		break;
	}
}

const char *source_words_wait(const struct session *s, int64_t *ret_limit_ms)
{
	const struct session_policy *p = s->policy;
	*ret_limit_ms = p->answer_ms;
	switch (s->state) {
	case SESSION_GREETING:
		return p->marked ? "the sinks to connect" : "";
	case SESSION_ASKING:
		return "the sinks to report their positions";
	case SESSION_SETTLING:
		return "the sinks to commit where partitions begin";
	case SESSION_DRAINING:
		*ret_limit_ms = p->drain_ms;
		return p->marked ? "the sinks to acknowledge what goes to another member" : "";
	case SESSION_FINISHING:
		*ret_limit_ms = p->last_ack_ms;
		return p->marked && s->closed ? "the sinks to acknowledge the last batch" : "";
	default:
		return "";
	}
}
