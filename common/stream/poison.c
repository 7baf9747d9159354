/* Where a refused record came from: see poison.h. */
#include "common/stream/poison.h"

#include <inttypes.h>
#include <string.h>

#include "common/base/visible.h"
#include "common/stream/origin.h"

enum {
	SHOWN = 100, /* bytes of the record in a message */
	LINES = 20,  /* partitions that are named */
};

struct teller {
	unsigned lines;
};

/* Print the range and the command that shows it; its values may hold any bytes. */
static void tell(const struct origin *r)
{
	static const char legal[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
	struct strbuf b = STRBUF_INIT;
	strbuf_addf(&b, "topic '%s', partition %" PRId64 ", offset", r->topic, r->partition);
	if (r->from + 1 == r->to)
		strbuf_addf(&b, " %" PRId64, r->from);
	else
		strbuf_addf(&b, "s %" PRId64 " to %" PRId64, r->from, r->to - 1);
	/* any other byte makes it an illegal topic name, and a shell might split it */
	if (!r->topic[strspn(r->topic, legal)])
		strbuf_addf(&b, ": weir consume -p %" PRId64 " --from %" PRId64 " --to %" PRId64 " --format json %s%s",
			r->partition, r->from, r->to, *r->topic == '-' ? "-- " : "", r->topic);
	warn("%s", b.s);
	strbuf_release(&b);
}

static void tell_range(void *arg, const struct origin *r)
{
	struct teller *t = arg;
	if (t->lines++ < LINES)
		tell(r);
}

void poison_report(const struct flow *flow, const struct mark *mark)
{
	struct strbuf start = STRBUF_INIT;
	struct origin at;
	struct teller t = {0};
	bool named = flow->has_refused && origin_of_record(flow->refused.s, flow->refused.len, &at);
	if (mark && mark->kind != MARK_BATCH)
		mark = NULL;
	visible_add_start(&start, flow->refused.s, flow->refused.len, SHOWN);
	if (flow->has_refused)
		warn("that record begins '%s'; nothing of its batch is acknowledged", start.s);
	strbuf_release(&start);
	if (mark && named && origin_within(&at, mark))
		tell(&at);
	else if (mark)
		origin_each(mark, tell_range, &t);
	else
		warn("the end of its batch has not come, so where it was read is not known");
	if (t.lines > LINES)
		warn("and in %u more partitions", t.lines - LINES);
}
