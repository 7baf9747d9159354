/*
 * kput: writes records that kcat cannot write, and transactions step by step.
 *
 *   kput [-X NAME=VALUE]... BROKERS TOPIC PARTITION ACTION...
 *
 *   =VALUE              send a record             null     send a tombstone
 *   key=KEY             key of the following ones   key   they have none
 *   header=NAME=VALUE   add a header to them      header=NAME  without a value      headers  they have none
 *   @MS                 their timestamp           @        the current time
 *   begin commit abort  a transaction (the first begin needs -X transactional.id)
 *   hold                when all is sent, print "holding" and wait until standard input ends
 * VALUE, KEY and NAME may hold \n \0 \\ \xNN.  Everything is acknowledged before the next commit, abort, hold or the
 * end.  Exit 1 with a message on failure, 2 on bad usage.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <librdkafka/rdkafka.h>

enum { TIMEOUT_MS = 30000 };

struct put {
	rd_kafka_t *rk;
	const char *topic;
	int32_t partition;
	char *key;
	size_t key_len;
	rd_kafka_headers_t *headers;
	int64_t timestamp; /* 0: now */
	int64_t last;      /* offset of the last record that was delivered since the last marker, -1: none */
	int failed, began;
};

static void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

static void die(const char *format, ...)
{
	va_list args;

	fputs("kput: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

static void check(rd_kafka_error_t *error, const char *what)
{
	if (error)
		die("%s: %s", what, rd_kafka_error_string(error));
}

/* TEXT with its escapes resolved; the caller frees it. */
static char *unescape(const char *text, size_t *ret_len)
{
	char *out = malloc(strlen(text) + 1), *p = out;
	if (!out)
		die("out of memory");
	for (const char *s = text; *s; s++) {
		unsigned code;
		if (*s != '\\') {
			*p++ = *s;
		} else if (*++s == 'n') {
			*p++ = '\n';
		} else if (*s == '0') {
			*p++ = '\0';
		} else if (*s == 'x' && sscanf(s + 1, "%2x", &code) == 1) {
			*p++ = (char)code;
			s += 2;
		} else {
			*p++ = *s;
		}
	}
	*ret_len = (size_t)(p - out);
	return out;
}

static void on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *m, void *opaque)
{
	struct put *put = opaque;
	(void)rk;
	if (m->err) {
		fprintf(stderr, "kput: %s\n", rd_kafka_err2str(m->err));
		put->failed = 1;
	} else if (m->offset > put->last) {
		put->last = m->offset;
	}
}

static void send_value(struct put *put, const char *text)
{
	size_t len = 0;
	char *value = text ? unescape(text, &len) : NULL;
	rd_kafka_headers_t *headers = put->headers ? rd_kafka_headers_copy(put->headers) : rd_kafka_headers_new(0);
	rd_kafka_resp_err_t err = rd_kafka_producev(put->rk, RD_KAFKA_V_TOPIC(put->topic),
		RD_KAFKA_V_PARTITION(put->partition), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
		RD_KAFKA_V_VALUE(value, len), RD_KAFKA_V_KEY(put->key, put->key_len),
		RD_KAFKA_V_TIMESTAMP(put->timestamp), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
	if (err)
		die("cannot send: %s", rd_kafka_err2str(err));
	free(value);
}

static void set_key(struct put *put, const char *text)
{
	free(put->key);
	put->key = NULL;
	put->key_len = 0;
	if (text)
		put->key = unescape(text, &put->key_len);
}

static void add_header(struct put *put, const char *text)
{
	size_t len, value_len = 0;
	char *value = NULL, *name = unescape(text, &len);
	const char *equals = strchr(text, '=');
	if (equals) {
		value = unescape(equals + 1, &value_len);
		len = (size_t)(strchr(name, '=') - name);
	}
	if (!put->headers)
		put->headers = rd_kafka_headers_new(4);
	rd_kafka_header_add(put->headers, name, (ssize_t)len, value, (ssize_t)value_len);
	free(name);
	free(value);
}

static void drop_headers(struct put *put)
{
	if (put->headers)
		rd_kafka_headers_destroy(put->headers);
	put->headers = NULL;
}

static void flush(struct put *put)
{
	if (rd_kafka_flush(put->rk, TIMEOUT_MS) || put->failed)
		die("not everything was acknowledged");
}

static void hold(struct put *put)
{
	char c;
	flush(put);
	puts("holding");
	fflush(stdout);
	while (read(STDIN_FILENO, &c, 1) > 0)
		;
}

static void begin(struct put *put)
{
	if (!put->began)
		check(rd_kafka_init_transactions(put->rk, TIMEOUT_MS), "init");
	put->began = 1;
	check(rd_kafka_begin_transaction(put->rk), "begin");
}

/* The broker answers before it writes the marker, so readers of the topic would see the marker appear later. */
static void await_marker(struct put *put)
{
	int64_t lo, hi = 0;
	for (int tries = 0; put->last >= 0 && hi < put->last + 2; tries++) {
		if (tries)
			usleep(20000);
		rd_kafka_resp_err_t err =
			rd_kafka_query_watermark_offsets(put->rk, put->topic, put->partition, &lo, &hi, TIMEOUT_MS);
		if (err)
			die("cannot find out the end: %s", rd_kafka_err2str(err));
		if (tries > TIMEOUT_MS / 20)
			die("no marker after offset %lld", (long long)put->last);
	}
	put->last = -1;
}

static void end(struct put *put, rd_kafka_error_t *(*how)(rd_kafka_t *, int), const char *what)
{
	flush(put);
	check(how(put->rk, TIMEOUT_MS), what);
	await_marker(put);
}

static void act(struct put *put, const char *action)
{
	if (*action == '=')
		send_value(put, action + 1);
	else if (strcmp(action, "null") == 0)
		send_value(put, NULL);
	else if (*action == '@')
		put->timestamp = atoll(action + 1);
	else if (strncmp(action, "key", 3) == 0)
		set_key(put, action[3] ? action + 4 : NULL);
	else if (strncmp(action, "header=", 7) == 0)
		add_header(put, action + 7);
	else if (strcmp(action, "headers") == 0)
		drop_headers(put);
	else if (strcmp(action, "begin") == 0)
		begin(put);
	else if (strcmp(action, "commit") == 0)
		end(put, rd_kafka_commit_transaction, action);
	else if (strcmp(action, "abort") == 0)
		end(put, rd_kafka_abort_transaction, action);
	else if (strcmp(action, "hold") == 0)
		hold(put);
	else
		die("no such action: %s", action);
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
	char err[512];
	if (rd_kafka_conf_set(conf, name, value, err, sizeof err) != RD_KAFKA_CONF_OK)
		die("%s", err);
}

int main(int argc, char **argv)
{
	struct put put = {.last = -1};
	char err[512];
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	int c;
	set(conf, "linger.ms", "5");
	set(conf, "message.max.bytes", "1000000000");
	while ((c = getopt(argc, argv, "+X:")) == 'X') {
		char *value = strchr(optarg, '=');
		if (!value)
			die("-X %s: no '='", optarg);
		*value++ = '\0';
		set(conf, optarg, value);
	}
	if (c != -1 || argc - optind < 4)
		return fputs("usage: kput [-X NAME=VALUE]... BROKERS TOPIC PARTITION ACTION...\n", stderr), 2;
	set(conf, "bootstrap.servers", argv[optind]);
	put.topic = argv[optind + 1];
	put.partition = atoi(argv[optind + 2]);
	rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
	rd_kafka_conf_set_opaque(conf, &put);
	put.rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, err, sizeof err);
	if (!put.rk)
		die("%s", err);
	for (int i = optind + 3; i < argc; i++)
		act(&put, argv[i]);
	flush(&put);
	drop_headers(&put);
	set_key(&put, NULL);
	rd_kafka_destroy(put.rk);
	return 0;
}
