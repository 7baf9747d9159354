/* The records that wait for their transaction: see kept.h. */
#include "cmd/produce/kept.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/base/alloc.h"

#define NONE UINT64_MAX       /* the length of what is absent */
#define SAME (UINT64_MAX - 1) /* of what another part is, too */

/* What stands before the bytes of a record; each header is two lengths and its bytes. */
struct kept_head {
	uint64_t key_len, value_len;
	int64_t timestamp;
	int32_t partition;
	uint32_t headers;
	uint64_t topic;    /* 1: the other one */
	uint64_t line_len; /* NONE: it is not kept; SAME: it is the value */
};

static void unmap(struct kept_records *k)
{
	if (k->map)
		munmap((void *)(uintptr_t)k->map, k->size);
	k->map = NULL;
}

void kept_clear(struct kept_records *k)
{
	unmap(k);
	if (k->open)
		spool_release(&k->spool);
	sink_places_release(&k->places);
	free(k->headers);
	numset_clear(&k->left_out);
	*k = (struct kept_records){.topic = k->topic, .memory = k->memory, .lines = k->lines};
}

static int put(struct kept_records *k, const char *s, size_t len)
{
	return s && len ? spool_write(&k->spool, s, len) : 0;
}

static int put_header(struct kept_records *k, const struct record_header *h)
{
	const uint64_t lens[2] = {h->name_len, h->value ? h->value_len : NONE};
	int r = put(k, (const char *)lens, sizeof lens);
	if (r == 0)
		r = put(k, h->name, h->name_len);
	return r == 0 ? put(k, h->value, h->value_len) : r;
}

/* Make room behind what is there; it may have been read. */
static int open_end(struct kept_records *k)
{
	if (!k->open)
		return spool_open(&k->spool, k->memory);
	if (!k->map)
		return 0;
	unmap(k);
	return lseek(k->spool.out.fd, 0, SEEK_END) < 0 ? -errno : 0;
}

int kept_add(
	struct kept_records *k, const struct record *rec, const char *line, size_t len, const struct sink_place *place)
{
	const bool same = line == rec->value && len == rec->value_len;
	const struct kept_head head = {.key_len = rec->key ? rec->key_len : NONE,
		.value_len = rec->value ? rec->value_len : NONE,
		.timestamp = rec->timestamp,
		.partition = rec->partition,
		.headers = (uint32_t)rec->header_count,
		.topic = rec->topic != NULL,
		.line_len = !line || !k->lines ? NONE
			    : same             ? SAME
					       : len};
	int r = open_end(k);
	k->open |= r == 0;
	if (r == 0)
		r = put(k, (const char *)&head, sizeof head);
	if (r == 0)
		r = put(k, rec->key, rec->key_len);
	if (r == 0)
		r = put(k, rec->value, rec->value_len);
	for (size_t i = 0; i < rec->header_count && r == 0; i++)
		r = put_header(k, &rec->headers[i]);
	if (r == 0 && head.line_len < SAME)
		r = put(k, line, len);
	if (r < 0)
		return r;
	sink_places_add(&k->places, k->count, place);
	k->count++;
	return 0;
}

int kept_begin(struct kept_records *k)
{
	k->at = k->passed = k->next = 0;
	if (!k->open || k->map)
		return 0;
	int r = spool_rewind(&k->spool);
	if (r < 0 || !k->spool.size)
		return r;
	void *map = mmap(NULL, k->spool.size, PROT_READ, MAP_SHARED, k->spool.out.fd, 0);
	if (map == MAP_FAILED)
		return -errno;
	k->map = map;
	k->size = k->spool.size;
	return 0;
}

/* LEN bytes; an absent part is NULL, and an empty one is not. */
static const char *get(struct kept_records *k, uint64_t len, size_t *ret_len)
{
	const char *s = k->map + k->at;
	*ret_len = len == NONE ? 0 : len;
	k->at += *ret_len;
	return len == NONE ? NULL : s;
}

static void get_headers(struct kept_records *k, size_t count)
{
	if (count > k->headers_room) {
		k->headers = xreallocarray(k->headers, count, sizeof *k->headers);
		k->headers_room = count;
	}
	for (size_t i = 0; i < count; i++) {
		uint64_t lens[2];
		memcpy(lens, k->map + k->at, sizeof lens);
		k->at += sizeof lens;
		k->headers[i].name = get(k, lens[0], &k->headers[i].name_len);
		k->headers[i].value = get(k, lens[1], &k->headers[i].value_len);
	}
}

/* The next record, left out or not. */
static bool read_next(struct kept_records *k, struct record *ret)
{
	struct kept_head head;
	if (!k->map || k->at == k->size)
		return false;
	memcpy(&head, k->map + k->at, sizeof head);
	k->at += sizeof head;
	*ret = (struct record){.timestamp = head.timestamp, .partition = head.partition, .header_count = head.headers};
	ret->topic = head.topic ? k->topic : NULL;
	ret->key = get(k, head.key_len, &ret->key_len);
	ret->value = get(k, head.value_len, &ret->value_len);
	get_headers(k, head.headers);
	ret->headers = k->headers;
	k->line = get(k, head.line_len == SAME ? 0 : head.line_len, &k->line_len);
	if (head.line_len == SAME) {
		k->line = ret->value;
		k->line_len = ret->value_len;
	}
	k->nr = k->next++;
	return true;
}

bool kept_next(struct kept_records *k, struct record *ret)
{
	bool there;
	do
		there = read_next(k, ret);
	while (there && numset_has(&k->left_out, k->nr));
	return there;
}

/* The pages stay in the file; they are only taken out of this process. */
void kept_passed(struct kept_records *k)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), end = k->at / page * page;
	if (end <= k->passed)
		return;
	/* Without it, more memory is used. */
	(void)madvise((void *)(uintptr_t)(k->map + k->passed), end - k->passed, MADV_DONTNEED);
	k->passed = end;
}

uint64_t kept_nth(const struct kept_records *k, uint64_t n)
{
	uint64_t nr = n - 1;
	for (size_t i = 0; i < k->left_out.count && k->left_out.all[i] <= nr; i++)
		nr++;
	return nr;
}
