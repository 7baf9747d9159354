/* common/kafka/conf.h: with a secret in it the memory of the process is guarded, and only then. */
#include "common/kafka/conf.h"

#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "common/base/config.h"
#include "tests/unit/check.h"
#include "tests/unit/scratch.h"

/* Whether a configuration with PROPERTY and the properties in FILE guards this process; NULL: without. */
static bool guards(const char *property, const char *file)
{
	struct kafka_opts k = {.brokers = "opt:1"};
	struct strbuf err = STRBUF_INIT;
	rd_kafka_conf_t *conf;
	if (property)
		k.properties = (struct opt_list){&property, 1};
	CHECK_INT(prctl(PR_SET_DUMPABLE, 1L, 0L, 0L, 0L), 0);
	config_release(config_own());
	int r = file ? config_read(config_own(), file, true, &err) : 0;
	CHECK_INT(r, 0);
	r = kafka_conf_new(&k, &conf, &err);
	CHECK_INT(r, 0);
	if (r == 0)
		rd_kafka_conf_destroy(conf);
	strbuf_release(&err);
	return !prctl(PR_GET_DUMPABLE, 0L, 0L, 0L, 0L);
}

static void test_without(void)
{
	CHECK(!guards(NULL, NULL));
	CHECK(!guards("sasl.username=me", NULL));
	CHECK(!guards("sasl.password=", NULL));
}

static void test_property(void)
{
	CHECK(guards("sasl.password=geheim", NULL));
	CHECK(guards("ssl.key.password=geheim", NULL));
}

static void test_file(void)
{
	char path[SCRATCH_SIZE];
	static const char text[] = "sasl.username=me\nsasl.password = geheim\n";
	int fd = mkstemp(scratch(path, "kafka-conf"));
	CHECK_INT(write(fd, text, sizeof text - 1), sizeof text - 1);
	CHECK_INT(close(fd), 0);
	CHECK(guards(NULL, path));
	CHECK_INT(unlink(path), 0);
}

static void test_environment(void)
{
	setenv("WEIR_KAFKA_SASL_PASSWORD", "geheim", 1);
	CHECK(guards(NULL, NULL));
	unsetenv("WEIR_KAFKA_SASL_PASSWORD");
}

int main(void)
{
	TEST(test_without);
	TEST(test_property);
	TEST(test_file);
	TEST(test_environment);
	return check_done();
}
