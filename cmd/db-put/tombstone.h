/*
 * Tombstones: records of `consume --envelope` that have a key and no value, which means that the key is deleted.
 *
 * The key is that of Kafka, and its parts are the columns of --key: an object with members of their names; such an
 * object as the payload of one with a schema, as Kafka Connect writes it; each of them also as text; or, where there is
 * one column, any other value.
 */
#ifndef WEIR_DB_PUT_TOMBSTONE_H
#define WEIR_DB_PUT_TOMBSTONE_H

#include "common/base/strbuf.h"
#include "common/data/members.h"

/* The members that `consume --envelope` adds; the key is the first of them. */
#define ENVELOPE_MEMBERS 6
extern const char *const envelope_members[ENVELOPE_MEMBERS];

/* Whether NAME is one of them. */
bool envelope_has(const char *name, size_t len);

/*
 * Whether the record of M has no other members than those, whose indexes in M are AT.  A record without a key is none.
 */
bool envelope_is_all(const struct members *m, const size_t at[ENVELOPE_MEMBERS]);

struct tombstone {
	struct members key, payload;
	struct value text; /* the key as a value of its own */
	size_t count;
};

/* For COUNT columns called NAMES, which are borrowed.  0 or -ENOMEM; release T in any case. */
int tombstone_init(struct tombstone *t, const char *const *names, size_t count) MUST_CHECK;
void tombstone_release(struct tombstone *t);

/*
 * The values of the columns in KEY, the member _key of a record; *RET is valid as long as that is, until the next call.
 * 0 or -EINVAL with the reason in WHY.
 */
int tombstone_key(
	struct tombstone *t, const struct value *key, const struct value **ret, struct strbuf *why) MUST_CHECK;

#endif
