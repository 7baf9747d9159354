/* Failures: see loop.h. */
#include "loop.h"

void consume_fail_client(struct consume *c)
{
	char text[512] = "";
	rd_kafka_resp_err_t err = rd_kafka_fatal_error(c->broker.client.rk, text, sizeof text);
	if (err == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID)
		consume_fail(c, EXIT_CONFIG,
			"another member has joined the group '%s' with the same instance id '%s': %s", c->opt->group,
			c->opt->instance_id ? c->opt->instance_id : "", text);
	else if (err)
		consume_fail(c, kafka_status(err), "%s: %s", rd_kafka_err2str(err), text);
}
