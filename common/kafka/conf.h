/*
 * Where the brokers are and how to talk to them: combines the options that every Kafka program has, the environment and
 * the configuration files into one librdkafka configuration.
 *
 * Layer: kafka (uses base).  Sources, later ones win: weir's own defaults, then the program's; the section [kafka] of
 * the configuration (common/base/config.h); the environment (WEIR_BROKERS, and WEIR_KAFKA_SASL_PASSWORD for
 * `sasl.password` and so on, except what Kubernetes sets for a service weir-kafka); files (-F) in order; -b; -X in
 * order.  Messages contain names of properties, never values, so that no
 * secret gets into a log; with a property that is one, or names a key, guard_memory() is called.  librdkafka's own log
 * lines go to debug() (diag_log.h) or, when the property `debug` is set, to warn().
 */
#ifndef WEIR_KAFKA_CONF_H
#define WEIR_KAFKA_CONF_H

#include <librdkafka/rdkafka.h>

#include "common/base/opt.h"

struct kafka_opts {
	const char *brokers;         /* HOST:PORT,...; NULL: not given */
	struct opt_list properties;  /* KEY=VALUE each */
	const char *const *defaults; /* KEY=VALUE each, then NULL: the program's own, set first; may be NULL */
};

/* clang-format off */
/* Options of other tools; these rows follow the program's own hints in struct opt_spec. */
#define KAFKA_HINTS \
	{ "-t", "topics are operands, as in `weir consume clicks`" }, \
	{ "--topic", "topics are operands, as in `weir consume clicks`" }, \
	{ "--topics", "topics are operands, as in `weir consume clicks`" }, \
	{ "-B", "the brokers are -b HOST:PORT" }, \
	{ "--broker", "the brokers are -b HOST:PORT" }, \
	{ "--broker-list", "the brokers are -b HOST:PORT" }, \
	{ "--brokers-list", "the brokers are -b HOST:PORT" }, \
	{ "--bootstrap", "the brokers are -b HOST:PORT" }, \
	{ "--bootstrap-server", "the brokers are -b HOST:PORT" }, \
	{ "--bootstrap-servers", "the brokers are -b HOST:PORT" }, \
	{ "-c", "a file of properties is -F FILE" }, \
	{ "--command-config", "a file of properties is -F FILE" }, \
	{ "--consumer.config", "a file of properties is -F FILE" }, \
	{ "--producer.config", "a file of properties is -F FILE" }, \
	{ "--consumer-config", "a file of properties is -F FILE" }, \
	{ "--producer-config", "a file of properties is -F FILE" }, \
	{ "--consumer-property", "a property is -X KEY=VALUE" }, \
	{ "--producer-property", "a property is -X KEY=VALUE" }, \
	{ "--set", "a property is -X KEY=VALUE" }, \
	{ "-d", "-X debug=broker shows what librdkafka does" }, \
	{ "--debug", "-X debug=broker shows what librdkafka does" }, \
	{ "-C", "`weir consume` reads, `weir produce` writes" }, \
	{ "-P", "`weir consume` reads, `weir produce` writes" }, \
	{ "-o", "`weir consume --from` says where to begin: start, end, N, -N or @TIME" }, \
	{ "--offset", "`weir consume --from` says where to begin: start, end, N, -N or @TIME" }, \
	{ "--offsets", "`weir consume --from` says where to begin: start, end, N, -N or @TIME" }, \
	{ "-e", "`weir consume --to end` ends at the end" }, \
	{ "--exit", "`weir consume --to end` ends at the end" }, \
	{ "--from-beginning", "`weir consume` begins at the start by itself" }, \
	{ "-L", "`weir topics` lists topics" }, \
	{ "-Q", "`weir consume --from @TIME` begins at a time" }, \
	{ "-G", "the group is `weir consume -g GROUP`, and topics are operands" }, \
	{ "--consumer-group", "the group is `weir consume -g GROUP`, and topics are operands" }, \
	{ "--partition", "`weir consume -p LIST` reads these only" }, \
	{ "--partitions", "`weir consume -p LIST` reads these only" }, \
	{ "--list", "`weir topics` lists topics, `weir lag --all-groups` groups" }, \
	{ "--describe", "`weir topics` describes topics, `weir lag -g GROUP` a group" }, \
	{ "--all-topics", "`weir topics` lists all topics, and consume '^' reads all" }, \
	{ "--create", "topics are created by Kafka's own kafka-topics" }, \
	{ "--delete", "topics are deleted by Kafka's own kafka-topics" }, \
	{ "--reset-offsets", "`weir consume --reset --from` moves the offsets of a group, `weir lake-check --set-position` a table" }, \
	{ "--sasl-mechanism", "-X sasl.mechanism=, or a file of properties: -F FILE" }, \
	{ "--security-protocol", "-X security.protocol=, or a file of properties: -F FILE" }, \
	{ "--user", "-X sasl.username= and sasl.password=, or a file of properties: -F FILE" }, \
	{ "--username", "-X sasl.username= and sasl.password=, or a file of properties: -F FILE" }, \
	{ "--password", "-X sasl.username= and sasl.password=, or a file of properties: -F FILE" }, \
	{ "--tls-enabled", "-X security.protocol=ssl, or a file of properties: -F FILE" }, \
	{ "--tls", "-X security.protocol=ssl, or a file of properties: -F FILE" }, \
	{ "--ssl", "-X security.protocol=ssl, or a file of properties: -F FILE" }, \
	{ "--sasl", "-X security.protocol=sasl_ssl, or a file of properties: -F FILE" }, \
	{ "--timeout-ms", "--timeout DURATION, as 10s" }, \
	{ "-m", "--timeout DURATION, as 10s" }

/* The rows of the option table, with struct kafka_opts k: KAFKA_OPTIONS(&k). */
#define KAFKA_OPTIONS(k)                                                                           \
	{ .key = 'b', .name = "brokers", .type = OPT_STRING, .dest = &(k)->brokers,                \
	  .arg = "BROKERS", .help = "bootstrap brokers, HOST:PORT,...; else WEIR_BROKERS" },            \
	{ .key = 'X', .name = "property", .type = OPT_LIST, .dest = &(k)->properties,              \
	  .arg = "KEY=VALUE", .help = "set a property of librdkafka" }
/* --timeout into *(ms), an int64_t; a day at most. */
#define KAFKA_TIMEOUT_OPTION(ms, text)                                                             \
	{ .name = "timeout", .type = OPT_DURATION, .dest = (ms), .arg = "DURATION", .min = 1,      \
	  .max = 86400000, .help = (text) }
/* --format of programs that print rows about topics and groups, into *(choice), an int; CHOICES begin with table. */
#define KAFKA_FORMAT_OPTION(choice, choices)                                                       \
	{ .name = "format", .type = OPT_CHOICE, .dest = (choice), .arg = (choices),                \
	  .help = "output format, table by default" }
/* clang-format on */

void kafka_opts_release(struct kafka_opts *k);

/* Whether the command line says anything about Kafka: brokers, a property, or a file of -F with some. */
bool kafka_opts_given(const struct kafka_opts *k);

/*
 * Make a new configuration from all sources.
 *
 * Returns 0 and sets *ret_conf, which the caller owns (rd_kafka_conf_destroy(), or rd_kafka_new() takes it); or
 *   -EINVAL        an unknown property, a value out of range, malformed brokers, a line or argument without '=',
 *                  a file for TLS that cannot be opened, OAUTHBEARER without a way to get a token
 *   -EDESTADDRREQ  no broker is named anywhere, or -b is malformed
 *   -errno         of guard_memory()
 * with the reason in ERR.  kafka_conf_status() gives the exit status.
 */
int kafka_conf_new(const struct kafka_opts *k, rd_kafka_conf_t **ret_conf, struct strbuf *err) MUST_CHECK;

/*
 * The exit status of a failure of kafka_conf_new(): EXIT_USAGE for missing brokers and for a malformed -b, else
 * EXIT_CONFIG.
 */
enum exit_status kafka_conf_status(int err);

/*
 * Set one property (chosen by weir itself, or from a file or argument); VALUE NULL: to librdkafka's default.
 *
 * Returns 0, or -EINVAL with the reason, without VALUE, in ERR.
 */
int kafka_conf_set(rd_kafka_conf_t *conf, const char *name, const char *value, struct strbuf *err) MUST_CHECK;

/* Whether CONF still holds librdkafka's default for NAME, so that a program may set it without overriding the user. */
bool kafka_conf_is_default(rd_kafka_conf_t *conf, const char *name);

/*
 * The exit status of a Kafka error: EXIT_CONFIG for what a user must change first (credentials, rights, unknown topics,
 * invalid settings), EXIT_DATA for bad or lost records, EXIT_BUG for misuse of the library, else EXIT_TEMP.
 */
enum exit_status kafka_status(rd_kafka_resp_err_t err);

#endif
