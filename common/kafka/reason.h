/*
 * Translates librdkafka's reports of trouble with a broker into plain English.
 *
 * Layer: kafka (uses base).  librdkafka's texts are written for its log: `ssl://h:9093/bootstrap: Connect to
 * ipv4#127.0.0.1:9093 failed: Connection refused (after 0ms in state CONNECT, 1 identical error(s) suppressed)`.  Some
 * of them also hide the cause, for example a broker without TLS behind `unexpected eof while reading`.
 */
#ifndef WEIR_KAFKA_REASON_H
#define WEIR_KAFKA_REASON_H

#include <stdbool.h>

#include "common/base/strbuf.h"

/* Append to TEXT the meaning of REASON, the text of an error event: `h:9093: connection refused`. */
void reason_plain(const char *reason, struct strbuf *text);

/*
 * Whether REASON is a TLS alert by which the broker refuses this client (no certificate, one that it does not accept,
 * no common version or cipher).  With TLS 1.3 the alert comes after the handshake, and librdkafka reports a broken
 * connection.
 */
bool reason_is_tls_refusal(const char *reason);

/* Append TIMEOUT_MS as a user writes it: `30s`, `1500ms`. */
void reason_add_duration(struct strbuf *text, long long timeout_ms);

#endif
