/* Fuzz target: output formats, as in consume -f (common/kafka/format.h); what comes after the first NUL is the value.
 */
#include "common/kafka/format.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void run(struct format *f, const struct record *r)
{
	if (format_refuses(f, r))
		return;
	size_t room = format_size(f, r);
	char *buf = xmalloc(room);
	if ((size_t)(format_write(f, buf, r) - buf) > room)
		abort();
	free(buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s = xstrndup((const char *)data, size);
	size_t len = strlen(s);
	struct strbuf err = STRBUF_INIT;
	for (int i = 0; i < 6; i++) {
		struct frame frame = {i % 2 ? '\0' : '\n', (enum frame_policy)(i / 2)};
		struct format f;
		if (format_init(&f, s, &frame, &err) == 0) {
			const char *value = (const char *)data + (len < size ? len + 1 : size);
			size_t value_len = size - (size_t)(value - (const char *)data);
			struct record_header header = {value, value, value_len, value_len};
			struct record r = {.topic = "t",
				.timestamp = (int64_t)size * 99999999999,
				.timestamp_type = RECORD_TIME_CREATE,
				.key = value,
				.key_len = value_len,
				.value = value,
				.value_len = value_len,
				.headers = &header,
				.header_count = 1};
			run(&f, &r);
		}
		format_release(&f);
	}
	strbuf_release(&err);
	free(s);
	return 0;
}
