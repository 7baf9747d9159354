/*
 * mock-broker: an in-memory Kafka cluster, librdkafka's mock cluster as a program, for demos and
 * tests.
 *
 * Its one line of output is the bootstrap address, written when the cluster serves.  What the mock
 * cluster can not do is in the manual; the list was made by reading and by trying librdkafka 2.0.2.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include "common/base/num.h"
#include "common/base/opt.h"
#include "common/base/sig.h"
#include "common/io/outbuf.h"

#define MAX_BROKERS    64
#define MAX_PARTITIONS 10000
#define MAX_NAME       249 /* Kafka's own limit for a topic's name */

static uint64_t broker_count = 1;
static struct opt_list topics;
static const char *port_file;
static bool until_eof, port_file_written;

static const struct opt options[] = {
	{.name = "brokers",
		.type = OPT_U64,
		.dest = &broker_count,
		.arg = "N",
		.min = 1,
		.max = MAX_BROKERS,
		.help = "brokers of the cluster, 1 by default"},
	{.name = "topic", .type = OPT_LIST, .dest = &topics, .arg = "NAME:PARTITIONS", .help = "create this topic"},
	{.name = "port-file",
		.type = OPT_STRING,
		.dest = &port_file,
		.arg = "FILE",
		.help = "write the address into FILE too, which appears whole"},
	{.name = "until-eof", .dest = &until_eof, .help = "end at the end of standard input too"},
	{0},
};

static const struct opt_spec spec = {
	.program = "mock-broker",
	.operands = "",
	.summary = "Run an in-memory Kafka cluster for demos and tests and print its address.",
	.options = options,
};

struct broker {
	rd_kafka_t *rk;
	rd_kafka_mock_cluster_t *cluster;
	struct strbuf address; /* with the line feed */
};

/* Split "NAME:PARTITIONS" (the last colon counts); *ret_name is a copy to be released. */
static bool topic_parse(const char *text, struct strbuf *ret_name, int *ret_partitions)
{
	const char *colon = strrchr(text, ':');
	uint64_t n;
	if (!colon || colon == text || num_u64(colon + 1, &n) < 0 || n < 1 || n > MAX_PARTITIONS)
		return false;
	strbuf_add(ret_name, text, (size_t)(colon - text));
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	if (ret_name->len > MAX_NAME || ret_name->s[strspn(ret_name->s, allowed)])
		return false;
	*ret_partitions = (int)n;
	return true;
}

static void log_line(const rd_kafka_t *rk, int level, const char *facility, const char *text)
{
	(void)rk;
	if (level <= 4) /* warnings; the rest is about how the mock works */
		warn("%s: %s", facility, text);
}

static int create_topics(const struct broker *b)
{
	int replicas = broker_count < 3 ? (int)broker_count : 3;
	for (size_t i = 0; i < topics.count; i++) {
		struct strbuf name = STRBUF_INIT;
		int partitions = 0;
		rd_kafka_resp_err_t err = RD_KAFKA_RESP_ERR__INVALID_ARG;
		if (topic_parse(topics.items[i], &name, &partitions))
			err = rd_kafka_mock_topic_create(b->cluster, name.s, partitions, replicas);
		strbuf_release(&name);
		if (err) {
			warn("cannot create topic '%s': %s", topics.items[i], rd_kafka_err2str(err));
			return EXIT_CONFIG;
		}
	}
	return EXIT_OK;
}

static int cluster_start(struct broker *b)
{
	char text[512] = "";
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_conf_set_log_cb(conf, log_line);
	b->rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
	if (!b->rk) {
		rd_kafka_conf_destroy(conf);
		warn("cannot start librdkafka: %s", text);
		return EXIT_TEMP;
	}
	b->cluster = rd_kafka_mock_cluster_new(b->rk, (int)broker_count);
	if (!b->cluster) {
		warn("cannot start a cluster of %" PRIu64 " brokers", broker_count);
		return EXIT_TEMP;
	}
	strbuf_addf(&b->address, "%s\n", rd_kafka_mock_cluster_bootstraps(b->cluster));
	return create_topics(b);
}

static void cluster_stop(struct broker *b)
{
	if (b->cluster)
		rd_kafka_mock_cluster_destroy(b->cluster);
	if (b->rk)
		rd_kafka_destroy(b->rk);
	strbuf_release(&b->address);
	if (port_file_written && unlink(port_file) < 0)
		warn("cannot remove '%s': %s", port_file, diag_strerror(errno));
}

/* Write FD whole and close it; 0 or -errno. */
static int write_and_close(int fd, const struct strbuf *text)
{
	struct outbuf out;
	outbuf_init(&out, fd, "");
	int r = outbuf_write(&out, text->s, text->len);
	int r2 = outbuf_close(&out);
	return r < 0 ? r : r2;
}

/* By a rename, so that a script that waits for FILE never reads half an address. */
static int port_file_write(const struct strbuf *address)
{
	struct stat st;
	if (stat(port_file, &st) == 0 && !S_ISREG(st.st_mode)) {
		warn("cannot write '%s': not a regular file", port_file);
		return EXIT_CONFIG;
	}
	struct strbuf temp = STRBUF_INIT;
	strbuf_addf(&temp, "%s.%ld", port_file, (long)getpid());
	int fd = open(temp.s, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	int r = fd < 0 ? -errno : write_and_close(fd, address);
	if (r == 0 && rename(temp.s, port_file) < 0)
		r = -errno;
	if (r < 0) {
		warn("cannot write '%s': %s", port_file, diag_strerror(r));
		if (fd >= 0)
			unlink(temp.s);
	}
	strbuf_release(&temp);
	port_file_written = r == 0;
	return (int)diag_status(r);
}

/* Tell where the cluster is; standard output is closed behind the line, so that $(…) and `read` go
 * on. */
static int announce(const struct broker *b)
{
	int status = port_file ? port_file_write(&b->address) : EXIT_OK;
	if (status)
		return status;
	int r = write_and_close(STDOUT_FILENO, &b->address);
	if (r < 0) {
		warn("cannot write standard output: %s", diag_strerror(r));
		return (int)diag_status(r);
	}
	if (open("/dev/null", O_WRONLY) < 0) /* keeps number 1 taken */
		return EXIT_TEMP;
	return EXIT_OK;
}

/* Read and drop what is on standard input; returns 1 while it is open, 0 at its end, or -errno. */
static int input_serve(void)
{
	char buf[4096];
	ssize_t n = read(STDIN_FILENO, buf, sizeof buf);
	if (n < 0)
		return errno == EINTR || errno == EAGAIN ? 1 : -errno;
	return n > 0;
}

static int serve(const sigset_t *unblocked)
{
	struct pollfd in = {.fd = until_eof ? STDIN_FILENO : -1, .events = POLLIN};
	while (!sig_stop()) {
		int n = ppoll(&in, 1, NULL, unblocked);
		if (n < 0 && errno != EINTR) {
			warn("cannot wait: %s", diag_strerror(errno));
			return EXIT_TEMP;
		}
		int r = n > 0 ? input_serve() : 1;
		if (r < 0) {
			warn("cannot read standard input: %s", diag_strerror(r));
			return (int)diag_status(r);
		}
		if (r == 0)
			break;
	}
	return EXIT_OK;
}

int main(int argc, char **argv)
{
	char **operands;
	sigset_t unblocked;
	struct broker b = {.address = STRBUF_INIT};
	diag_init(spec.program);
	sig_effects();
	int status = opt_parse(&spec, argc, argv, &operands);
	for (size_t i = 0; status == OPT_GO && i < topics.count; i++) {
		struct strbuf name = STRBUF_INIT;
		int partitions;
		if (!topic_parse(topics.items[i], &name, &partitions))
			status = opt_usage_error(&spec, "option --topic: '%s' is not NAME:PARTITIONS (1 to %d)",
				topics.items[i], MAX_PARTITIONS);
		strbuf_release(&name);
	}
	if (status == OPT_GO) {
		sig_block(&unblocked); /* also in librdkafka's threads, which inherit this */
		status = cluster_start(&b);
		if (!status)
			status = announce(&b);
		if (!status)
			status = serve(&unblocked);
		cluster_stop(&b);
	}
	opt_list_release(&topics);
	return status;
}
