/* lake-put --stats: see stats.h. */
#include "stats.h"

#include "common/io/file.h"

int stats_write(const char *path, const struct put_stats *stats, struct strbuf *err)
{
	struct file file;
	int r = file_begin(&file, path);
	if (r == 0 && (r = stats_print(file.fd, stats)) < 0)
		file_drop(&file);
	else if (r == 0)
		r = file_commit(&file);
	if (r < 0)
		strbuf_addf(err, "cannot write '%s': %s", path, file_strerror(r));
	return r;
}
