/* Configurations that can never work: see conf_check.h. */
#include "common/kafka/conf_check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/num.h"
#include "common/base/whole.h"

#define BLANKS " \t\r\n\v\f"

/* Whether the LEN bytes at S may be a host's name or address. */
static bool is_host(const char *s, size_t len)
{
	return len && strcspn(s, BLANKS "/\\@:[]{}<>'\"?#,;") >= len;
}

static bool is_port(const char *s)
{
	uint64_t port;
	return num_u64(s, &port) == 0 && port >= 1 && port <= UINT16_MAX;
}

static bool is_broker(const char *s)
{
	if (*s != '[') {
		size_t host = strcspn(s, ":");
		return is_host(s, host) && (!s[host] || is_port(s + host + 1));
	}
	size_t address = strspn(s + 1, "0123456789abcdefABCDEF:.%");
	const char *end = s + 1 + address;
	return address && *end == ']' && (!end[1] || (end[1] == ':' && is_port(end + 2)));
}

/* WORD is not a broker: explain that, and where the protocol is set when it has one. */
static void refuse(const char *word, struct strbuf *err)
{
	static const char *const protocols[] = {"plaintext", "ssl", "sasl_plaintext", "sasl_ssl"};
	const char *slashes = strstr(word, "://");
	strbuf_addf(err, "'%s' is not HOST:PORT", word);
	for (size_t i = 0; slashes && i < sizeof protocols / sizeof *protocols; i++)
		if (strlen(protocols[i]) == (size_t)(slashes - word) &&
			strncasecmp(word, protocols[i], strlen(protocols[i])) == 0)
			strbuf_addf(err, "; the protocol is set by -X security.protocol=%s", protocols[i]);
}

int conf_check_brokers(const char *list, struct strbuf *err)
{
	int r = 0;
	for (const char *s = list; s && r == 0;) {
		size_t len = strcspn(s, ","), front = strspn(s, BLANKS);
		const char *next = s[len] ? s + len + 1 : NULL;
		s += front < len ? front : len;
		len -= front < len ? front : len;
		while (len && strchr(BLANKS, s[len - 1]))
			len--;
		char *word = xstrndup(s, len);
		if (!is_broker(word)) {
			refuse(word, err);
			r = -EINVAL;
		}
		free(word);
		s = next;
	}
	return r;
}

bool conf_is_brokers(const char *name)
{
	return strcmp(name, "bootstrap.servers") == 0 || strcmp(name, "metadata.broker.list") == 0;
}

/* The value of NAME, which the caller frees; NULL when it has none or an empty one. */
static char *value_of(rd_kafka_conf_t *conf, const char *name)
{
	size_t size = 0; /* with the final NUL */
	if (rd_kafka_conf_get(conf, name, NULL, &size) != RD_KAFKA_CONF_OK || size <= 1)
		return NULL;
	char *value = xmalloc(size);
	if (rd_kafka_conf_get(conf, name, value, &size) == RD_KAFKA_CONF_OK)
		return value;
	free(value);
	return NULL;
}

/* Check that the file or directory that the property NAME names, if any, can be opened. */
static int check_file(rd_kafka_conf_t *conf, const char *name, struct strbuf *err)
{
	char *path = value_of(conf, name);
	int r = 0;
	/* for the value "probe", librdkafka searches the usual places */
	if (path && strcmp(path, "probe") != 0) {
		r = whole_check(path);
		if (r < 0)
			strbuf_addf(err, "%s: cannot open '%s': %s", name, path, whole_strerror(r));
	}
	free(path);
	return r < 0 ? -EINVAL : 0;
}

static bool has_value(rd_kafka_conf_t *conf, const char *name, const char *want)
{
	char *value = value_of(conf, name);
	bool same = value && strcasecmp(value, want) == 0;
	free(value);
	return same;
}

/* Without settings no token is ever made, and librdkafka waits for one silently. */
static int check_token(rd_kafka_conf_t *conf, struct strbuf *err)
{
	if (!has_value(conf, "sasl.mechanisms", "OAUTHBEARER") || has_value(conf, "sasl.oauthbearer.method", "oidc") ||
		has_value(conf, "enable.sasl.oauthbearer.unsecure.jwt", "true"))
		return 0;
	char *features = value_of(conf, "builtin.features");
	strbuf_addstr(err, "sasl.mechanism OAUTHBEARER: nothing says how to get a token; ");
	if (features && strstr(features, "oidc"))
		strbuf_addstr(err,
			"set sasl.oauthbearer.method=oidc, sasl.oauthbearer.token.endpoint.url and the client's"
			" id and secret");
	else
		strbuf_addf(err, "librdkafka %s has been built without OIDC", rd_kafka_version_str());
	free(features);
	return -EINVAL;
}

int conf_check_whole(rd_kafka_conf_t *conf, struct strbuf *err)
{
	static const char *const files[] = {"ssl.ca.location", "ssl.certificate.location", "ssl.key.location",
		"ssl.keystore.location", "ssl.crl.location"};
	char *protocol = value_of(conf, "security.protocol");
	bool tls = protocol && strstr(protocol, "ssl"), sasl = protocol && strstr(protocol, "sasl");
	int r = 0;
	for (size_t i = 0; tls && r == 0 && i < sizeof files / sizeof *files; i++)
		r = check_file(conf, files[i], err);
	if (sasl && r == 0)
		r = check_token(conf, err);
	free(protocol);
	return r;
}
