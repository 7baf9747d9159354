/*
 * What the shell keeps of a partition, beside its cursor.
 */
#ifndef WEIR_CONSUME_PARTITION_H
#define WEIR_CONSUME_PARTITION_H

#include <librdkafka/rdkafka.h>

#include "common/base/strbuf.h"
#include "common/stream/cursors.h"

struct partition {
	struct strbuf prefix;       /* of JSON records; empty until needed */
	rd_kafka_message_t *newest; /* the last record, until its identity is taken down; owned, NULL: none */
	bool heard;                 /* something came of it since it was assigned */
	bool missing;               /* its next record is gone */
	char *table;                /* that the group's position belongs to, by its metadata; owned, NULL: none */
};

/* That of C, made when there is none; freed by partition_free() before the cursors are released. */
struct partition *partition_of(struct cursor *c);
void partition_free(struct cursor *c);

/* What tells M from another record at the same offset. */
struct identity partition_identity(const rd_kafka_message_t *m);

#endif
