/* Shared by the tests of state directories. */
#ifndef WEIR_TESTS_STATES_H
#define WEIR_TESTS_STATES_H

#include <stdlib.h>

#include "common/base/strbuf.h"
#include "common/stream/checkpoint_dir.h"
#include "tests/unit/check.h"

static char dir[64];

static inline void new_dir(void)
{
	strcpy(dir, "/tmp/checkpoint_dir-test-XXXXXX");
	CHECK(mkdtemp(dir) != NULL);
}

static inline void remove_dir(void)
{
	char command[128];
	snprintf(command, sizeof command, "rm -rf '%s'", dir);
	CHECK_INT(system(command), 0);
}

/* The cut of an offset in these tests, in which each offset is reached only once. */
static inline struct cut cut_of(int64_t offset)
{
	return (struct cut){.known = true, .run = 7, .batch = (uint64_t)offset};
}

/*
 * The text of a B (or R) with number BATCH, with partitions 0 and 1 of topic t at P0 and P1; a partition below 0 is
 * left out.
 */
static inline struct mark make_mark(struct strbuf *text, enum mark_kind kind, uint64_t batch, int64_t p0, int64_t p1)
{
	struct mark mark = {.kind = kind, .run = 7, .batch = batch};
	struct mark_range parts[2];
	size_t n = 0, start;
	int64_t at[2] = {p0, p1};
	char topic[] = "t";
	for (int i = 0; i < 2; i++)
		if (at[i] >= 0)
			parts[n++] = (struct mark_range){.topic = topic,
				.partition = i,
				.from = 0,
				.to = at[i],
				.was = at[i],
				.held = true,
				.cut = cut_of(at[i]),
				.start = at[i],
				.end = RANGE_NONE,
				.topic_parts = RANGE_NONE};
	strcpy(mark.by, "consume");
	strbuf_clear(text);
	mark_begin(text, &mark, &start);
	if (kind == MARK_BATCH)
		ranges_add_batch(text, parts, n);
	else
		ranges_add_resume(text, parts, n);
	mark_end(text, start);
	CHECK_INT(mark_parse(text->s, text->len, &mark), 0);
	return mark;
}

static inline int open_dir(struct checkpoint_dir *s, const char *identity, struct strbuf *notes)
{
	struct strbuf err = STRBUF_INIT;
	int r = checkpoint_dir_open(s, dir, identity, notes, &err);
	CHECK((r < 0) == (err.len > 0));
	strbuf_release(&err);
	return r;
}

static inline int save(
	struct checkpoint_dir *s, enum checkpoint_form form, uint64_t batch, int64_t p0, int64_t p1, const char *data)
{
	struct strbuf text = STRBUF_INIT;
	struct mark mark = make_mark(&text, MARK_BATCH, batch, p0, p1);
	struct checkpoint_out out;
	int r = checkpoint_dir_save_begin(s, form, p0 < 0 ? NULL : &mark, &out);
	if (r == 0) {
		checkpoint_put(&out, data, strlen(data));
		r = checkpoint_dir_save_end(s, &out);
	}
	strbuf_release(&text);
	return r;
}

static inline int take(void *arg, bool full, const char *data, size_t len, struct strbuf *err)
{
	struct strbuf *b = arg;
	(void)err;
	if (full)
		strbuf_clear(b);
	strbuf_add(b, data, len);
	return 0;
}

/* The state of the directory for these positions; NULL: none. */
static inline const char *load(int64_t p0, int64_t p1)
{
	static struct strbuf got = STRBUF_INIT;
	struct strbuf text = STRBUF_INIT, notes = STRBUF_INIT, err = STRBUF_INIT;
	struct mark mark = make_mark(&text, MARK_RESUME, 0, p0, p1);
	struct mark_ranges parts;
	struct checkpoint_dir s;
	CHECK_INT(ranges_read(&mark, &parts, &err), 0);
	CHECK_INT(checkpoint_dir_open(&s, dir, "me", &notes, &err), 0);
	strbuf_clear(&got);
	int r = checkpoint_dir_load(&s, p0 < 0 ? NULL : &parts, take, &got, &notes, &err);
	CHECK(r == 0 || r == 1);
	checkpoint_dir_release(&s);
	ranges_release(&parts);
	strbuf_release(&text);
	strbuf_release(&notes);
	strbuf_release(&err);
	return r == 1 ? got.s : NULL;
}

#endif
