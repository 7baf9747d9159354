/*
 * Consumer groups and their positions.  For their members see members.h.
 *
 * Layer: kafka (uses base, conf, client).  One thread.  Many groups are queried at a time; an error of one of them is
 * stored in it (`err`) and does not fail the others.  Deadlines are in clock_ms().
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
	GROUP_UNKNOWN, /* not known: it was not queried, there was no answer in time, or the broker does not tell */
	GROUP_DEAD,    /* no group of the classic protocol has this name */
	GROUP_EMPTY,   /* no members */
	GROUP_ACTIVE,
	GROUP_OTHER, /* it exists, but is not a consumer group: for example, a share group */
};

/* A group; its parts are in the order of topic (by bytes) and partition, each once. */
struct group {
	char *name; /* owned */
	struct group_part *parts;
	size_t count, cap;
	size_t members;
	enum group_state state;
	char *near;              /* GROUP_DEAD: an existing group with a similar name, owned; NULL: none */
	rd_kafka_resp_err_t err; /* the error because of which its positions are not known */
};

/* Groups in the order of their names, each once.  A zeroed list is empty.  It lives as long as the program. */
struct group_list {
	struct group *items;
	size_t count;
};

/* The group of that name, NULL when it is not in LIST; valid until the next one is added. */
struct group *group_list_find(const struct group_list *list, const char *name);

/* Add a group without parts; does nothing when NAME is in the list. */
void group_list_add(struct group_list *list, const char *name);

/*
 * The group's part for PARTITION of TOPIC, created without a position if necessary; valid until the next one is added.
 */
struct group_part *group_part(struct group *group, const char *topic, int32_t partition);

/* Remove the parts whose topic is not among TOPICS (NULL at the end). */
void group_keep_topics(struct group *group, char *const *topics);

/*
 * Add all groups that the brokers know.
 *
 * Returns 0, or an error for kafka_status() with a whole message in ERR; the groups of those brokers that did answer
 * are in LIST in any case.
 */
rd_kafka_resp_err_t group_list_load(
	struct group_list *list, struct kafka_client *client, int64_t deadline, struct strbuf *err) MUST_CHECK;

/*
 * Check whether the GROUP_DEAD groups of LIST exist as another type: those become GROUP_OTHER.  For the others,
 * existing groups with similar names are searched for.  If LIST has such a group, this requests all groups of the
 * cluster; without an answer nothing changes.
 */
void group_list_find_others(struct group_list *list, struct kafka_client *client, int64_t deadline);

/*
 * Make CONF one for a consumer that reads positions.  librdkafka (2.0.2, and by its source 2.15.0) follows a null
 * pointer when the coordinator answers that it has moved, unless the handle is a consumer with a group of its own
 * (rd_kafka_handle_OffsetFetch()).  So that gets GROUP, whichever groups are asked about; it does not join it.
 *
 * Returns 0, or -EINVAL with the reason in ERR.
 */
int group_reader_conf(rd_kafka_conf_t *conf, const char *group, struct strbuf *err) MUST_CHECK;

/*
 * Read the positions, with a CLIENT by group_reader_conf() or of a member, of those groups of LIST that have no part
 * yet.  Without LOGS, all positions of a group; with LOGS, only those in its partitions, which also works with brokers
 * that cannot list positions.
 */
void group_list_read_positions(
	struct group_list *list, struct kafka_client *client, const struct log_list *logs, int64_t deadline);

/*
 * For a reader of fixed partitions: read, with such a CLIENT, GROUP's positions in the partitions of LIST, and set
 * their offsets (RD_KAFKA_OFFSET_INVALID: none) and metadata.  A transaction that may move them is waited for.  Unlike
 * rd_kafka_committed(), it explains an error that forbids reading the positions.  An empty LIST gets all positions that
 * the group has, and nothing is waited for.
 *
 * Returns 0, or an error for kafka_status() with a whole message in ERR; LIST may then be filled in part.
 */
rd_kafka_resp_err_t group_read_committed(struct kafka_client *client, const char *group,
	rd_kafka_topic_partition_list_t *list, int64_t deadline, struct strbuf *err) MUST_CHECK;

/*
 * Append what to do about ERR, an error from joining or using GROUP, as `: text`; nothing when the error itself says
 * everything.
 */
void group_hint(rd_kafka_resp_err_t err, const char *group, struct strbuf *text);

/* Options of an admin call with a limit of TIMEOUT_MS; the caller destroys them. */
rd_kafka_AdminOptions_t *groups_options(rd_kafka_t *rk, rd_kafka_admin_op_t op, int timeout_ms);
/*
 * The limit, the library's longest, of a call that a coordinator answers; the caller's wait ends by itself.  When the
 * library ends one and learns only then which broker the coordinator is, it fails an assertion
 * (rd_kafka_admin_coord_request(), in the same versions).
 */
enum { GROUPS_COORDINATOR_MS = 3600 * 1000 };

#endif
