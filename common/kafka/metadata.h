/*
 * A record whose value is a JSON object, with Kafka's metadata as the first members of that object (weir-consume(1),
 * --envelope):
 *
 *     {"_topic":"t","_partition":0,"_offset":5,"_timestamp":"2026-11-22T10:00:00.250Z","_key":null,
 *      "_headers":[{"name":"a","value":"1"}],"amount":7}                              (one line, no blanks)
 *
 * Layer: kafka (uses data, record, part).  Every member has one type in all records, so that each can be a column: the
 * timestamp is a string or null, the key is a string (except with RECORD_JSON) or null, and headers are a list, perhaps
 * empty.
 */
#ifndef WEIR_KAFKA_METADATA_H
#define WEIR_KAFKA_METADATA_H

#include "common/base/strbuf.h"
#include "common/kafka/record.h"

/* The names of these members; the object itself must not have members of these names. */
#define METADATA_NAMES 6
extern const char *const metadata_names[METADATA_NAMES];

/*
 * NULL, or the reason why R cannot be written in this form ("the key is not UTF-8"), with advice for the user; static.
 */
const char *metadata_refuses(const struct record *r);

/* The beginning of every record of a partition, up to the offset; it is made only once. */
void metadata_prefix(struct strbuf *out, const char *topic, int32_t partition);

/* This many bytes suffice for metadata_write(). */
size_t metadata_size(size_t prefix_len, const struct record *r);

/*
 * Write R, which must not be one that is refused, after its partition's PREFIX at P, without delimiter; returns where
 * it ends.  Its value must be an object, of RECORD_JSON or RECORD_COPY, without white space around it; if the value is
 * absent, only the metadata are written.
 */
char *metadata_write(char *p, const char *prefix, size_t prefix_len, const struct record *r);

#endif
