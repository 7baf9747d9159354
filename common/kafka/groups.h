/*
 * Consumer groups: which there are and where they stand.  Who is in them: members.h.
 *
 * Layer: kafka (uses base, conf, client).  One thread.  Many groups are asked for at a time, and what is wrong with one
 * of them is kept there (`err`) and never fails the others.  Deadlines are in clock_ms().
 */
#ifndef WEIR_KAFKA_GROUPS_H
#define WEIR_KAFKA_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/kafka/client.h"
#include "common/kafka/offsets.h"

/* A group's position in a partition. */
struct group_part {
	char *topic; /* owned */
	int32_t partition;
	int64_t committed; /* the next offset that the group reads; -1: none */
	char *member;      /* id of the member that reads the partition, owned; NULL: none, or not known */
	rd_kafka_resp_err_t err;
};

enum group_state {
	GROUP_UNKNOWN, /* not known: not asked, no answer in time, or the broker does not tell */
	GROUP_DEAD,    /* no group of the classic protocol has this name */
	GROUP_EMPTY,   /* no members */
	GROUP_ACTIVE,
	GROUP_OTHER, /* there is one of this name, but it is no consumer group: a share group, say */
};

/* A group; its parts are in the order of topic (by bytes) and partition, each once. */
struct group {
	char *name; /* owned */
	struct group_part *parts;
	size_t count, cap;
	size_t members;
	enum group_state state;
	char *near;              /* GROUP_DEAD: a group that is there and has nearly this name, owned; NULL: none */
	rd_kafka_resp_err_t err; /* why its positions are not known */
};

/* Groups in the order of their names, each once.  A zeroed one is empty.  It lasts as long as the program. */
struct group_list {
	struct group *items;
	size_t count;
};

/* The group of that name, NULL when it is not in LIST; valid until the next one is added. */
struct group *group_list_find(const struct group_list *list, const char *name);

/* Add a group without parts; nothing happens when NAME is there already. */
void group_list_add(struct group_list *list, const char *name);

/* The group's part for PARTITION of TOPIC, added without a position when there is none; valid until the next one is. */
struct group_part *group_part(struct group *group, const char *topic, int32_t partition);

/* Remove the parts whose topic is not among TOPICS (NULL at the end). */
void group_keep_topics(struct group *group, char *const *topics);

/*
 * Add all groups that the brokers know.
 *
 * Returns 0, or an error for kafka_status() with a whole message in ERR; the groups of the brokers that did answer are
 * in LIST all the same.
 */
rd_kafka_resp_err_t group_list_load(
	struct group_list *list, struct kafka_client *client, int64_t deadline, struct strbuf *err) MUST_CHECK;

/*
 * Look whether the groups of LIST that are GROUP_DEAD are there as something else: those become GROUP_OTHER.  Of the
 * others it is found out which groups have nearly their names.  Asks for all groups of the cluster when there is one to
 * look for; without an answer nothing changes.
 */
void group_list_find_others(struct group_list *list, struct kafka_client *client, int64_t deadline);

/*
 * Read the positions of the groups of LIST that have no part yet: all that a group has, or when LOGS
 * is given, those in its partitions, which also brokers answer that can not list them.
 */
void group_list_read_positions(
	struct group_list *list, struct kafka_client *client, const struct log_list *logs, int64_t deadline);

/*
 * Read where GROUP stands in the partitions of LIST, for a reader of fixed partitions: offsets
 * (RD_KAFKA_OFFSET_INVALID: none) and metadata are set.  Other than rd_kafka_committed() it tells why when it is not
 * allowed to.
 *
 * Returns 0, or an error for kafka_status() with a whole message in ERR; LIST then may be half filled.
 */
rd_kafka_resp_err_t group_read_committed(struct kafka_client *client, const char *group,
	rd_kafka_topic_partition_list_t *list, int64_t deadline, struct strbuf *err) MUST_CHECK;

/*
 * Append what to do about ERR, which joining or using GROUP came to, as `: words`; nothing when there is nothing to say
 * beyond the error itself.
 */
void group_hint(rd_kafka_resp_err_t err, const char *group, struct strbuf *text);

/* Options of an admin call that may take TIMEOUT_MS; the caller destroys them. */
rd_kafka_AdminOptions_t *groups_options(rd_kafka_t *rk, rd_kafka_admin_op_t op, int timeout_ms);

#endif
