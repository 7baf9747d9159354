/*
 * Transactions: a producer of its own for the partitions that the source reads, and the calls that txn_core.h decides.
 *
 * Functions return 0, -errno with the reason in ERR, or an exit status above 0 after they have printed a message.
 */
#ifndef WEIR_PRODUCE_TXN_H
#define WEIR_PRODUCE_TXN_H

#include "cmd/produce/kept.h"
#include "cmd/produce/sender.h"
#include "cmd/produce/txn_core.h"

struct txn { /* zeroed at first */
	struct txn_core core;
	struct sender_setup setup;
	struct sender sender;
	struct strbuf id; /* the transactional id */
	rd_kafka_consumer_group_metadata_t *member;
	uint64_t before;    /* records that the producer had sent when the transaction began */
	struct numset cuts; /* numbers of kept records: before each of them, all that were sent are waited for */
	unsigned gaps;      /* tries that may yet be purged, since a refusal has left a gap in the sequence numbers */
	rd_kafka_resp_err_t reason; /* why a call has failed, which may have been repeated in vain */
};

/* What a commit consists of. */
struct txn_commit {
	struct kept_records *kept;
	const rd_kafka_topic_partition_list_t *offsets;
	/*
	 * The brokers refuse the record that KEPT has just read, which is NR, for the reason WHY: leave it out, and
	 * return 0; or what the commit is to return.  NULL: none is left out.
	 */
	int (*refuse)(void *arg, uint64_t nr, const char *why);
	void *arg;
};

/* Append the transactional id of a reader of RANGES in GROUP, which writes to TOPIC. */
void txn_add_id(struct strbuf *id, const char *group, const char *topic, const struct mark_ranges *ranges);

/*
 * Open a producer with that id, which ends the last transaction of it, whoever began it.  SETUP stays valid as long as
 * T; its `transaction` is set here.
 */
int txn_open(struct txn *t, const struct sender_setup *setup, const char *group, const struct mark_ranges *ranges,
	struct strbuf *err) MUST_CHECK;

/* The R of the source names the membership for which offsets are committed: LEN characters (membership.h). */
int txn_resume(struct txn *t, const char *member, size_t len, struct strbuf *err) MUST_CHECK;

/*
 * Commit records and offsets in one transaction; if the brokers refuse a record, in another one without it.  -ESTALE:
 * another run has the partitions; SINK_UNKNOWN; -EAGAIN.
 */
int txn_commit(struct txn *t, const struct txn_commit *commit, struct strbuf *err) MUST_CHECK;

void txn_release(struct txn *t);

#endif
