/* For unit tests of the log: a store that can be made to fail, tables in it, and commits of positions. */
#ifndef WEIR_TESTS_FAKE_STORE_H
#define WEIR_TESTS_FAKE_STORE_H

#include <stdio.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/lake/log.h"
#include "common/base/uuid.h"
#include "tests/unit/check.h"

static char top[4096];
static int tables;

/* A store over that of a directory, in which put_if_absent can lose its answer, before or after it has taken effect. */
struct fake {
	struct store base;
	struct store *real;
	int lose_after;  /* this many puts succeed, but their answers are lost */
	int lose_before; /* this many puts do nothing, and their answers are lost */
	int puts;
};

static struct fake *fake_of(struct store *s)
{
	return (struct fake *)s;
}
static void fake_close(struct store *s)
{
	store_close(fake_of(s)->real);
	free(s);
}
static int fake_get(struct store *s, const char *p, uint64_t max, struct strbuf *ret, struct strbuf *err)
{
	return store_get(fake_of(s)->real, p, max, ret, err);
}
static int fake_list(struct store *s, const char *p, struct names *ret, struct strbuf *err)
{
	return store_list(fake_of(s)->real, p, ret, err);
}
static int fake_put(struct store *s, const char *p, const struct strbuf *data, struct strbuf *err)
{
	return store_put(fake_of(s)->real, p, data, err);
}
static int fake_put_if_absent(struct store *s, const char *p, const struct strbuf *data, struct strbuf *err)
{
	struct fake *f = fake_of(s);
	f->puts++;
	if (f->lose_before > 0) {
		f->lose_before--;
		strbuf_addstr(err, "no answer");
		return STORE_UNKNOWN;
	}
	int r = store_put_if_absent(f->real, p, data, err);
	if (f->lose_after <= 0)
		return r;
	f->lose_after--;
	strbuf_addstr(err, "no answer");
	return STORE_UNKNOWN;
}
static int fake_sync(struct store *s, struct strbuf *err)
{
	return store_sync(fake_of(s)->real, err);
}
static int fake_publish(struct store *s, const char *p, uint64_t size, const char *tag, struct strbuf *err)
{
	return store_publish(fake_of(s)->real, p, size, tag, err);
}

static int fake_size(struct store *s, const char *p, uint64_t *ret, struct strbuf *err)
{
	return store_size(fake_of(s)->real, p, ret, err);
}

static int fake_remove(struct store *s, const char *p, struct strbuf *err)
{
	return store_remove(fake_of(s)->real, p, err);
}

static const struct store_ops fake_ops = {.close = fake_close,
	.get = fake_get,
	.list = fake_list,
	.put = fake_put,
	.put_if_absent = fake_put_if_absent,
	.sync = fake_sync,
	.publish = fake_publish,
	.size = fake_size,
	.remove = fake_remove};

/* A table in directory number N, with a writer of its own. */
static inline struct fake *open_fake(int n)
{
	struct strbuf dir = STRBUF_INIT, err = STRBUF_INIT;
	struct fake *f = xcalloc(1, sizeof *f);
	char uuid[UUID_LEN + 1];
	CHECK_INT(uuid_new(uuid, &err), 0);
	strbuf_addf(&dir, "%s/%d", top, n);
	CHECK_INT(store_open(dir.s, uuid, NULL, &f->real, &err), 0);
	f->base.ops = &fake_ops;
	f->base.url = xstrdup(dir.s);
	strbuf_release(&dir);
	return f;
}

static const struct table lines = {.delim = '\n'};

/* Commit P (and an id) to LOG. */
static inline int commit_positions(
	struct log *log, const struct position *p, size_t n, const char *id, struct strbuf *err)
{
	struct commit commit = {.id = id, .positions = p, .npositions = n};
	strbuf_clear(err);
	return log_commit(log, &commit, err);
}

/* Make a directory for the tables, in memory when tests/run has one there; false when that is not possible. */
static bool tables_begin(void)
{
	const char *dir = getenv("WEIR_TEST_MEMORY");
	if (!dir || !*dir)
		dir = getenv("TMPDIR");
	snprintf(top, sizeof top, "%s/lake-test-XXXXXX", dir && *dir ? dir : "/tmp");
	json_set_alloc_funcs(xmalloc, free);
	return mkdtemp(top) != NULL;
}

/* Remove the directory; false on failure. */
static bool tables_end(void)
{
	char command[4200];
	snprintf(command, sizeof command, "rm -rf '%s'", top);
	return system(command) == 0;
}

#endif
