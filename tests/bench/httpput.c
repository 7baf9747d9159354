/*
 * Puts a file by common/io/http.h.
 *
 * usage: httpput URL FILE [PARTS [CONNECTIONS]]: puts it as PARTS objects (1), CONNECTIONS (1) of them at once.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/diag.h"
#include "common/io/http.h"

static void finish(struct http_call *call)
{
	struct strbuf err = STRBUF_INIT;
	if (http_wait(call, &err) < 0)
		die(EXIT_TEMP, "%s", err.s);
	if (http_answer(call)->status != 200)
		die(EXIT_TEMP, "status %d", http_answer(call)->status);
	http_call_free(call);
}

struct piece {
	int fd;
	uint64_t from;
};

/* Copy straight into libcurl's buffer, as curl does. */
static int supply(void *ctx, uint64_t pos, void *buf, size_t size)
{
	const struct piece *piece = ctx;
	for (ssize_t n; size; size -= (size_t)n) {
		n = pread(piece->fd, buf, size, (off_t)(piece->from + pos));
		if (n <= 0)
			return -EIO;
		pos += (uint64_t)n;
		buf = (char *)buf + n;
	}
	return 0;
}

static void put_parts(struct http *http, const char *url, int fd, uint64_t len, uint64_t parts)
{
	struct http_call **calls = xcalloc(parts, sizeof *calls);
	struct piece *piece = xcalloc(parts, sizeof *piece);
	for (uint64_t i = 0; i < parts; i++) {
		piece[i] = (struct piece){fd, len * i / parts};
		struct http_request request = {.method = "PUT", .url = url, .body = supply, .ctx = piece + i};
		request.len = len * (i + 1) / parts - piece[i].from;
		calls[i] = http_start(http, &request);
	}
	for (uint64_t i = 0; i < parts; i++)
		finish(calls[i]);
	free(calls);
	free(piece);
}

int main(int argc, char **argv)
{
	struct http *http;
	struct stat st;
	struct strbuf err = STRBUF_INIT;
	diag_init("httpput");
	if (argc < 3 || argc > 5)
		die(EXIT_USAGE, "usage: httpput URL FILE [PARTS [CONNECTIONS]]");
	struct http_config config = {.connections = argc > 4 ? (unsigned)atoi(argv[4]) : 1, .proxy = ""};
	if (http_new(&config, &http, &err) < 0)
		die(EXIT_TEMP, "%s", err.s);
	int fd = open(argv[2], O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		die(EXIT_CONFIG, "cannot open '%s'", argv[2]);
	put_parts(http, argv[1], fd, (uint64_t)st.st_size, argc > 3 ? (uint64_t)atoll(argv[3]) : 1);
	http_free(http);
	close(fd);
	return EXIT_OK;
}
