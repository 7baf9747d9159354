/* Notes of a sink: see sink_note.h. */
#include "common/stream/sink_note.h"

#include <inttypes.h>

void sink_note_start(const struct sink_ops *ops, void *self, const struct sink_core *core)
{
	struct strbuf to = STRBUF_INIT;
	const struct sink_policy *policy = &core->policy;
	if (ops->describe)
		ops->describe(self, NULL, &to);
	if (!sink_core_marked(core) && ops->streams)
		inform("writing to %s", to.s);
	else if (!sink_core_marked(core)) /* the first commit of a marked stream may be a minute away, too */
		inform("writing to %s; all is committed at the end of the input", to.s);
	else if (policy->every_ms)
		inform("writing to %s for group '%s'; a commit every %g s or %" PRIu64 " bytes, and at the end", to.s,
			core->chain.group, (double)policy->every_ms / 1000, policy->bytes);
	else
		inform("writing to %s for group '%s'; a commit every batch", to.s, core->chain.group);
	strbuf_release(&to);
}

void sink_note_commit(const struct sink_ops *ops, void *self, const struct sink_commit *commit)
{
	struct strbuf text = STRBUF_INIT;
	uint64_t records = commit->records - commit->refused;
	if (ops->describe)
		ops->describe(self, commit, &text);
	inform("committed %" PRIu64 " %s%s%s", records, diag_plural(records, "record", "records"), text.len ? ": " : "",
		text.s);
	strbuf_release(&text);
}

void sink_note_done(const struct sink_figures *figures)
{
	inform("done: %" PRIu64 " %s in %" PRIu64 " %s", figures->records,
		diag_plural(figures->records, "record", "records"), figures->commits,
		diag_plural(figures->commits, "commit", "commits"));
}
