/* The metadata of offsets, which anybody may commit: nothing is read beyond it, and what is read can be written again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/kafka/offset_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mark_range got = {.topic_parts = RANGE_NONE}, again = {.topic_parts = RANGE_NONE};
	struct strbuf text = STRBUF_INIT;
	/* memory of just that size, so that a read beyond it is found */
	char *copy = xmalloc(size ? size : 1);
	size_t len;
	if (size)
		memcpy(copy, data, size);
	const char *table = offset_text_table(copy, size, &len);
	if (table && (table < copy || table + len > copy + size || !len))
		abort();
	if (offset_text_read(copy, size, "topic:t", &got)) {
		const struct position p = {.cut = got.cut,
			.has_last = got.has_last,
			.last_ms = got.last_ms,
			.last_crc = got.last_crc,
			.last_offset = got.last_offset,
			.has_parts = got.topic_parts != RANGE_NONE,
			.parts = got.topic_parts};
		offset_text_add(&text, "topic:t", &p);
		if (!offset_text_read(text.s, text.len, "topic:t", &again) || again.has_last != got.has_last ||
			again.topic_parts != got.topic_parts || again.cut.known != got.cut.known)
			abort();
	}
	strbuf_release(&text);
	free(copy);
	return 0;
}
