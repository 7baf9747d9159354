/*
 * Checks for configurations that can never work, before any broker is contacted; part of conf.h.
 *
 * Layer: kafka (uses base).  librdkafka itself ignores brokers that it cannot parse, truncates ports to 16 bits, and
 * names neither file nor reason when it cannot read a file.
 */
#ifndef WEIR_KAFKA_CONF_CHECK_H
#define WEIR_KAFKA_CONF_CHECK_H

#include <stdbool.h>

#include <librdkafka/rdkafka.h>

#include "common/base/strbuf.h"

/*
 * Check that LIST is a comma-separated list of brokers: each HOST:PORT, HOST, [IPV6]:PORT or [IPV6], perhaps with
 * blanks around it; PORT is 1 to 65535.  Returns 0, or -EINVAL with the first malformed one, and what to do, in ERR.
 */
int conf_check_brokers(const char *list, struct strbuf *err) MUST_CHECK;

/* Whether NAME is bootstrap.servers or its other name. */
bool conf_is_brokers(const char *name);

/*
 * Check that CONF as a whole can work: files for TLS can be opened, OAUTHBEARER has settings to get a token.
 * Returns 0, or -EINVAL, with the reason in ERR.
 */
int conf_check_whole(rd_kafka_conf_t *conf, struct strbuf *err) MUST_CHECK;

#endif
