/* A sink commits the positions in the group, in its transactions: see loop.h. */
#include <errno.h>
#include <string.h>

#include "common/kafka/membership.h"
#include "loop.h"

/* Offsets of a transaction that is open must not be taken for the group's: librdkafka asks by this property. */
static bool reads_committed(const struct consume *c)
{
	char level[32] = "";
	size_t size = sizeof level;
	return rd_kafka_conf_get(rd_kafka_conf(c->broker.client.rk), "isolation.level", level, &size) ==
		       RD_KAFKA_CONF_OK &&
	       strcmp(level, "read_committed") == 0;
}

bool in_group_begin(struct consume *c)
{
	const struct ackd *acks = &c->source.sinks.acks;
	if (!ackd_in_group(acks))
		return true;
	if (acks->count > 1)
		consume_fail(c, EXIT_CONFIG,
			"a sink that writes into a topic commits the positions of the group '%s' itself, and cannot "
			"have another sink beside it (--sinks)",
			c->opt->group);
	else if (!reads_committed(c))
		consume_fail(c, EXIT_USAGE,
			"with a sink that writes into a topic, isolation.level can be read_committed only");
	c->in_group = true;
	c->source.policy.commits = false;
	return !c->status;
}

bool in_group_resume(struct consume *c)
{
	if (!c->in_group)
		return true;
	strbuf_clear(&c->member);
	int r = c->broker.member ? membership_add(&c->member, c->broker.client.rk)
				 : membership_add_fixed(&c->member, c->opt->group);
	if (r == -EINVAL)
		consume_fail(c, EXIT_TEMP, "librdkafka does not tell the membership of the group '%s'", c->opt->group);
	c->source.start.member = c->member.s;
	return r == 0;
}
