/*
 * mock-broker: an in-memory Kafka cluster, librdkafka's mock cluster as a program, for demos and
 * tests.
 *
 * Its one line of output is the bootstrap address, written when the cluster is ready.  The manual lists what the mock
 * cluster cannot do, as found by reading and trying librdkafka 2.0.2.
 */
#include "cmd/mock-broker/control.h"
#include "cmd/mock-broker/port.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/opt.h"
#include "common/base/sig.h"
#include "common/io/file.h"

#define MAX_BROKERS 64
#define MAX_LINE    65536 /* of the control input, bytes */

static uint64_t broker_count = 1, port;
static struct opt_list topics;
static const char *port_file;
static bool until_eof, control, port_file_written;

static const struct opt options[] = {
	{.name = "brokers",
		.type = OPT_U64,
		.dest = &broker_count,
		.arg = "N",
		.min = 1,
		.max = MAX_BROKERS,
		.help = "number of brokers, 1 by default"},
	{.name = "topic", .type = OPT_LIST, .dest = &topics, .arg = "NAME:PARTITIONS", .help = "create this topic"},
	{.name = "port",
		.type = OPT_U64,
		.dest = &port,
		.arg = "PORT",
		.min = 1,
		.max = UINT16_MAX,
		.help = "port of the first broker, the others follow; by default free ports"},
	{.name = "port-file",
		.type = OPT_STRING,
		.dest = &port_file,
		.arg = "FILE",
		.help = "also write the address to FILE, which is created atomically"},
	{.name = "until-eof", .dest = &until_eof, .help = "also end when standard input ends"},
	{.name = "control", .dest = &control, .help = "read commands that cause failures from standard input"},
	{0},
};

static const struct opt_spec spec = {
	.program = "mock-broker",
	.operands = "",
	.summary = "Run an in-memory Kafka cluster for demos and tests and print its address.",
	.example = "weir mock-broker --port 9092 --topic words:4 &\n"
		   "export WEIR_BROKERS=localhost:9092",
	.library = "librdkafka",
	.library_version = rd_kafka_version_str,
	.options = options,
};

struct mock {
	rd_kafka_t *rk;
	rd_kafka_mock_cluster_t *cluster;
	struct strbuf address; /* with its line feed */
	struct strbuf input;   /* of the control input, an incomplete line */
};

static void log_line(const rd_kafka_t *rk, int level, const char *facility, const char *text)
{
	(void)rk;
	if (level <= 4) /* warnings and worse; other messages are about the inner workings of the mock */
		warn("%s: %s", facility, text);
}

/* Create the topic that --topic names as NAME:PARTITIONS; the last colon counts. */
static int create_topic(const struct mock *b, const char *text)
{
	struct strbuf name = STRBUF_INIT, err = STRBUF_INIT;
	const char *colon = strrchr(text, ':');
	strbuf_add(&name, text, colon ? (size_t)(colon - text) : strlen(text));
	int r = control_topic(b->cluster, (int)broker_count, name.s, colon ? colon + 1 : "", &err);
	int status = r ? EXIT_CONFIG : EXIT_OK;
	if (r == -EINVAL)
		status = opt_usage_error(&spec, "option --topic: '%s' is not NAME:PARTITIONS: %s", text, err.s);
	else if (r)
		warn("cannot create topic '%s': %s", text, err.s);
	strbuf_release(&name);
	strbuf_release(&err);
	return status;
}

/* Use the ports of --port; 0 or an exit status after a message. */
static int take_ports(void)
{
	uint16_t taken = 0;
	if (port && port + broker_count > UINT16_MAX + 1u)
		return opt_usage_error(
			&spec, "--port %" PRIu64 ": there are no %" PRIu64 " ports from there on", port, broker_count);
	int r = port_begin((uint16_t)port, (unsigned)broker_count, &taken);
	if (r < 0)
		warn("cannot listen on port %u: %s", (unsigned)taken, diag_strerror(r));
	return (int)diag_status(r);
}

static int cluster_start(struct mock *b)
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
	int status = EXIT_OK;
	for (size_t i = 0; !status && i < topics.count; i++)
		status = create_topic(b, topics.items[i]);
	return status;
}

static void cluster_stop(struct mock *b)
{
	if (b->cluster)
		rd_kafka_mock_cluster_destroy(b->cluster);
	if (b->rk)
		rd_kafka_destroy(b->rk);
	strbuf_release(&b->address);
	strbuf_release(&b->input);
	if (port_file_written && unlink(port_file) < 0)
		warn("cannot remove '%s': %s", port_file, diag_strerror(errno));
}

/* Write FILE by a rename, so that a script that waits for FILE never reads an incomplete address. */
static int port_file_write(const struct strbuf *address)
{
	int r = file_replace(port_file, address->s, address->len);
	if (r < 0)
		warn("cannot write '%s': %s", port_file, file_strerror(r));
	port_file_written = r == 0;
	return (int)diag_status(r);
}

static int say(const struct strbuf *text)
{
	int r = file_write(STDOUT_FILENO, text->s, text->len);
	if (r < 0)
		warn("cannot write standard output: %s", diag_strerror(r));
	return (int)diag_status(r);
}

/*
 * Publish the address of the cluster.  When no answers will follow, close standard output, so that $(…) and `read` go
 * on.
 */
static int announce(const struct mock *b)
{
	int status = port_file ? port_file_write(&b->address) : EXIT_OK;
	if (!status)
		status = say(&b->address);
	if (status || control)
		return status;
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (null < 0 || dup2(null, STDOUT_FILENO) < 0 || close(null) < 0) {
		warn("cannot close standard output: %s", diag_strerror(errno));
		return EXIT_TEMP;
	}
	return EXIT_OK;
}

/* Carry out one command, and answer with one line. */
static int obey(struct mock *b, char *line)
{
	struct strbuf err = STRBUF_INIT, answer = STRBUF_INIT;
	if (control_line(b->cluster, (int)broker_count, line, &err))
		strbuf_addf(&answer, "error: %s\n", err.s);
	else
		strbuf_addstr(&answer, "ok\n");
	int status = say(&answer);
	strbuf_release(&answer);
	strbuf_release(&err);
	return status;
}

static int obey_lines(struct mock *b)
{
	struct strbuf *in = &b->input;
	char *line = in->s, *end;
	int status = EXIT_OK;
	while (!status && (end = memchr(line, '\n', (size_t)(in->s + in->len - line)))) {
		*end = '\0';
		status = obey(b, line);
		line = end + 1;
	}
	size_t rest = (size_t)(in->s + in->len - line);
	if (rest > MAX_LINE) {
		warn("a command is longer than %d bytes", MAX_LINE);
		return EXIT_DATA;
	}
	if (line != in->s) {
		memmove(in->s, line, rest);
		strbuf_setlen(in, rest);
	}
	return status;
}

/* Read what is available on standard input: OPT_GO, or the exit status at its end or after a message. */
static int input_serve(struct mock *b)
{
	char buf[4096];
	ssize_t n = read(STDIN_FILENO, buf, sizeof buf);
	if (n == 0)
		return EXIT_OK;
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return OPT_GO;
	if (n < 0) {
		warn("cannot read standard input: %s", diag_strerror(errno));
		return (int)diag_status(errno);
	}
	if (control)
		strbuf_add(&b->input, buf, (size_t)n);
	int status = control ? obey_lines(b) : EXIT_OK;
	return status ? status : OPT_GO;
}

static int serve(struct mock *b, const sigset_t *unblocked)
{
	struct pollfd in = {.fd = until_eof || control ? STDIN_FILENO : -1, .events = POLLIN};
	int status = OPT_GO;
	while (status == OPT_GO && !sig_stop()) {
		int n = ppoll(&in, 1, NULL, unblocked);
		if (n > 0) {
			status = input_serve(b);
		} else if (n < 0 && errno != EINTR) {
			warn("cannot wait: %s", diag_strerror(errno));
			status = EXIT_TEMP;
		}
	}
	return status == OPT_GO ? EXIT_OK : status;
}

int main(int argc, char **argv)
{
	char **operands;
	sigset_t unblocked;
	struct mock b = {.address = STRBUF_INIT, .input = STRBUF_INIT};
	diag_init(spec.program);
	sig_effects();
	int status = opt_parse(&spec, argc, argv, &operands);
	if (status == OPT_GO) {
		sig_block(&unblocked); /* this holds for librdkafka's threads, too, which inherit it */
		status = take_ports();
		if (!status)
			status = cluster_start(&b);
		if (!status)
			status = announce(&b);
		if (!status)
			status = serve(&b, &unblocked);
		cluster_stop(&b);
	}
	opt_list_release(&topics);
	return status;
}
