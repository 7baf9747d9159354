/*
 * Change events of Debezium: what a record of a topic with changes says about a row.
 *
 * An event is an object with the members op, before and after; or, where the converter writes schemas, one with the
 * member payload, which is such an object.  op is c (created), r (read by a snapshot), u (updated), d (deleted), t (the
 * table was emptied) or m (a message, which is about no row).  A tombstone, which follows a deletion for the sake of
 * compaction, is not an event.
 *
 * Source: Debezium's documentation, "Data change events" of the connectors.
 */
#ifndef WEIR_DB_PUT_UNWRAP_H
#define WEIR_DB_PUT_UNWRAP_H

#include "common/base/strbuf.h"
#include "common/data/members.h"

enum unwrap_op { UNWRAP_PUT, UNWRAP_DELETE, UNWRAP_NOTHING };

/* The images of the row, objects of JSON; slices of the record.  s NULL: the event has none. */
struct unwrap_image {
	const char *s;
	size_t len;
};

struct unwrap_change {
	enum unwrap_op op;
	struct unwrap_image before, after; /* UNWRAP_PUT has an `after`, UNWRAP_DELETE a `before` */
};

/* How many members of the outermost object unwrap_event() looks at. */
enum { UNWRAP_OP, UNWRAP_BEFORE, UNWRAP_AFTER, UNWRAP_PAYLOAD, UNWRAP_MEMBERS };
extern const char *const unwrap_members[UNWRAP_MEMBERS];

struct unwrap {
	struct members payload;
};

/* 0 or -ENOMEM; release U in any case. */
int unwrap_init(struct unwrap *u) MUST_CHECK;
void unwrap_release(struct unwrap *u);

/*
 * The event whose members have VALUES, in the order of unwrap_members.  0, and *RET is valid as long as they are;
 * -EINVAL with the reason in WHY: it is not a change event, or one that cannot be followed.
 */
int unwrap_event(
	struct unwrap *u, const struct value *values, struct unwrap_change *ret, struct strbuf *why) MUST_CHECK;

/* Whether V stands for a value that the source has not written into its event, because it did not change. */
bool unwrap_is_absent(const struct value *v);

#endif
