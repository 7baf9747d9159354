/* Configuration of Kafka clients: see conf.h. */
#include "common/kafka/conf.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/config.h"
#include "common/base/diag_log.h"
#include "common/base/guard.h"
#include "common/base/hint.h"
#include "common/kafka/conf_check.h"

#define ENV_PREFIX "WEIR_KAFKA_"
#define BLANKS     " \t\r\n\v\f"

extern char **environ;

void kafka_opts_release(struct kafka_opts *k)
{
	opt_list_release(&k->properties);
}

bool kafka_opts_given(const struct kafka_opts *k)
{
	const struct config *c = config_own();
	bool given = k->brokers || k->properties.count;
	for (size_t i = 0; i < c->count && !given; i++)
		given = c->entries[i].given && strcmp(c->entries[i].section, "kafka") == 0;
	return given;
}

/* Properties of the Java clients, which users may have in existing files. */
static const struct hint java[] = {
	{"sasl.jaas.config", "here it is sasl.username and sasl.password"},
	{"ssl.truststore.location", "here it is ssl.ca.location, a file of certificates in PEM"},
	{"ssl.truststore.password", "here there is none: ssl.ca.location names a file of certificates in PEM"},
	{"ssl.truststore.type", "here there is none: ssl.ca.location names a file of certificates in PEM"},
	{"ssl.truststore.certificates", "here it is ssl.ca.pem"},
	{"ssl.keystore.certificate.chain", "here it is ssl.certificate.pem"},
	{"ssl.keystore.key", "here it is ssl.key.pem"},
	{"print.key", "here `weir consume -f '%k\\t%s\\n'` writes keys"},
	{"print.timestamp", "here `weir consume -f '%T\\t%s\\n'` writes times"},
	{"print.headers", "here `weir consume --format json` writes headers"},
	{"key.separator", "here it is a part of the format of `weir consume -f`"},
	{"parse.key", "here `weir produce -K '\\t'` reads keys"},
	{"max.poll.records", "here `weir consume --batch TIME,RECORDS` cuts batches"},
	{"buffer.memory", "here it is queue.buffering.max.kbytes"},
	{"schema.registry.url", "here values are bytes: no registry is asked"},
	{"key.serializer", "here keys are bytes"},
	{"value.serializer", "here values are bytes"},
	{"key.deserializer", "here keys are bytes"},
	{"value.deserializer", "here values are bytes"},
	{0},
};

int kafka_conf_set(rd_kafka_conf_t *conf, const char *name, const char *value, struct strbuf *err)
{
	char text[512] = "";
	rd_kafka_conf_res_t r = rd_kafka_conf_set(conf, name, value, text, sizeof text);
	if (r == RD_KAFKA_CONF_OK)
		return 0;
	if (hint_find(java, name))
		strbuf_addf(err, "\"%s\" is a property of Java's clients: %s", name, hint_find(java, name));
	else if (r == RD_KAFKA_CONF_INVALID && config_is_secret(name)) /* librdkafka quotes the value */
		strbuf_addf(err, "invalid value of the property \"%s\"", name);
	else
		strbuf_addstr(err, text);
	return -EINVAL;
}

/* Set NAME=VALUE; WHERE it was found begins the message. */
static int set_from(rd_kafka_conf_t *conf, const char *name, const char *value, const char *where, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	int r = conf_is_brokers(name) ? conf_check_brokers(value, &text) : 0;
	if (r == 0 && config_is_secret(name) && *value && (r = guard_memory()) < 0)
		strbuf_addf(&text, "the memory with it cannot be guarded: %s", diag_strerror(r));
	if (r == 0)
		r = kafka_conf_set(conf, name, value, &text);
	if (r < 0)
		strbuf_addf(err, "%s: %s", where, text.s);
	strbuf_release(&text);
	return r;
}

/* Split TEXT, which is modified, at its first '=' and set the property, without the blanks around both parts. */
static int set_pair(rd_kafka_conf_t *conf, char *text, const char *where, struct strbuf *err)
{
	char *value = strchr(text, '=');
	if (!value || value == text) {
		strbuf_addf(err, "%s: a property has the form KEY=VALUE", where);
		return -EINVAL;
	}
	size_t n = (size_t)(value - text);
	*value++ = '\0';
	while (n && strchr(BLANKS, text[n - 1]))
		text[--n] = '\0';
	value += strspn(value, BLANKS);
	return set_from(conf, text, value, where, err);
}

/*
 * Set one variable, NAME=VALUE without the prefix; those that Kubernetes sets for a service called weir-kafka are
 * skipped.
 */
static int set_variable(rd_kafka_conf_t *conf, const char *text, struct strbuf *err)
{
	char *name = xstrdup(text), *value = strchr(name, '=');
	struct strbuf where = STRBUF_INIT;
	int r = 0;
	*value++ = '\0';
	if (!config_is_service_variable(name)) {
		strbuf_addf(&where, "environment variable " ENV_PREFIX "%s", name);
		for (char *c = name; *c; c++)
			*c = *c == '_' ? '.' : (char)tolower((unsigned char)*c);
		r = set_from(conf, name, value, where.s, err);
	}
	strbuf_release(&where);
	free(name);
	return r;
}

static int set_environment(rd_kafka_conf_t *conf, struct strbuf *err)
{
	int r = 0;
	for (char **e = environ; *e && !r; e++)
		if (strncmp(*e, ENV_PREFIX, strlen(ENV_PREFIX)) == 0 && strchr(*e, '='))
			r = set_variable(conf, *e + strlen(ENV_PREFIX), err);
	const char *brokers = getenv("WEIR_BROKERS");
	if (!r && brokers && *brokers)
		r = set_from(conf, "bootstrap.servers", brokers, "WEIR_BROKERS", err);
	return r;
}

/* Set what the configuration files say; GIVEN: those of the command line. */
static int set_files(rd_kafka_conf_t *conf, bool given, struct strbuf *err)
{
	const struct config *c = config_own();
	struct strbuf where = STRBUF_INIT;
	int r = 0;
	for (size_t i = 0; i < c->count && !r; i++) {
		const struct config_entry *e = &c->entries[i];
		if (e->given != given || strcmp(e->section, "kafka") != 0)
			continue;
		strbuf_clear(&where);
		strbuf_addf(&where, "%s:%zu", e->path, e->line);
		r = set_from(conf, e->key, e->value, where.s, err);
	}
	strbuf_release(&where);
	return r;
}

static int set_text(rd_kafka_conf_t *conf, const char *text, const char *where, struct strbuf *err)
{
	char *copy = xstrdup(text);
	int r = set_pair(conf, copy, where, err);
	free(copy);
	return r;
}

static void log_by_warn(const rd_kafka_t *rk, int level, const char *fac, const char *buf)
{
	(void)level;
	warn("%s: %s: %s", rd_kafka_name(rk), fac, buf);
}

static void log_by_debug(const rd_kafka_t *rk, int level, const char *fac, const char *buf)
{
	(void)level;
	debug("%s: %s: %s", rd_kafka_name(rk), fac, buf);
}

/* Whether NAME has a value that is not empty. */
static bool is_set(rd_kafka_conf_t *conf, const char *name)
{
	size_t size = 0; /* with the final NUL */
	return rd_kafka_conf_get(conf, name, NULL, &size) == RD_KAFKA_CONF_OK && size > 1;
}

bool kafka_conf_is_default(rd_kafka_conf_t *conf, const char *name)
{
	rd_kafka_conf_t *fresh = rd_kafka_conf_new();
	size_t n = 0, m = 0;
	bool known = rd_kafka_conf_get(conf, name, NULL, &n) == RD_KAFKA_CONF_OK;
	bool has = rd_kafka_conf_get(fresh, name, NULL, &m) == RD_KAFKA_CONF_OK;
	bool same = known == has && n == m;
	if (same && known) {
		char *a = xmalloc(n + 1), *b = xmalloc(m + 1);
		same = rd_kafka_conf_get(conf, name, a, &n) == RD_KAFKA_CONF_OK &&
		       rd_kafka_conf_get(fresh, name, b, &m) == RD_KAFKA_CONF_OK && strcmp(a, b) == 0;
		free(a);
		free(b);
	}
	rd_kafka_conf_destroy(fresh);
	return same;
}

static int set_all(const struct kafka_opts *k, rd_kafka_conf_t *conf, struct strbuf *err)
{
	int r = kafka_conf_set(conf, "client.id", "weir", err);
	if (!r) /* requests are small, and the program waits for each */
		r = kafka_conf_set(conf, "socket.nagle.disable", "true", err);
	for (const char *const *d = k->defaults; !r && d && *d; d++)
		r = set_text(conf, *d, "default", err);
	if (!r)
		r = set_files(conf, false, err);
	if (!r)
		r = set_environment(conf, err);
	if (!r)
		r = set_files(conf, true, err);
	if (!r && k->brokers && set_from(conf, "bootstrap.servers", k->brokers, "-b", err) < 0)
		r = -EDESTADDRREQ;
	for (size_t i = 0; !r && i < k->properties.count; i++)
		r = set_text(conf, k->properties.items[i], "-X", err);
	if (r)
		return r;
	if (is_set(conf, "bootstrap.servers"))
		return conf_check_whole(conf, err);
	strbuf_addstr(err, "no brokers: give -b HOST:PORT or set WEIR_BROKERS");
	return -EDESTADDRREQ;
}

int kafka_conf_new(const struct kafka_opts *k, rd_kafka_conf_t **ret_conf, struct strbuf *err)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	int r = set_all(k, conf, err);
	if (r) {
		rd_kafka_conf_destroy(conf);
		return r;
	}
	rd_kafka_conf_set_log_cb(conf, kafka_conf_is_default(conf, "debug") ? log_by_debug : log_by_warn);
	*ret_conf = conf;
	return 0;
}

enum exit_status kafka_conf_status(int err)
{
	return err == -EDESTADDRREQ ? EXIT_USAGE : EXIT_CONFIG;
}
