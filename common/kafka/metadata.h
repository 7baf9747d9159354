/*
 * A record whose value is a JSON object, with what Kafka knows of it as the object's first members (weir-consume(1),
 * --envelope):
 *
 *     {"_topic":"t","_partition":0,"_offset":5,"_timestamp":"2026-11-22T10:00:00.250Z","_key":null,
 *      "_headers":[{"name":"a","value":"1"}],"amount":7}                              (one line, no blanks)
 *
 * Layer: kafka (uses data, record, part).  Every member has one type in all records, so that each can be a column: the
 * timestamp is a string or null, the key a string (but for RECORD_JSON) or null, headers are a list, perhaps empty.
 */
#ifndef WEIR_KAFKA_METADATA_H
#define WEIR_KAFKA_METADATA_H

#include "common/base/strbuf.h"
#include "common/kafka/record.h"

/* The names of the members, which the object must not have itself. */
#define METADATA_NAMES 6
extern const char *const metadata_names[METADATA_NAMES];

/* NULL, or what cannot be written of R in this form: "the key is not UTF-8", with what helps against it; static. */
const char *metadata_refuses(const struct record *r);

/* The beginning of every record of a partition, up to the offset: made once. */
void metadata_prefix(struct strbuf *out, const char *topic, int32_t partition);

/* Bytes that suffice for metadata_write(). */
size_t metadata_size(size_t prefix_len, const struct record *r);

/*
 * Write R, which is not refused, after its partition's PREFIX at P, without delimiter; returns where it ends.  Its
 * value is an object, of RECORD_JSON or RECORD_COPY, without white space around it; of one that is absent the metadata
 * are written alone.
 */
char *metadata_write(char *p, const char *prefix, size_t prefix_len, const struct record *r);

#endif
