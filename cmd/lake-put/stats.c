/* lake-put --stats: see stats.h. */
#include "stats.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/io/file.h"

static int print(int fd, const struct sink_figures *stats, const struct http_counters *requests,
	const struct position *positions, size_t count)
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
	int r = stats_print(fd, stats, requests, labels, values, n);
	free(labels);
	free(values);
	free(numbers);
	return r;
}

int stats_write(const char *path, const struct sink_figures *stats, const struct http_counters *requests,
	const struct position *positions, size_t count, struct strbuf *err)
{
	struct file file;
	int r = file_begin(&file, path);
	if (r == 0 && (r = print(file.fd, stats, requests, positions, count)) < 0)
		file_drop(&file);
	else if (r == 0)
		r = file_commit(&file);
	if (r < 0)
		strbuf_addf(err, "cannot write '%s': %s", path, file_strerror(r));
	return r;
}
