/*
 * A record as one JSON object with everything that Kafka has about it (weir-consume(1), JSON FORMAT).
 *
 * Layer: kafka (uses data, record, part).
 *     {"topic":"t","partition":0,"offset":5,"timestamp":1700000000000,"timestamp_type":"create",
 *      "key":null,"headers":[["name","value"]],"value":"text"}                        (one line, no blanks)
 * Key and value are written in the forms that the record asks for; with RECORD_TEXT, bytes that are not UTF-8 become
 * {"base64":"…"}. An absent key or value is null; timestamp_type is create, append or null.
 */
#ifndef WEIR_KAFKA_ENVELOPE_H
#define WEIR_KAFKA_ENVELOPE_H

#include "common/base/strbuf.h"
#include "common/kafka/record.h"

/* The beginning of every record of a partition, up to the offset; it is made only once. */
void envelope_prefix(struct strbuf *out, const char *topic, int32_t partition);

/* This many bytes suffice for envelope_write(). */
size_t envelope_size(size_t prefix_len, const struct record *r);

/* Write R's object at P after its partition's PREFIX, no delimiter; returns where it ends. */
char *envelope_write(char *p, const char *prefix, size_t prefix_len, const struct record *r);

#endif
