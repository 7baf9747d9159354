/*
 * awskeys: shows, for tests, the results of common/lake/aws_creds.h.
 *
 * Standard input has one word per line: `get` and `renew` (the keys: id, secret and token, separated by blanks; "-" for
 * none), `region`, `endpoint`, `ca` ("-" for none), `later SECONDS` (both clocks go forward).  Each word except the
 * last is answered by a line on standard output; an error is the name of its errno, a blank, and the text.  Messages
 * about waiting go to standard error.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/clock.h"
#include "common/base/diag.h"
#include "common/base/num.h"
#include "common/base/sig.h"
#include "common/lake/aws_creds.h"

static int64_t later_ms;

/* This replaces common/base/clock.c, which the linker then does not take from the library. */
int64_t clock_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 + later_ms;
}

int64_t clock_epoch_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 + later_ms;
}

int64_t clock_boot_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_BOOTTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 + later_ms;
}

static void tell(const char *line)
{
	warn("%s", line);
}

static bool stopped(void)
{
	return sig_stop();
}

static void get(struct aws_creds *creds, bool renew)
{
	struct strbuf err = STRBUF_INIT;
	struct aws_key key;
	int r = aws_creds_get(creds, renew, &key, &err);
	if (r < 0)
		printf("%s %s\n", strerrorname_np(-r), err.s);
	else
		printf("%s %s %s\n", key.id, key.secret, key.token ? key.token : "-");
	strbuf_release(&err);
}

static void ask(struct aws_creds *creds, int (*question)(struct aws_creds *, const char **, struct strbuf *))
{
	struct strbuf err = STRBUF_INIT;
	const char *answer = NULL;
	int r = question(creds, &answer, &err);
	if (r < 0)
		printf("%s %s\n", strerrorname_np(-r), err.s);
	else
		printf("%s\n", answer ? answer : "-");
	strbuf_release(&err);
}

static void serve(struct aws_creds *creds, const char *line)
{
	int64_t seconds;
	if (strcmp(line, "get") == 0)
		get(creds, false);
	else if (strcmp(line, "renew") == 0)
		get(creds, true);
	else if (strcmp(line, "region") == 0)
		ask(creds, aws_creds_region);
	else if (strcmp(line, "endpoint") == 0)
		ask(creds, aws_creds_endpoint);
	else if (strcmp(line, "ca") == 0)
		ask(creds, aws_creds_ca_file);
	else if (strncmp(line, "later ", 6) == 0 && num_i64(line + 6, &seconds) == 0)
		later_ms += seconds * 1000;
	else
		die(EXIT_USAGE, "'%s' is not a question", line);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	const struct http_config config = {.tell = tell, .stopped = stopped, .trace = argc > 1 ? argv[1] : NULL};
	char *line = NULL;
	size_t cap = 0;
	diag_init("awskeys");
	sig_effects();
	struct aws_creds *creds = aws_creds_new(&config);
	while (getline(&line, &cap, stdin) > 0) {
		line[strcspn(line, "\n")] = '\0';
		serve(creds, line);
	}
	aws_creds_free(creds);
	free(line);
	return 0;
}
