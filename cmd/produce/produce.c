/* What both formats do before their records, and with records that cannot be sent: see produce.h. */
#include "cmd/produce/produce.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/base/clock.h"
#include "common/base/sig.h"

/* limit for places of 24 bytes each; at the limit the program waits for all acknowledgements, a round trip or two */
#define PLACES_MAX 65536

#define STEP_MS 200 /* length of one wait for --rate; a signal or a failure is noticed in between */

int produce_begin(struct produce *p, const struct flow *flow)
{
	if (p->place)
		return 0;
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
	if (p->place) {
		sink_place_add(&where, p->place);
		warn("%s: %s; nothing of the batch is sent", where.s, why);
		strbuf_release(&where);
		return status;
	}
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

/* LINE is what R was made of; NULL: a record of ours. */
static int keep(struct produce *p, const struct record *r, const char *line, size_t len)
{
	int code = kept_add(&p->kept, r, line, len, p->place);
	if (code < 0)
		warn("cannot keep the batch: %s", diag_strerror(code));
	return code < 0 ? (int)diag_status(code) : 0;
}

int produce_bury(struct produce *p, const struct aside_record *rec)
{
	const char *input = rec->input ? rec->input : "";
	char number[24];
	int n = snprintf(number, sizeof number, "%" PRIu64, rec->number);
	const struct record_header headers[] = {
		{.name = "weir.reason", .name_len = 11, .value = rec->reason, .value_len = strlen(rec->reason)},
		{.name = "weir.topic", .name_len = 10, .value = p->setup.topic, .value_len = strlen(p->setup.topic)},
		{.name = "weir.input", .name_len = 10, .value = input, .value_len = strlen(input)},
		{.name = "weir.record", .name_len = 11, .value = number, .value_len = (size_t)n},
	};
	const struct record r = {.topic = p->setup.dead_letter,
		.value = rec->rec,
		.value_len = rec->len,
		.partition = RD_KAFKA_PARTITION_UA,
		.headers = headers,
		.header_count = sizeof headers / sizeof *headers};
	if (!sender_fits(&p->sender, 0, r.value_len))
		return produce_stop(p, EXIT_DATA, rec->reason);
	p->records++;
	p->dead++;
	return p->place ? keep(p, &r, NULL, 0) : sender_put(&p->sender, &r);
}

/* The same in a marked stream. */
static int bad_kept(struct produce *p, const char *s, size_t len, const char *what)
{
	const struct aside_record rec = {
		.reason = what, .input = p->place->input, .number = p->place->record + 1, .rec = s, .len = len};
	p->place->record++;
	if (!rejects_go_on(&p->rejects))
		return produce_stop(p, EXIT_DATA, what);
	p->place->left_out++;
	int status = p->setup.dead_letter ? produce_bury(p, &rec) : 0;
	return status ? status : rejects_add(&p->rejects, false, &rec);
}

int produce_bad(struct produce *p, const char *s, size_t len, const char *what)
{
	if (p->place)
		return bad_kept(p, s, len, what);
	const uint64_t number = places_next(&p->places, p->records);
	const struct aside_record rec = {.reason = what, .input = p->input, .number = number, .rec = s, .len = len};
	if (!rejects_go_on(&p->rejects))
		return produce_stop(p, EXIT_DATA, what);
	int status = p->setup.dead_letter ? produce_bury(p, &rec) : bound_places(p);
	if (status)
		return status;
	if (!p->setup.dead_letter)
		places_skip(&p->places, p->records);
	p->rejects.read = produce_read(p) + 1;
	return rejects_add(&p->rejects, false, &rec);
}

static int too_large(struct produce *p, const char *s, size_t len, const struct record *r)
{
	struct strbuf why = STRBUF_INIT;
	strbuf_addf(&why, "%zu bytes are more than can be sent (message.max.bytes, queue.buffering.max.kbytes: %zu)",
		r->key_len + r->value_len, p->sender.max_size);
	int status = produce_bad(p, s, len, why.s);
	strbuf_release(&why);
	return status;
}

/* Wait until the next record may go.  What was added before is handed over; a signal ends the wait. */
static int wait_turn(struct produce *p)
{
	int64_t ms;
	int status = 0;
	while (!status && !sig_stop() && (ms = pace_wait_ms(&p->pace, clock_ms())) > 0) {
		ms = ms < STEP_MS ? ms : STEP_MS;
		status = sender_flush_batch(&p->sender);
		nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
		if (!status)
			status = sender_check(&p->sender);
	}
	return status;
}

int produce_put(struct produce *p, const struct record *r, const char *s, size_t len, bool fleeting)
{
	if (!sender_fits(&p->sender, r->key_len, r->value_len))
		return too_large(p, s, len, r);
	const char *why = rejects_go_on(&p->rejects) ? sender_refuses(&p->sender, r, clock_epoch_ms()) : NULL;
	if (why)
		return produce_bad(p, s, len, why);
	int status = p->pace.rate ? wait_turn(p) : 0;
	if (status)
		return status;
	p->records++;
	if (p->place) {
		p->place->record++;
		return keep(p, r, s, len);
	}
	if (fleeting || r->header_count)
		return sender_put(&p->sender, r);
	return sender_add(&p->sender, r->key, r->key_len, r->value, r->value_len);
}
