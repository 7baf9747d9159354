/*
 * What can never work in a configuration, found before anybody is asked; part of conf.h.
 *
 * Layer: kafka (uses base).  librdkafka itself passes over brokers that it cannot parse, cuts ports to 16 bits, and
 * names neither file nor reason when it cannot read one.
 */
#ifndef WEIR_KAFKA_CONF_CHECK_H
#define WEIR_KAFKA_CONF_CHECK_H

#include <stdbool.h>

#include <librdkafka/rdkafka.h>

#include "common/base/strbuf.h"

/*
 * Whether LIST is brokers: each HOST:PORT, HOST, [IPV6]:PORT or [IPV6], with commas between and perhaps blanks around;
 * PORT is 1 to 65535.  Returns 0, or -EINVAL with the first that is not, and what to do, in ERR.
 */
int conf_check_brokers(const char *list, struct strbuf *err) MUST_CHECK;

/* NAME names brokers: bootstrap.servers or its other name. */
bool conf_is_brokers(const char *name);

/*
 * NAME, what follows WEIR_KAFKA_ in the environment, is one of the variables that Kubernetes sets for a service called
 * weir-kafka or weir-kafka-…: (…_)SERVICE_HOST, (…_)SERVICE_PORT(_…), (…_)PORT, (…_)PORT_….  No property is called so.
 */
bool conf_is_service_variable(const char *name);

/*
 * Whether CONF as a whole can work: files that TLS needs can be opened, OAUTHBEARER has settings to get a token by.
 * Returns 0, or -EINVAL, with the reason in ERR.
 */
int conf_check_whole(rd_kafka_conf_t *conf, struct strbuf *err) MUST_CHECK;

#endif
