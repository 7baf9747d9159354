/* Unit tests of common/kafka/conf.h. */
#include "common/kafka/conf.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/config.h"
#include "tests/unit/check.h"
#include "tests/unit/scratch.h"

static char dir[SCRATCH_SIZE];

/* A file of TEXT; the caller frees the path. */
static char *file_of(const char *name, const char *text, size_t len)
{
	struct strbuf path = STRBUF_INIT;
	strbuf_addf(&path, "%s/%s", dir, name);
	FILE *f = fopen(path.s, "w");
	CHECK(f && fwrite(text, 1, len, f) == len && fclose(f) == 0);
	return strbuf_detach(&path);
}

/* Make a configuration; returns the result of kafka_conf_new(), and the value of NAME in GOT. */
static int try(const char *brokers, const char *property, const char *file, const char *name, struct strbuf *got)
{
	struct kafka_opts k = {.brokers = brokers};
	if (property)
		k.properties = (struct opt_list){&property, 1};
	rd_kafka_conf_t *conf;
	strbuf_clear(got);
	config_release(config_own());
	int r = file ? config_read(config_own(), file, true, got) : 0;
	if (!r)
		r = kafka_conf_new(&k, &conf, got);
	if (r)
		return r;
	char value[8192];
	size_t size = sizeof value;
	CHECK_INT(rd_kafka_conf_get(conf, name, value, &size), RD_KAFKA_CONF_OK);
	strbuf_addstr(got, value);
	rd_kafka_conf_destroy(conf);
	return 0;
}

static void test_brokers(void)
{
	struct strbuf got = STRBUF_INIT;
	char *f = file_of("brokers", "bootstrap.servers = file:1\n", 27);
	CHECK_INT(try(NULL, NULL, NULL, "client.id", &got), -EDESTADDRREQ);
	CHECK_INT(kafka_conf_status(-EDESTADDRREQ), EXIT_USAGE);
	setenv("WEIR_BROKERS", "env:1", 1);
	CHECK_INT(try(NULL, NULL, NULL, "bootstrap.servers", &got), 0);
	CHECK_STR(got.s, "env:1");
	CHECK_INT(try(NULL, NULL, f, "bootstrap.servers", &got), 0);
	CHECK_STR(got.s, "file:1");
	CHECK_INT(try("opt:1", NULL, f, "bootstrap.servers", &got), 0);
	CHECK_STR(got.s, "opt:1");
	CHECK_INT(try("opt:1", "metadata.broker.list=x:1", f, "bootstrap.servers", &got), 0);
	CHECK_STR(got.s, "x:1");
	setenv("WEIR_BROKERS", "", 1);
	CHECK_INT(try(NULL, NULL, NULL, "client.id", &got), -EDESTADDRREQ);
	unsetenv("WEIR_BROKERS");
	free(f);
	strbuf_release(&got);
}

static void test_no_brokers(void)
{
	static const char *const bad[] = {"http://localhost:9092", "kafka://h:9092", "SASL_SSL://h:9092", ",", "",
		"h:1,", "h:1,,h:2", "h:0", "h:65536", "h:-1", "h:", ":9092", "h:x", "h:1x", "a b:1", "h:1/path",
		"user@h:1", "::1", "[::1", "[::1]9092", "[]:1", "[::1]:0", "h:1;h:2", " ", "h:1:2"};
	static const char *const good[] = {
		"h", "h:1", "h:65535", "a.b-c_d:9092, e:1 ", "127.0.0.1:9092", "[::1]:9092", "[fe80::1%1]"};
	struct strbuf got = STRBUF_INIT, x = STRBUF_INIT;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		CHECK_INT(try(bad[i], NULL, NULL, "client.id", &got), -EDESTADDRREQ);
		CHECK(strncmp(got.s, "-b: '", 5) == 0 && strstr(got.s, "is not HOST:PORT"));
		strbuf_clear(&x);
		strbuf_addf(&x, "metadata.broker.list=%s", bad[i]);
		CHECK_INT(try("h:1", x.s, NULL, "client.id", &got), -EINVAL);
	}
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		CHECK_INT(try(good[i], NULL, NULL, "client.id", &got), 0);
	CHECK_INT(try("SASL_SSL://h:9092", NULL, NULL, "client.id", &got), -EDESTADDRREQ);
	CHECK_STR(got.s,
		"-b: 'SASL_SSL://h:9092' is not HOST:PORT; the protocol is set by -X security.protocol=sasl_ssl");
	setenv("WEIR_BROKERS", "kafka://h:1", 1);
	CHECK_INT(try(NULL, NULL, NULL, "client.id", &got), -EINVAL);
	CHECK_STR(got.s, "WEIR_BROKERS: 'kafka://h:1' is not HOST:PORT");
	unsetenv("WEIR_BROKERS");
	strbuf_release(&got);
	strbuf_release(&x);
}

/* The variables that Kubernetes sets for services called weir-kafka and weir-kafka-headless. */
static void test_service_variables(void)
{
	static const char *const names[] = {"SERVICE_HOST", "SERVICE_PORT", "SERVICE_PORT_TCP_CLIENT", "PORT",
		"PORT_9092_TCP", "PORT_9092_TCP_PROTO", "PORT_9092_TCP_PORT", "PORT_9092_TCP_ADDR",
		"HEADLESS_SERVICE_HOST", "HEADLESS_SERVICE_PORT", "HEADLESS_PORT", "HEADLESS_PORT_9092_TCP"};
	struct strbuf got = STRBUF_INIT, name = STRBUF_INIT;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		strbuf_clear(&name);
		strbuf_addf(&name, "WEIR_KAFKA_%s", names[i]);
		setenv(name.s, "tcp://10.0.0.1:9092", 1);
		CHECK_INT(try("h:1", NULL, NULL, "client.id", &got), 0);
		unsetenv(name.s);
	}
	/* A typing error is still found, and no property is mistaken for such a variable. */
	setenv("WEIR_KAFKA_SERVICE", "x", 1);
	CHECK_INT(try("h:1", NULL, NULL, "client.id", &got), -EINVAL);
	unsetenv("WEIR_KAFKA_SERVICE");
	char *all = NULL;
	size_t size;
	FILE *f = open_memstream(&all, &size);
	rd_kafka_conf_properties_show(f);
	CHECK(fclose(f) == 0 && size > 10000);
	CHECK(!strstr(all, "\nport") && !strstr(all, ".port ") && !strstr(all, ".port.") &&
		!strstr(all, "service.host"));
	free(all);
	strbuf_release(&got);
	strbuf_release(&name);
}

/* Settings that TLS and SASL require are checked before any broker is contacted. */
static void test_whole(void)
{
	static const char *const files[] = {"ssl.ca.location", "ssl.certificate.location", "ssl.key.location",
		"ssl.keystore.location", "ssl.crl.location"};
	struct strbuf got = STRBUF_INIT, x = STRBUF_INIT;
	setenv("WEIR_KAFKA_SECURITY_PROTOCOL", "SASL_SSL", 1);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		strbuf_clear(&x);
		strbuf_addf(&x, "%s=%s/none", files[i], dir);
		CHECK_INT(try("h:1", x.s, NULL, "client.id", &got), -EINVAL);
		CHECK(strstr(got.s, files[i]) && strstr(got.s, "/none': No such file or directory"));
	}
	strbuf_clear(&x);
	strbuf_addf(&x, "ssl.ca.location=%s", dir);
	CHECK_INT(try("h:1", x.s, NULL, "client.id", &got), 0);
	CHECK_INT(try("h:1", "ssl.ca.location=probe", NULL, "client.id", &got), 0);
	CHECK_INT(try("h:1", "sasl.mechanism=OAUTHBEARER", NULL, "client.id", &got), -EINVAL);
	CHECK(strstr(got.s, "OAUTHBEARER: nothing says how to get a token"));
	setenv("WEIR_KAFKA_SASL_MECHANISM", "OAUTHBEARER", 1);
	CHECK_INT(try("h:1", "sasl.oauthbearer.config=principal=x", NULL, "client.id", &got), -EINVAL);
	CHECK_INT(try("h:1", "enable.sasl.oauthbearer.unsecure.jwt=true", NULL, "client.id", &got), 0);
	CHECK_INT(try("h:1", "security.protocol=ssl", NULL, "client.id", &got), 0);
	unsetenv("WEIR_KAFKA_SASL_MECHANISM");
	unsetenv("WEIR_KAFKA_SECURITY_PROTOCOL");
	strbuf_release(&got);
	strbuf_release(&x);
}

static void test_defaults(void)
{
	struct strbuf got = STRBUF_INIT;
	CHECK_INT(try("b:1", NULL, NULL, "client.id", &got), 0);
	CHECK_STR(got.s, "weir");
	CHECK_INT(try("b:1", "client.id=me", NULL, "client.id", &got), 0);
	CHECK_STR(got.s, "me");
	CHECK_INT(try("b:1", NULL, NULL, "socket.nagle.disable", &got), 0);
	CHECK_STR(got.s, "true");
	rd_kafka_conf_t *conf;
	const char *const own[] = {"linger.ms=77", "client.id=program", NULL};
	const char *x = "linger.ms=5"; /* librdkafka's default, set by the user */
	struct kafka_opts k = {.brokers = "b:1", .properties = {&x, 1}, .defaults = own};
	char value[64];
	size_t size = sizeof value;
	CHECK_INT(kafka_conf_new(&k, &conf, &got), 0);
	CHECK_INT(rd_kafka_conf_get(conf, "client.id", value, &size), RD_KAFKA_CONF_OK);
	CHECK_STR(value, "program");
	size = sizeof value;
	CHECK_INT(rd_kafka_conf_get(conf, "linger.ms", value, &size), RD_KAFKA_CONF_OK);
	CHECK_STR(value, "5");
	rd_kafka_conf_destroy(conf);
	conf = rd_kafka_conf_new();
	CHECK(kafka_conf_is_default(conf, "queued.min.messages"));
	CHECK(kafka_conf_is_default(conf, "debug"));
	CHECK_INT(kafka_conf_set(conf, "queued.min.messages", "7", &got), 0);
	CHECK(!kafka_conf_is_default(conf, "queued.min.messages"));
	rd_kafka_conf_destroy(conf);
	strbuf_release(&got);
}

static void test_unknown_and_invalid(void)
{
	struct strbuf got = STRBUF_INIT;
	CHECK_INT(try("b:1", "no.such.thing=geheim", NULL, "client.id", &got), -EINVAL);
	CHECK_STR(got.s, "-X: No such configuration property: \"no.such.thing\"");
	CHECK_INT(kafka_conf_status(-EINVAL), EXIT_CONFIG);
	CHECK_INT(try("b:1", "fetch.wait.max.ms=-5", NULL, "client.id", &got), -EINVAL);
	CHECK(strstr(got.s, "fetch.wait.max.ms"));
	CHECK_INT(try("b:1", "geheim", NULL, "client.id", &got), -EINVAL);
	CHECK(!strstr(got.s, "geheim"));
	CHECK_INT(try("b:1", "=geheim", NULL, "client.id", &got), -EINVAL);
	CHECK(!strstr(got.s, "geheim"));
	CHECK_INT(try("b:1", "", NULL, "client.id", &got), -EINVAL);
	strbuf_release(&got);
}

/* For names of properties of the Java clients the message has librdkafka's name, but not the value. */
static void test_java(void)
{
	static const char *const pairs[][2] = {
		{"sasl.jaas.config=X required password=geheim;", "here it is sasl.username and sasl.password"},
		{"ssl.truststore.location=geheim", "here it is ssl.ca.location, a file of certificates in PEM"},
		{"ssl.truststore.password=geheim",
			"here there is none: ssl.ca.location names a file of certificates in PEM"},
		{"ssl.keystore.key=geheim", "here it is ssl.key.pem"},
		{"value.deserializer=geheim", "here values are bytes"},
	};
	struct strbuf got = STRBUF_INIT;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		CHECK_INT(try("b:1", pairs[i][0], NULL, "client.id", &got), -EINVAL);
		CHECK(strstr(got.s, "is a property of Java's clients: "));
		CHECK_STR(strchr(strchr(got.s, ':') + 1, ':') + 2, pairs[i][1]);
		CHECK(!strstr(got.s, "geheim"));
	}
	strbuf_release(&got);
}

static void test_file(void)
{
	struct strbuf got = STRBUF_INIT, text = STRBUF_INIT;
	strbuf_addstr(&text, "# a comment = x\n\n \t\r\n  client.id\t=  a=b c \r\nsasl.password=");
	for (int i = 0; i < 5000; i++)
		strbuf_addch(&text, 'p');
	char *f = file_of("long", text.s, text.len);
	CHECK_INT(try("b:1", NULL, f, "client.id", &got), 0);
	CHECK_STR(got.s, "a=b c");
	CHECK_INT(try("b:1", NULL, f, "sasl.password", &got), 0);
	CHECK_INT(got.len, 5000);
	free(f);
	f = file_of("bad", "client.id=x\ngeheim\n", 19);
	CHECK_INT(try("b:1", NULL, f, "client.id", &got), -EINVAL);
	CHECK(strstr(got.s, "bad:2: ") && !strstr(got.s, "geheim"));
	free(f);
	f = file_of("nul", "client.id=x\0y\n", 14);
	CHECK_INT(try("b:1", NULL, f, "client.id", &got), -EINVAL);
	CHECK(strstr(got.s, "nul:1: "));
	free(f);
	CHECK_INT(try("b:1", NULL, "/nonexistent/x", "client.id", &got), -ENOENT);
	CHECK_STR(got.s, "cannot read '/nonexistent/x': No such file or directory");
	CHECK_INT(try("b:1", NULL, "/", "client.id", &got), -EISDIR);
	strbuf_release(&text);
	strbuf_release(&got);
}

static void test_environment(void)
{
	struct strbuf got = STRBUF_INIT;
	setenv("WEIR_KAFKA_SASL_PASSWORD", "a=b c", 1);
	CHECK_INT(try("b:1", NULL, NULL, "sasl.password", &got), 0);
	CHECK_STR(got.s, "a=b c");
	CHECK_INT(try("b:1", "sasl.password=x", NULL, "sasl.password", &got), 0);
	CHECK_STR(got.s, "x");
	unsetenv("WEIR_KAFKA_SASL_PASSWORD");
	setenv("WEIR_KAFKA_NO_SUCH", "geheim", 1);
	CHECK_INT(try("b:1", NULL, NULL, "client.id", &got), -EINVAL);
	CHECK(strstr(got.s, "WEIR_KAFKA_NO_SUCH") && !strstr(got.s, "geheim"));
	unsetenv("WEIR_KAFKA_NO_SUCH");
	strbuf_release(&got);
}

static void test_status(void)
{
	CHECK_INT(kafka_status(RD_KAFKA_RESP_ERR_NO_ERROR), EXIT_OK);
	CHECK_INT(kafka_status(RD_KAFKA_RESP_ERR__AUTHENTICATION), EXIT_CONFIG);
	CHECK_INT(kafka_status(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART), EXIT_CONFIG);
	CHECK_INT(kafka_status(RD_KAFKA_RESP_ERR__TRANSPORT), EXIT_TEMP);
	CHECK_INT(kafka_status(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN), EXIT_TEMP);
	CHECK_INT(kafka_status(RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE), EXIT_DATA);
	CHECK_INT(kafka_status((rd_kafka_resp_err_t)12345), EXIT_TEMP);
}

int main(void)
{
	unsetenv("WEIR_BROKERS");
	CHECK(mkdtemp(scratch(dir, "kafka-conf")));
	TEST(test_brokers);
	TEST(test_no_brokers);
	TEST(test_service_variables);
	TEST(test_whole);
	TEST(test_defaults);
	TEST(test_unknown_and_invalid);
	TEST(test_java);
	TEST(test_file);
	TEST(test_environment);
	TEST(test_status);
	for (const char *const *n = (const char *const[]){"brokers", "long", "bad", "nul", NULL}; *n; n++) {
		struct strbuf path = STRBUF_INIT;
		strbuf_addf(&path, "%s/%s", dir, *n);
		unlink(path.s);
		strbuf_release(&path);
	}
	rmdir(dir);
	return check_done();
}
