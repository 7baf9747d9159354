/*
 * The state of the statement step: the first two bytes say how long the full state is that they come before, and a
 * delta follows it.  What was loaded is saved and loaded again to the same.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cmd/map/latest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Values of this target have at least one byte. */
static bool is_value(void *self, const char *s, size_t len)
{
	(void)self, (void)s;
	return len > 0;
}

/* A full state of L, as it is in a file behind the head of its frame and the line of its identity. */
static struct strbuf save(struct latest *l)
{
	struct strbuf ret = STRBUF_INIT;
	struct checkpoint_out out;
	uint64_t end;
	size_t head = 40 + 2;
	int fd = memfd_create("state", 0);

	checkpoint_out_begin(&out, fd, 0, CHECKPOINT_FULL, "q", "", 0);
	latest_save(l, true, &out);
	if (fd < 0 || checkpoint_out_end(&out, &end) < 0)
		abort();
	size_t len = (size_t)end - head;
	char *p = strbuf_grow(&ret, len);
	if (pread(fd, p, len, (off_t)head) != (ssize_t)len)
		abort();
	strbuf_extend(&ret, len);
	close(fd);
	return ret;
}

static void check_again(struct latest *l)
{
	struct strbuf s = save(l), t;
	struct latest copy;

	if (latest_init(&copy, l->limit) < 0 || latest_load(&copy, true, s.s, s.len, is_value, NULL) < 0 ||
		copy.used != l->used || copy.groups.count != l->groups.count)
		abort();
	t = save(&copy);
	if (t.len != s.len || memcmp(s.s, t.s, s.len) != 0)
		abort();
	latest_release(&copy);
	strbuf_release(&s);
	strbuf_release(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct latest l;
	size_t full;

	if (size < 2)
		return 0;
	full = (size_t)(data[0] << 8 | data[1]);
	data += 2;
	size -= 2;
	full = full > size ? size : full;
	if (latest_init(&l, 2000) < 0)
		abort();
	if (latest_load(&l, true, (const char *)data, full, is_value, NULL) == 0) {
		check_again(&l);
		if (latest_load(&l, false, (const char *)data + full, size - full, is_value, NULL) == 0)
			check_again(&l);
	}
	latest_release(&l);
	return 0;
}
