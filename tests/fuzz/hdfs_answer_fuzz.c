/* Answers of HDFS: any bytes are read or refused, and the results are as the header promises. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/lake/hdfs_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int item(void *arg, const char *name, const struct hdfs_status *status)
{
	if (!*name || strchr(name, '/') || status->size > INT64_MAX)
		abort();
	++*(size_t *)arg;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data;
	struct strbuf text = STRBUF_INIT, last = STRBUF_INIT;
	struct hdfs_status status;
	char name[8];
	size_t count = 0;
	if (hdfs_read_exception(s, size, name, sizeof name, &text) == 0 &&
		(strlen(name) >= sizeof name || text.len > size || (text.len && strpbrk(text.s, "\r\n"))))
		abort();
	if (hdfs_read_boolean(s, size) > 1 || (hdfs_read_status(s, size, &status) == 0 && status.size > INT64_MAX))
		abort();
	strbuf_clear(&text);
	if (hdfs_read_location(s, size, &text) < 0 && text.len)
		abort();
	int r = hdfs_read_listing(s, size, item, &count, &last);
	if (r == 1 ? !last.len || !count : last.len || (r != 0 && r != -EBADMSG))
		abort();
	strbuf_release(&text);
	strbuf_release(&last);
	return 0;
}
