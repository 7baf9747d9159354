/* The messages of a session about versions of a table: see follow.h. */
#include <inttypes.h>

#include "common/stream/source_words.h"
#include "follow.h"

static void add_position(struct strbuf *out, const struct follow *f, const struct session_action *a)
{
	switch (a->reason) {
	case REASON_DISAGREE:
		strbuf_addf(out, "the sinks disagree: %s", f->source.detail.s);
		break;
	case REASON_BACKWARDS:
		strbuf_addf(out,
			"the sink goes on at version %" PRId64 ", but this run has read up to version %" PRId64
			"; a new run continues from the sink's position",
			a->a, a->b - 1);
		break;
	case REASON_RECREATED:
		strbuf_addf(out,
			"version %" PRId64
			" is not the one that was read before: the table was created again, or an old copy was put in "
			"its place",
			a->a);
		break;
	case REASON_GROUP_DIFFERS:
		strbuf_addf(out,
			"the sink goes on at version %" PRId64 ", '%s' at version %" PRId64
			"; the sink's position is used",
			a->a, f->opt->position_file, a->b);
		break;
	case REASON_GROUP_IGNORED:
		strbuf_addf(out, "'%s' is at version %" PRId64 ", the sink has nothing; beginning at version %" PRId64,
			f->opt->position_file, a->a, a->b);
		break;
	case REASON_BEYOND:
		strbuf_addf(out,
			"what the versions up to %" PRId64
			" have added will not be in the sink's table, which begins after them",
			a->a - 1);
		break;
	default:
		strbuf_addf(out, "version %" PRId64 " cannot be read", a->a);
		break;
	}
}

void follow_words(struct strbuf *out, const struct follow *f, const struct session_action *a)
{
	if (a->reason == REASON_REFUSED || a->reason == REASON_LAST_COMMIT) {
		strbuf_addf(out, "'%s' was not written; records will be read again", f->opt->position_file);
	} else if (a->count && a->parts[0].cursor) {
		strbuf_addf(out, "'%s': ", f->url);
		add_position(out, f, a);
	} else {
		source_words_add(out, &f->opt->source, f->source.sinks.acks.count, f->source.detail.s, a);
	}
}
