/* Messages and exit statuses: see diag.h. */
#include "common/base/diag.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/base/ascii.h"
#include "common/base/control.h"

static const char *program = "";
static enum diag_notes notes;

/*
 * If the parent closed any of the descriptors 0 to 2, occupy them, so that no file or socket of ours gets such a
 * number; reading and writing them fails.
 */
static void keep_standard_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) < 0)
			return; /* no /dev/null: nothing can be done */
}

void diag_init(const char *name)
{
	program = name;
	keep_standard_descriptors();
}

const char *diag_name(void)
{
	return program;
}

/* Append S to BUF with control characters as \xNN; returns the new length, never above CAP. */
static size_t append_visible(char *buf, size_t len, size_t cap, const char *s)
{
	char before = '\0';
	for (size_t left = strlen(s); left && len + 9 < cap;) {
		size_t n = control_len(s, left, before);
		if (!n)
			buf[len++] = *s;
		for (size_t i = 0; i < n; i++) {
			buf[len++] = '\\';
			buf[len++] = 'x';
			ascii_put_hex(buf + len, &s[i], 1);
			len += 2;
		}
		n = n ? n : 1;
		s += n;
		left -= n;
		before = s[-1];
	}
	return len;
}

/* Write the time and a blank, as in a log; returns their length. */
static size_t put_time(char *to)
{
	char text[32];
	struct tm tm;
	time_t now = time(NULL);
	size_t n = gmtime_r(&now, &tm) ? strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ ", &tm) : 0;
	memcpy(to, text, n);
	return n;
}

PRINTF_LIKE(1, 0)
static void vwarn(const char *fmt, va_list args)
{
	char text[8192], line[16384];
	int error = errno, n = vsnprintf(text, sizeof text, fmt, args);
	if (n < 0)
		strcpy(text, "message could not be formatted");
	size_t len = notes == DIAG_VERBOSE && !isatty(STDERR_FILENO) ? put_time(line) : 0;
	memcpy(line + len, "weir", 4);
	len += 4;
	if (*program) {
		line[len++] = ' ';
		len = append_visible(line, len, sizeof line, program);
	}
	line[len++] = ':';
	line[len++] = ' ';
	len = append_visible(line, len, sizeof line, text);
	line[len++] = '\n';
	ssize_t r = write(STDERR_FILENO, line, len);
	(void)r;
	errno = error;
}

void warn(const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	vwarn(fmt, args);
	va_end(args);
}

void warn_line(const char *line)
{
	warn("%s", line);
}

void diag_notes(enum diag_notes how)
{
	notes = how;
}

void inform(const char *fmt, ...)
{
	va_list args;
	int error = errno;
	bool silent = notes == DIAG_QUIET || (notes == DIAG_NORMAL && !isatty(STDERR_FILENO));
	errno = error;
	if (silent)
		return;
	va_start(args, fmt);
	vwarn(fmt, args);
	va_end(args);
}

void die(enum exit_status status, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	vwarn(fmt, args);
	va_end(args);
	exit(status);
}

enum exit_status diag_status(int err)
{
	switch (err < 0 ? -err : err) {
	case 0:
		return EXIT_OK;
	case EMSGSIZE:
	case EILSEQ:
	case EBADMSG:
		return EXIT_DATA;
	case EACCES:
	case EPERM:
	case ENOENT:
	case ENOTDIR:
	case EISDIR:
	case EROFS:
	case ELOOP:
	case ENAMETOOLONG:
	case EINVAL:
	case EBADF:
	case ENXIO:
		return EXIT_CONFIG;
	default:
		return EXIT_TEMP;
	}
}

const char *diag_strerror(int err)
{
	return strerror(err < 0 ? -err : err);
}
