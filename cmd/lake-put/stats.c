/* lake-put --stats: see stats.h. */
#include "stats.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/lake/entry.h"

static int print(int fd, const struct stats *stats, const struct position *positions, size_t count)
{
	const char **labels = xcalloc(count, 3 * sizeof *labels);
	int64_t *values = xcalloc(count, sizeof *values);
	char(*numbers)[16] = xcalloc(count, sizeof *numbers);
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		if (positions[i].was < 0)
			continue;
		snprintf(numbers[n], sizeof numbers[n], "%d", (int)positions[i].partition);
		labels[3 * n] = positions[i].group;
		labels[3 * n + 1] = positions[i].topic;
		labels[3 * n + 2] = numbers[n];
		values[n++] = positions[i].was;
	}
	int r = stats_print(fd, stats, labels, values, n);
	free(labels);
	free(values);
	free(numbers);
	return r;
}

int stats_write(
	const char *path, const struct stats *stats, const struct position *positions, size_t count, struct strbuf *err)
{
	struct stat st;
	if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode)) { /* a device or a link must not be replaced */
		strbuf_addf(err, "cannot write '%s': not a regular file", path);
		return -EINVAL;
	}
	struct strbuf temp = STRBUF_INIT;
	strbuf_addf(&temp, "%s.%ld", path, (long)getpid());
	int fd = open(temp.s, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644), r = fd < 0 ? -errno : 0;
	if (r == 0)
		r = print(fd, stats, positions, count);
	if (r == 0 && rename(temp.s, path) < 0)
		r = -errno;
	if (r < 0) {
		strbuf_addf(err, "cannot write '%s': %s", path, diag_strerror(r));
		unlink(temp.s);
	}
	strbuf_release(&temp);
	return r;
}
