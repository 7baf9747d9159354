/*
 * Writes a record as bytes.
 */
#ifndef WEIR_CONSUME_ENCODE_H
#define WEIR_CONSUME_ENCODE_H

#include <librdkafka/rdkafka.h>

#include "common/kafka/format.h"
#include "common/stream/cursors.h"
#include "common/stream/output.h"

enum encoding { ENCODE_RAW, ENCODE_JSON, ENCODE_FORMAT };

struct encoder {
	enum encoding encoding;
	struct frame frame;
	struct format format; /* of ENCODE_FORMAT */
	bool marked;          /* records must be distinguishable from marks */
	bool plain;           /* a plain stream may begin with any byte */
};

/*
 * Append M, a record of C, to OUT.  PREFIX is kept for C between calls, empty at first.
 * Returns 0, or -EBADMSG with the reason in *ret_why (static); then nothing was appended.
 */
int encode_record(struct encoder *e, const struct cursor *c, struct strbuf *prefix, const rd_kafka_message_t *m,
	struct output *out, const char **ret_why) MUST_CHECK;

#endif
