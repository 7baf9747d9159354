/*
 * Fuzz target: the log of a Delta table (common/lake/audit_delta.h) in a store that is in memory.  Entries are parted
 * by NUL bytes; an empty one is missing.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/lake/audit_delta.h"
#include "common/lake/log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ENTRIES = 64 };

struct memory_store {
	struct store base;
	const char *entry[ENTRIES];
	size_t len[ENTRIES];
	int count;
};

static void split(struct memory_store *m, const uint8_t *data, size_t size)
{
	const char *s = (const char *)data, *end = s + size;
	while (s < end && m->count < ENTRIES) {
		const char *nul = memchr(s, '\0', (size_t)(end - s)), *stop = nul ? nul : end;
		m->entry[m->count] = s;
		m->len[m->count++] = (size_t)(stop - s);
		s = nul ? nul + 1 : end;
	}
}

/* The version of the entry PATH, or -1. */
static int find_entry(const struct memory_store *m, const char *path)
{
	const char *slash = strrchr(path, '/');
	int64_t version = log_version_of(slash ? slash + 1 : path);
	return version >= 0 && version < m->count && m->len[version] ? (int)version : -1;
}

static int get(struct store *s, const char *path, uint64_t max, struct strbuf *ret, struct strbuf *err)
{
	const struct memory_store *m = (const struct memory_store *)s;
	int i = find_entry(m, path);
	if (i < 0 || m->len[i] > max) {
		strbuf_addf(err, "cannot read '%s'", path);
		return i < 0 ? -ENOENT : -EBADMSG;
	}
	strbuf_add(ret, m->entry[i], m->len[i]);
	return 0;
}

static int read_range(
	struct store *s, const char *path, const char *tag, uint64_t pos, void *buf, size_t size, struct strbuf *err)
{
	const struct memory_store *m = (const struct memory_store *)s;
	int i = find_entry(m, path);
	(void)tag;
	if (i < 0) {
		strbuf_addf(err, "cannot read '%s'", path);
		return -ENOENT;
	}
	size_t n = pos < m->len[i] ? m->len[i] - (size_t)pos : 0;
	n = n < size ? n : size;
	memcpy(buf, m->entry[i] + (n ? pos : 0), n);
	return (int)n;
}

static int list(struct store *s, const char *dir, struct names *ret, struct strbuf *err)
{
	const struct memory_store *m = (const struct memory_store *)s;
	char name[32];
	(void)dir, (void)err;
	for (int i = 0; i < m->count; i++) {
		snprintf(name, sizeof name, "%020d.json", i);
		if (m->len[i])
			names_add(ret, name);
	}
	return 0;
}

static int size_of(struct store *s, const char *path, uint64_t *ret, struct strbuf *err)
{
	const struct memory_store *m = (const struct memory_store *)s;
	int i = find_entry(m, path);
	(void)err;
	*ret = i < 0 ? 0 : m->len[i];
	return i < 0 ? -ENOENT : 0;
}

static const struct store_ops ops = {.get = get, .read = read_range, .list = list, .size = size_of};

static void find(void *arg, const char *text)
{
	uint64_t *count = arg;
	if (!*text)
		abort();
	++*count;
}

static void fail(void *arg, int code, const char *text)
{
	(void)arg;
	if (code >= 0 || !*text)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char url[] = "table";
	struct memory_store m = {.base = {.ops = &ops, .url = url}};
	struct strbuf err = STRBUF_INIT;
	struct audit a;
	uint64_t count = 0;
	split(&m, data, size);
	audit_init(&a, find, fail, &count);
	int r = audit_delta_log(&a, &m.base, &err);
	if ((r < 0 && !err.len) || count != a.findings)
		abort();
	audit_release(&a);
	strbuf_release(&err);
	return 0;
}
