/* Whether text is coloured: see color.h. */
#include "common/base/color.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum color_when when;

void color_set(enum color_when w)
{
	when = w;
}

bool color_on(int fd)
{
	if (when != COLOR_AUTO)
		return when == COLOR_ALWAYS;
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
	int error = errno;
	bool on = !(no && *no) && term && *term && strcmp(term, "dumb") != 0 && isatty(fd);
	errno = error;
	return on;
}
