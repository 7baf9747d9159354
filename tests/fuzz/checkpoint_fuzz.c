/*
 * Files of states: any bytes are skipped or accepted.  An accepted frame has positions, and its data can be read or is
 * reported as damaged.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "common/data/recent.h"
#include "common/stream/checkpoint_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Give each frame in the LEN bytes at S correct checksums, so that the later code is reached. */
static void mend(char *s, size_t len)
{
	while (len >= 40 && memcmp(s, "weirst2\n", 8) == 0) {
		uint32_t text;
		uint64_t n, sum = 0;
		memcpy(&text, s + 12, 4);
		memcpy(&n, s + 16, 8);
		if (text > len - 40 || n > len - 40 - text)
			return;
		sum = XXH3_64bits(s + 40 + text, n);
		memcpy(s + 24, &sum, 8);
		memset(s + 32, 0, 8);
		sum = XXH3_64bits(s, 40 + (size_t)text);
		memcpy(s + 32, &sum, 8);
		s += 40 + text + n;
		len -= 40 + text + n;
	}
}

/* The data is what clean keeps. */
static void take(struct recent *r, bool full, const char *s, size_t len)
{
	const char *end = s + len;
	if (recent_load(r, full, &s, end) == 0 && (s > end || r->count > r->limit))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size ? size : 1), *s;
	int fd = memfd_create("state", MFD_CLOEXEC), first = 1;
	struct checkpoint_frame frame;
	struct recent r;
	uint64_t at = 0;
	if (!copy || fd < 0 || recent_init(&r, 1000, 1 << 20) < 0)
		abort();
	if (size)
		memcpy(copy, data + 1, size - 1);
	if (size && *data != 'd') /* the input as it is, or with corrected checksums */
		mend(copy, size - 1);
	if (size > 1 && write(fd, copy, size - 1) != (ssize_t)(size - 1))
		abort();
	while (checkpoint_frame_read(fd, at, &frame) == 1) {
		if (checkpoint_frame_end(&frame) <= at || checkpoint_frame_end(&frame) > size)
			abort();
		at = checkpoint_frame_end(&frame);
		bool good = checkpoint_frame_data(fd, &frame, &s) == 0;
		if (good != (checkpoint_frame_verify(fd, &frame) == 0))
			abort();
		if (good) {
			take(&r, first, s, frame.len);
			free(s);
		}
		first = 0;
		checkpoint_frame_release(&frame);
	}
	recent_release(&r);
	close(fd);
	free(copy);
	return 0;
}
