/* The calls of transactions: see txn.h. */
#include "cmd/produce/txn.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "common/base/clock.h"
#include "common/base/killpoint.h"
#include "common/base/patience.h"
#include "common/kafka/membership.h"
#include "common/stream/sink.h"

enum {
	PAUSE_MS = 100,       /* before a call is repeated */
	PASS_BYTES = 4 << 20, /* of kept records that are in memory */
	PURGES_MAX = 4,       /* in a row after a refusal; one is usual, but on a busy machine it was not enough */
};

static bool is_fenced(rd_kafka_resp_err_t code)
{
	return code == RD_KAFKA_RESP_ERR__FENCED || code == RD_KAFKA_RESP_ERR_PRODUCER_FENCED ||
	       code == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH;
}

static bool is_overtaken(rd_kafka_resp_err_t code)
{
	return code == RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION || code == RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID ||
	       code == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID || code == RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS;
}

static enum txn_failure kind_of(const rd_kafka_error_t *error)
{
	rd_kafka_resp_err_t code = rd_kafka_error_code(error);
	if (is_fenced(code))
		return TXN_FENCED;
	if (is_overtaken(code))
		return TXN_OVERTAKEN;
	if (code == RD_KAFKA_RESP_ERR__TIMED_OUT || code == RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE)
		return TXN_SLOW;
	if (rd_kafka_error_is_fatal(error))
		return kafka_status(code) == EXIT_CONFIG ? TXN_REFUSED : TXN_BROKEN;
	if (rd_kafka_error_txn_requires_abort(error))
		return TXN_SPOILED;
	return rd_kafka_error_is_retriable(error)  ? TXN_RETRY
	       : kafka_status(code) == EXIT_CONFIG ? TXN_REFUSED
						   : TXN_BROKEN;
}

/* --- calls -------------------------------------------------------------------------------------------------------- */

/* Hand over the next record. */
static int send_next(struct txn *t, struct kept_records *kept, const struct record *r)
{
	int status = r->topic || r->header_count || r->timestamp || r->partition != RD_KAFKA_PARTITION_UA
			     ? sender_put(&t->sender, r)
			     : sender_add(&t->sender, r->key, r->key_len, r->value, r->value_len);
	if (status || kept->at - kept->passed < PASS_BYTES)
		return status;
	status = sender_flush_batch(&t->sender); /* which has borrowed records */
	kept_passed(kept);
	return status;
}

/* Hand all records over, and wait until they are acknowledged: 0 or an exit status. */
static int send_all(struct txn *t, struct kept_records *kept, struct strbuf *err)
{
	struct record r;
	int status = 0;
	int code = kept_begin(kept);
	t->before = t->sender.accepted;
	if (code < 0) {
		strbuf_addf(err, "cannot read the records again: %s", diag_strerror(code));
		return (int)diag_status(code);
	}
	while (!status && kept_next(kept, &r)) {
		status = numset_has(&t->cuts, kept->nr) ? sender_await(&t->sender) : 0;
		status = status ? status : send_next(t, kept, &r);
	}
	return status ? status : sender_await(&t->sender);
}

static rd_kafka_error_t *call_library(struct txn *t, enum txn_action action, const struct txn_commit *commit)
{
	rd_kafka_t *rk = t->sender.client.rk;
	switch (action) {
	case TXN_OPEN:
		return rd_kafka_init_transactions(rk, t->sender.timeout_ms);
	case TXN_BEGIN:
		return rd_kafka_begin_transaction(rk);
	case TXN_OFFSETS:
		return rd_kafka_send_offsets_to_transaction(rk, commit->offsets, t->member, t->sender.timeout_ms);
	case TXN_COMMIT:
		return rd_kafka_commit_transaction(rk, t->sender.timeout_ms);
	default:
		return rd_kafka_abort_transaction(rk, t->sender.timeout_ms);
	}
}

static void kill_point_before(enum txn_action action)
{
	if (action == TXN_BEGIN)
		KILL_POINT("before-begin");
	else if (action == TXN_SEND)
		KILL_POINT("txn-begun");
	else if (action == TXN_OFFSETS)
		KILL_POINT("txn-sent");
	else if (action == TXN_COMMIT)
		KILL_POINT("txn-offsets");
	else if (action == TXN_ABORT)
		KILL_POINT("txn-abort");
}

/*
 * Records were not sent: whether the same commit may be tried again.  After a refusal librdkafka goes on with the
 * sequence numbers behind the record that is not there, the broker refuses that, and only the next abort begins a new
 * epoch.
 */
static bool may_be_tried_again(const struct txn *t, const struct txn_commit *commit)
{
	return commit->refuse && (sender_is_refused(&t->sender) || (t->gaps && sender_is_purged(&t->sender)));
}

/* Make the call ACTION; the event that it leads to.  The first failure of a commit is described in ERR. */
static enum txn_event make_call(struct txn *t, enum txn_action action, const struct txn_commit *commit,
	enum txn_failure *ret_failure, struct strbuf *err)
{
	kill_point_before(action);
	*ret_failure = TXN_UNSENT;
	if (action == TXN_SEND) {
		if (!send_all(t, commit->kept, err))
			return TXN_DONE;
		*ret_failure = may_be_tried_again(t, commit) ? TXN_REJECTED : TXN_UNSENT;
		if (*ret_failure == TXN_REJECTED)
			sender_purge(&t->sender);
		return TXN_FAILED;
	}
	rd_kafka_error_t *error = call_library(t, action, commit);
	if (!error)
		return TXN_DONE;
	*ret_failure = kind_of(error);
	t->reason = rd_kafka_error_code(error);
	if (*ret_failure == TXN_RETRY)
		nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
	else if (!err->len)
		strbuf_addstr(err, rd_kafka_error_string(error));
	rd_kafka_error_destroy(error);
	return TXN_FAILED;
}

struct place_in {
	const struct txn *t;
	const struct kept_records *kept;
};

static void where(const void *self, uint64_t record, struct strbuf *text)
{
	const struct place_in *in = self;
	const struct sink_place place = sink_places_find(&in->kept->places, kept_nth(in->kept, record - in->t->before));
	sink_place_add(text, &place);
}

/* What the end HOW means to the sink driver; ERR has the library's words, or nothing yet. */
static int finish(struct txn *t, const struct txn_commit *commit, enum txn_end how, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	const struct place_in in = {t, commit ? commit->kept : NULL};
	if (how == TXN_GOOD || how == TXN_AGAIN)
		return 0;
	if (how == TXN_MESSAGES && !err->len)
		return sender_finish(&t->sender, where, &in);
	const char *retried = t->reason ? rd_kafka_err2str(t->reason) : "it cannot begin now";
	strbuf_addf(&why, "the transaction '%s': %s", t->id.s, err->len ? err->s : retried);
	strbuf_clear(err);
	strbuf_addstr(err, why.s);
	strbuf_release(&why);
	if (how == TXN_STALE)
		strbuf_addstr(err, "; another run has the partitions");
	return how == TXN_STALE ? -ESTALE : how == TXN_UNKNOWN ? SINK_UNKNOWN : how == TXN_CONFIG ? -EPERM : -EAGAIN;
}

/* EVENT has happened: make all calls that follow from it. */
static int run(struct txn *t, enum txn_event event, const struct txn_commit *commit, struct strbuf *err)
{
	int64_t deadline = clock_ms() + t->sender.timeout_ms;
	enum txn_failure failure = TXN_BROKEN;
	enum txn_action action;
	t->reason = RD_KAFKA_RESP_ERR_NO_ERROR;
	while ((action = txn_step(&t->core, event, failure, clock_ms() >= deadline)) != TXN_END)
		event = make_call(t, action, commit, &failure, err);
	if (t->core.end == TXN_GOOD && commit)
		KILL_POINT("txn-committed");
	return finish(t, commit, t->core.end, err);
}

/* --- from the sink ------------------------------------------------------------------------------------------------ */

static void forget(struct txn *t)
{
	if (t->member)
		rd_kafka_consumer_group_metadata_destroy(t->member);
	sender_release(&t->sender);
	strbuf_release(&t->id);
	numset_clear(&t->cuts);
	t->member = NULL;
	t->sender = (struct sender){0};
}

int txn_open(struct txn *t, const struct sender_setup *setup, const char *group, const struct mark_ranges *ranges,
	struct strbuf *err)
{
	forget(t);
	txn_add_id(&t->id, group, setup->topic, ranges);
	t->setup = *setup;
	t->setup.transaction = t->id.s;
	int status = sender_init(&t->sender, &t->setup);
	return status ? status : run(t, TXN_ASKED, NULL, err);
}

int txn_resume(struct txn *t, const char *member, size_t len, struct strbuf *err)
{
	rd_kafka_consumer_group_metadata_t *m;
	if (membership_read(member, len, &m) < 0) {
		strbuf_addstr(err, "the membership of the group in the mark R is not understood; source and sink must "
				   "use the same library");
		return -EBADMSG;
	}
	if (t->member)
		rd_kafka_consumer_group_metadata_destroy(t->member);
	t->member = m;
	(void)txn_step(&t->core, TXN_RESUMED, TXN_BROKEN, false);
	return 0;
}

/* Leave out record NR, unless it is a dead letter, for which there is no other place. */
static int leave_out(struct txn *t, const struct txn_commit *commit, uint64_t nr, struct strbuf *err)
{
	struct record r = {0};
	struct strbuf why = STRBUF_INIT;
	int status = kept_begin(commit->kept);
	if (status < 0) {
		strbuf_addf(err, "cannot read the records again: %s", diag_strerror(status));
		return status;
	}
	bool there = true;
	do
		there = kept_next(commit->kept, &r);
	while (there && commit->kept->nr < nr);
	if (r.topic)
		return finish(t, commit, TXN_MESSAGES, err);
	strbuf_addf(&why, "the brokers refuse it: %s", rd_kafka_err2str(t->sender.first.err));
	status = commit->refuse(commit->arg, nr, why.s);
	numset_add(&commit->kept->left_out, nr);
	strbuf_release(&why);
	return status;
}

/*
 * The brokers have refused a record, but they speak of a batch, in which it was with others.  Leave it out, or, when it
 * is not known which one is meant, let the next try send each half of those that may be meant by itself.
 */
static int narrow(struct txn *t, const struct txn_commit *commit, struct strbuf *err)
{
	const struct sender_failure *f = &t->sender.first;
	const uint64_t low = kept_nth(commit->kept, f->record - t->before);
	const uint64_t high = kept_nth(commit->kept, f->last - t->before);
	int status = 0;
	const bool refused = sender_is_refused(&t->sender);
	t->gaps = refused ? PURGES_MAX : t->gaps - 1;
	if (refused && low < high) {
		numset_add(&t->cuts, low);
		numset_add(&t->cuts, low + (high - low + 1) / 2);
		numset_add(&t->cuts, high + 1);
	} else if (refused) {
		status = leave_out(t, commit, low, err);
	}
	sender_again(&t->sender);
	return status;
}

int txn_commit(struct txn *t, const struct txn_commit *commit, struct strbuf *err)
{
	struct patience patience = {0};
	int r;
	numset_clear(&t->cuts);
	t->gaps = 0;
	patience_begin(&patience, clock_ms());
	do {
		r = run(t, commit->kept->count > commit->kept->left_out.count ? TXN_DUE : TXN_DUE_OFFSETS, commit, err);
		if (t->core.end != TXN_AGAIN)
			return r;
		if (patience_ask(&patience, -1, clock_ms()) == PATIENCE_TELL)
			warn("the brokers refuse records: the transaction is tried again without them");
		r = narrow(t, commit, err);
	} while (r == 0);
	return r;
}

void txn_release(struct txn *t)
{
	forget(t);
}
