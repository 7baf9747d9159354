/* What the shell keeps of a partition, in addition to its cursor. */
#ifndef WEIR_CONSUME_PARTITION_H
#define WEIR_CONSUME_PARTITION_H

#include <librdkafka/rdkafka.h>

#include "common/base/strbuf.h"
#include "common/stream/cursors.h"

struct partition {
	struct strbuf prefix;       /* the beginning of its JSON records; empty until needed */
	rd_kafka_message_t *newest; /* the last record, until its identity is noted; owned, NULL: none */
	bool heard;                 /* something of it has arrived since it was assigned */
	bool missing;               /* its next record is gone */
	/* the table to which the group's position belongs, by its metadata; owned; NULL: none */
	char *table;
};

/* The struct of C, created if necessary; call partition_free() before the cursors are released. */
struct partition *partition_of(struct cursor *c);
void partition_free(struct cursor *c);

/* The identity of M, which distinguishes it from other records at the same offset. */
struct identity partition_identity(const rd_kafka_message_t *m);

#endif
