/* What the shell keeps of a partition: see partition.h. */
#include "partition.h"

#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/kafka/identity.h"

struct partition *partition_of(struct cursor *c)
{
	struct partition *p = c->user;
	if (p)
		return p;
	p = xcalloc(1, sizeof *p);
	strbuf_init(&p->prefix);
	return c->user = p;
}

void partition_free(struct cursor *c)
{
	struct partition *p = c->user;
	if (!p)
		return;
	if (p->newest)
		rd_kafka_message_destroy(p->newest);
	strbuf_release(&p->prefix);
	free(p->table);
	free(p);
	c->user = NULL;
}

struct identity partition_identity(const rd_kafka_message_t *m)
{
	return (struct identity){.known = true, .offset = m->offset, .ms = message_ms(m), .crc = message_crc(m)};
}
