/*
 * Writes a record as bytes.
 */
#ifndef WEIR_CONSUME_ENCODE_H
#define WEIR_CONSUME_ENCODE_H

#include <librdkafka/rdkafka.h>

#include "common/kafka/format.h"
#include "json_part.h"
#include "common/stream/cursors.h"
#include "common/stream/output.h"

enum encoding { ENCODE_RAW, ENCODE_JSON, ENCODE_ENVELOPE, ENCODE_FORMAT };

struct encoder {
	enum encoding encoding;
	struct frame frame;
	struct format format;                  /* of ENCODE_FORMAT */
	enum record_form key_form, value_form; /* not for ENCODE_FORMAT; for ENCODE_RAW only that of the value */
	struct json_part key, value;           /* of RECORD_JSON */
	struct strbuf why;                     /* the reason for the last -EBADMSG */
	bool marked;                           /* records must be distinguishable from marks */
	bool plain;                            /* a plain stream may begin with any byte */
};

/* Prepare E, whose encoding, frame and forms are set; encode_release() frees what it owns, the format included. */
void encode_init(struct encoder *e);
void encode_release(struct encoder *e);

/*
 * Append M, a record of C, to OUT.  PREFIX belongs to C, and must be kept between calls; it is empty at first.  Returns
 * 0, or -EBADMSG with the reason in E->why; then nothing was appended.
 */
int encode_record(struct encoder *e, const struct cursor *c, struct strbuf *prefix, const rd_kafka_message_t *m,
	struct output *out) MUST_CHECK;

/*
 * Append M, a record of C, to OUT as a JSON object with all its bytes (envelope.h), which is possible for any record.
 */
void encode_whole(const struct cursor *c, const rd_kafka_message_t *m, struct strbuf *out);

#endif
