/*
 * What marks tell about each partition: the members off, r, last, cut of B and was, start, parts, cut of R, ask of Q
 * (weir-stream(7)).
 *
 * Layer: stream (uses base, cut, mark; jansson).  Written by consume, read by sinks.
 */
#ifndef WEIR_STREAM_MARK_OFFSETS_H
#define WEIR_STREAM_MARK_OFFSETS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/stream/cut.h"
#include "common/stream/mark.h"

#define RANGE_NONE (-1) /* no position */

struct mark_range {
	char *topic;
	int32_t partition;
	int64_t from, to;  /* B: offsets [from,to) of the batch; `to` is after control records */
	uint64_t records;  /* B: how many records were read, including those that were left out */
	bool has_last;     /* B: there is a last record, of this batch or of an earlier one of the run */
	int64_t last_ms;   /* its timestamp, -1 when it has none */
	uint32_t last_crc; /* CRC-32 of its key followed by its value */
	int64_t last_offset;
	int64_t was;         /* R: what the sink answered to Q, or RANGE_NONE */
	bool held;           /* B, R: a sink holds positions of it, or can */
	struct cut cut;      /* B: the cut of `to`; R: the cut of `was` */
	int64_t start;       /* R: where reading goes on, or RANGE_NONE */
	int64_t end;         /* R: where the run ends (only written), or RANGE_NONE */
	int32_t topic_parts; /* R: how many partitions its topic had when the group began, or RANGE_NONE: not said */
};

struct mark_ranges {
	struct mark_range *items; /* by topic, then partition; each owns its topic */
	size_t count;
};

/* Append S, which is UTF-8, as a string of JSON: a topic or a group may be the name of a file. */
void mark_add_string(struct strbuf *out, const char *s);

/*
 * Append the members of a mark to OUT, between mark_begin() and mark_end().  The COUNT items of PARTS must be sorted by
 * topic, then partition.  B: `,"off":{…},"r":{…},"last":{…},"cut":{…}`; Q: `,"ask":{topic:[partition,…]}`; R:
 * `,"was":{…},"start":{…},"cut":{…},"parts":{topic:N},"end":{…}`, `cut` has the partitions that are held; `parts` has
 * the topics, and `end` the partitions, for which the number is known; each of the three is left out when it would be
 * empty.  All items of a topic must have the same topic_parts.
 */
void ranges_add_batch(struct strbuf *out, const struct mark_range *parts, size_t count);
void ranges_add_query(struct strbuf *out, const struct mark_range *parts, size_t count);
void ranges_add_resume(struct strbuf *out, const struct mark_range *parts, size_t count);

/* Append the partition that determines `wm` of a B: `,"slow":{topic:partition}`. */
void ranges_add_slowest(struct strbuf *out, const char *topic, int32_t partition);

/* Append `topic 't', partition 3` to TEXT when MARK names the slowest partition; otherwise return false. */
bool ranges_slowest_text(const struct mark *mark, struct strbuf *text) MUST_CHECK;

/*
 * Append the answer to Q: `,"at":{topic:{partition:was or null}},"last":{…}`, and `,"cut":{…}` and `,"parts":{topic:N}`
 * where they are known.
 */
void ranges_add_answer(struct strbuf *out, const struct mark_range *parts, size_t count);

/*
 * The partitions that MARK (a B, Q or R) names; fields that its kind does not have are RANGE_NONE, 0 or false.
 * Returns 0 and a list for ranges_release(), or -EBADMSG with the reason in ERR.
 */
int ranges_read(const struct mark *mark, struct mark_ranges *ret, struct strbuf *err) MUST_CHECK;
void ranges_release(struct mark_ranges *parts);

/*
 * Turn START, the partitions of the R mark RESUME, into the positions at which the run goes on: `to` is `start`, and
 * `cut` that of `start` (cut_resume()).
 */
void ranges_resume(struct mark_ranges *start, const struct mark *resume);

/* Read one value of `last`, [ms,"crc",offset], into PART's last_ members; false when it is malformed. */
bool ranges_read_last(struct mark_range *part, const json_t *value);

/* The item of TOPIC PARTITION, or NULL. */
struct mark_range *ranges_find(const struct mark_ranges *parts, const char *topic, int32_t partition);

#endif
