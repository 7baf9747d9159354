/*
 * Duplicates: what the rules `dedupe` of a program say about a record, and what they remember of those before.
 *
 * Layer: data (uses rules, recent, keys, when, future; checkpoint_file of stream).  Each rule is asked about the record
 * (dedupe_key(), dedupe_is_new()), and all of them remember it only when it is passed on (dedupe_accept()): a record
 * that something else drops or rejects is not the first of its key.
 *
 * The time of a record that has none of its own is `now_ms`: that of the clock, or in a marked stream that of the mark
 * before it (dedupe_see()), the same for all records of a batch, however long the batch takes.
 */
#ifndef WEIR_DATA_DEDUPE_H
#define WEIR_DATA_DEDUPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"
#include "common/data/future.h"
#include "common/data/recent.h"
#include "common/data/rules.h"
#include "common/data/value.h"

/* A rule, with its keys. */
struct dedupe_rule {
	const struct rule *rule; /* borrowed */
	struct recent recent;
	struct time_cache times;
	/* Of the current record. */
	struct recent_key key;
	int64_t at_ms; /* its time */
	bool waits;    /* add the key when the record passes */
	bool ticks;    /* it has no key, but its time advances the clock when it passes */
};

struct dedupe {
	struct dedupe_rule *rules; /* owned */
	size_t count;
	const struct future *future; /* limits times in records; borrowed; NULL: any */
	int64_t now_ms;              /* since the epoch */
	bool live;                   /* each record has a time of its own, from the clock */
	int64_t clock_offset_ms;     /* difference between the time since the epoch and the monotonic clock */
	struct strbuf key;           /* of the current record and rule */
	bool null;                   /* all of its fields so far are null */
};

/* Add RULE, a RULE_DEDUPE, to D, which is zeroed before the first one.  Returns its number, from 0. */
size_t dedupe_add(struct dedupe *d, const struct rule *rule);

/*
 * Begin, after all rules were added, with no keys; MEMORY, in bytes, is for all rules together.  0, or -errno of
 * getrandom(2) with the reason in ERR.
 */
int dedupe_open(struct dedupe *d, uint64_t memory, struct strbuf *err) MUST_CHECK;
void dedupe_release(struct dedupe *d);

/* A mark of a marked stream, with the time END_MS since the epoch, came before the records that follow. */
void dedupe_see(struct dedupe *d, int64_t end_ms);

/* Another record begins. */
void dedupe_begin(struct dedupe *d);

/* Begin with the key of the record, and append V, the value of the next one of the rule's first `key_count` fields. */
void dedupe_key(struct dedupe *d);
void dedupe_key_add(struct dedupe *d, const struct value *v);

/*
 * Whether the record keeps rule NUMBER: no record with this key was passed on within the rule's window, or all fields
 * of the key are null.  TIME is the value of the field that has the record's time; NULL: the rule has no such field.
 * A record with a key whose TIME is neither null nor a time, or is too far ahead, breaks the rule.
 */
bool dedupe_is_new(struct dedupe *d, size_t number, const struct value *time) MUST_CHECK;

/* The record is passed on: remember its keys.  Whoever makes several records of one may say so for each. */
void dedupe_accept(struct dedupe *d);

/* Append what the user should know when keys were dropped before their time, for want of memory; else nothing. */
void dedupe_report(const struct dedupe *d, struct strbuf *out);

/*
 * The state of all rules, as the callbacks of checkpoint.h say.  What dedupe_save() has written begins at S and ends at
 * *RET_END at the latest; if RET_END is NULL, nothing may follow it.  0, or -EBADMSG with the reason in ERR; D can then
 * only be released.
 */
void dedupe_save(struct dedupe *d, bool full, struct checkpoint_out *out);
int dedupe_load(
	struct dedupe *d, bool full, const char *s, size_t len, const char **ret_end, struct strbuf *err) MUST_CHECK;

#endif
