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

#include "common/base/color.h"
#include "common/base/diag_log.h"

static const char *program = "";
static enum diag_notes notes;
static enum diag_format format = DIAG_PLAIN;
static bool debugs, told_error;

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

bool diag_debugs(void)
{
	return debugs;
}

PRINTF_LIKE(2, 0)
static void print(const char *level, const char *fmt, va_list args)
{
	char text[DIAG_TEXT_MAX], line[DIAG_LINE_MAX];
	int error = errno, n = vsnprintf(text, sizeof text, fmt, args);
	if (n < 0)
		strcpy(text, "message could not be formatted");
	bool timed = format != DIAG_PLAIN || (notes == DIAG_VERBOSE && !isatty(STDERR_FILENO));
	struct diag_message message = {
		.format = format,
		.level = level,
		.program = program,
		.text = text,
		.time = timed ? time(NULL) : 0,
		.color = (*level == 'e' || *level == 'w') && color_on(STDERR_FILENO),
	};
	if (*level == 'e')
		told_error = true;
	ssize_t r = write(STDERR_FILENO, line, diag_line(&message, line));
	(void)r;
	errno = error;
}

PRINTF_LIKE(2, 3)
static void say(const char *level, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	print(level, fmt, args);
	va_end(args);
}

/* Where messages have levels, a failure has a line of level error, whatever the messages before it were. */
static void tell_end(int status, void *unused)
{
	(void)unused;
	if (format != DIAG_PLAIN && status > EXIT_NO && !told_error)
		say("error", "ended with status %d", status);
}

void diag_log(enum diag_format how, bool debugging)
{
	static bool registered;
	if (how != DIAG_PLAIN && !registered)
		registered = on_exit(tell_end, NULL) == 0;
	format = how;
	debugs = debugging;
}

void warn(const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	print("warning", fmt, args);
	va_end(args);
}

void debug(const char *fmt, ...)
{
	va_list args;
	if (!debugs)
		return;
	va_start(args, fmt);
	print("debug", fmt, args);
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
	print("info", fmt, args);
	va_end(args);
}

void die(enum exit_status status, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	print("error", fmt, args);
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
	case ESPIPE:
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
