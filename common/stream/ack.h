/*
 * The sink's side of acknowledgements: a sink tells `consume` what it has seen and what is durable (doc/design.md, 3).
 *
 * Layer: stream (uses base, mark, ackdir).  JSON lines over the Unix socket that the S mark names:
 *     {"m":"hello","v":2,"run":"<16 hex>","sink":"lake-put","pid":123,"began":true,"commits":"group","table":"…"}
 * 						    began when the table has positions of the group, of whatever topic;
 * 						    commits when the sink commits the group's positions; table only when
 * 						    there is one
 *     {"m":"at","q":7,"at":{"topic":{"0":1234}},"last":{"topic":{"0":[ms,"crc",1233]}},
 *      "cut":{"topic":{"0":["<16 hex>",17]}},"parts":{"topic":4}}
 * 						    answer to the Q mark of batch number 7; last as in B marks; cut,
 *  where it is known (cut.h); parts as in R marks, of topics that the table knows
 *     {"m":"seen","b":17}                            the mark of batch 17 was read
 *     {"m":"ack","b":17,"table":"…"}                 batch 17 and all before it are durable and published
 * `consume` never writes to the socket; a sink notices the end of `consume` by the end of the stream.
 */
#ifndef WEIR_STREAM_ACK_H
#define WEIR_STREAM_ACK_H

#include <stdint.h>

#include "common/stream/mark.h"

#define ACK_VERSION 2

struct ack {
	int fd; /* -1: not connected */
};

#define ACK_INIT   \
	{          \
		-1 \
	}

/* What hello says. */
struct ack_greeting {
	const char *program;
	const char *table; /* the id of the table that is written, or NULL */
	bool began;        /* it has positions of the stream's group */
	bool in_group;     /* it commits the group's positions itself */
};

/*
 * Connect to the socket that the S mark START names, make sure that it is one of this user's sources (ackdir_check())
 * and that this user answers there (SO_PEERCRED), and say hello.
 *
 * Returns 0, -EBADMSG when START names no socket, -EPERM when it is not a source of this user, or -errno.
 */
int ack_hello(struct ack *ack, const struct mark *start, const struct ack_greeting *greeting) MUST_CHECK;

/*
 * Answer the Q mark of batch BATCH with ANSWER, the members that ranges_add_answer() writes; TABLE is the id of the
 * table that they are from, or NULL; the table may have been created after hello.  0 or -errno.
 */
int ack_at(struct ack *ack, uint64_t batch, const char *answer, const char *table) MUST_CHECK;

/* The mark of BATCH was read.  0 or -errno. */
int ack_seen(struct ack *ack, uint64_t batch) MUST_CHECK;

/*
 * BATCH and all before it are durable and published, in the table with the id TABLE, or NULL.  The id may be new,
 * because the first commit creates the table.  0 or -errno.
 */
int ack_done(struct ack *ack, uint64_t batch, const char *table) MUST_CHECK;

/* Close the connection; ACK may be connected again. */
void ack_release(struct ack *ack);

#endif
