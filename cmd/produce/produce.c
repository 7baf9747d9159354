/* What both formats do before their records, and with records that cannot be sent: see produce.h. */
#include "cmd/produce/produce.h"

#include <errno.h>
#include <inttypes.h>

/* limit for places of 24 bytes each; at the limit the program waits for all acknowledgements, a round trip or two */
#define PLACES_MAX 65536

int produce_begin(struct produce *p, const struct flow *flow)
{
	if (flow->status == EXIT_DATA) /* a record that the driver left out counts as a record that cannot be sent */
		return EXIT_DATA;
	if (p->input != flow->input)
		places_begin(&p->places, flow->input, p->records);
	p->input = flow->input;
	return sender_check(&p->sender);
}

void produce_where(const void *self, uint64_t record, struct strbuf *text)
{
	const struct produce *p = self;
	places_describe(&p->places, record, text);
}

int produce_stop(struct produce *p, int status, const char *why)
{
	struct strbuf where = STRBUF_INIT;
	int failed = sender_flush_batch(&p->sender);
	produce_where(p, p->records + 1, &where);
	warn("%s: %s; nothing from there on is sent", where.s, why);
	strbuf_release(&where);
	return failed ? failed : status;
}

/* An endless stream with rejected records would have endless places: drop those that no message needs any more. */
static int bound_places(struct produce *p)
{
	if (p->places.count < PLACES_MAX)
		return 0;
	int status = sender_settle(&p->sender);
	if (status == 0)
		places_forget(&p->places);
	return status == -EINTR ? 0 : status;
}

int produce_bad(struct produce *p, const char *s, size_t len, const char *what)
{
	const uint64_t number = places_next(&p->places, p->records);
	const struct aside_record rec = {.reason = what, .input = p->input, .number = number, .rec = s, .len = len};
	if (!rejects_go_on(&p->rejects))
		return produce_stop(p, EXIT_DATA, what);
	int status = bound_places(p);
	if (status)
		return status;
	places_skip(&p->places, p->records);
	p->rejects.read = p->records + p->rejects.count + 1;
	return rejects_add(&p->rejects, false, &rec);
}

int produce_too_large(struct produce *p, const char *s, size_t len, const struct record *r)
{
	struct strbuf why = STRBUF_INIT;
	strbuf_addf(&why, "%zu bytes are more than can be sent (message.max.bytes, queue.buffering.max.kbytes: %zu)",
		r->key_len + r->value_len, p->sender.max_size);
	int status = produce_bad(p, s, len, why.s);
	strbuf_release(&why);
	return status;
}
