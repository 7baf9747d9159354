/* common/io/statedir, statefile: what is found again, what is refused, and what damage does. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/strbuf.h"
#include "common/io/statedir.h"
#include "tests/unit/check.h"

static char dir[64];

static void new_dir(void)
{
	strcpy(dir, "/tmp/statedir-test-XXXXXX");
	CHECK(mkdtemp(dir) != NULL);
}

static void remove_dir(void)
{
	char command[128];
	snprintf(command, sizeof command, "rm -rf '%s'", dir);
	CHECK_INT(system(command), 0);
}

/* The text of a B (or R) of batch BATCH with partitions 0 and 1 of topic t at P0 and P1; below 0: not there. */
static struct mark make_mark(struct strbuf *text, enum mark_kind kind, uint64_t batch, int64_t p0, int64_t p1)
{
	struct mark mark = {.kind = kind, .run = 7, .batch = batch};
	struct mark_part parts[2];
	size_t n = 0, start;
	int64_t at[2] = {p0, p1};
	char topic[] = "t";
	for (int i = 0; i < 2; i++)
		if (at[i] >= 0)
			parts[n++] = (struct mark_part){.topic = topic,
				.partition = i,
				.from = 0,
				.to = at[i],
				.was = at[i],
				.start = at[i],
				.end = PART_NONE};
	strcpy(mark.by, "consume");
	strbuf_clear(text);
	mark_begin(text, &mark, &start);
	if (kind == MARK_BATCH)
		parts_add_batch(text, parts, n);
	else
		parts_add_resume(text, parts, n);
	mark_end(text, start);
	CHECK_INT(mark_parse(text->s, text->len, &mark), 0);
	return mark;
}

static int open_dir(struct statedir *s, const char *identity, struct strbuf *notes)
{
	struct strbuf err = STRBUF_INIT;
	int r = statedir_open(s, dir, identity, notes, &err);
	CHECK((r < 0) == (err.len > 0));
	strbuf_release(&err);
	return r;
}

static int save(struct statedir *s, enum state_form form, uint64_t batch, int64_t p0, int64_t p1, const char *data)
{
	struct strbuf text = STRBUF_INIT;
	struct mark mark = make_mark(&text, MARK_BATCH, batch, p0, p1);
	struct state_out out;
	int r = statedir_save_begin(s, form, p0 < 0 ? NULL : &mark, &out);
	if (r == 0) {
		state_put(&out, data, strlen(data));
		r = statedir_save_end(s, &out);
	}
	strbuf_release(&text);
	return r;
}

static int take(void *arg, bool full, const char *data, size_t len, struct strbuf *err)
{
	struct strbuf *b = arg;
	(void)err;
	if (full)
		strbuf_clear(b);
	strbuf_add(b, data, len);
	return 0;
}

/* What the directory has for these positions; NULL: nothing. */
static const char *load(int64_t p0, int64_t p1)
{
	static struct strbuf got = STRBUF_INIT;
	struct strbuf text = STRBUF_INIT, notes = STRBUF_INIT, err = STRBUF_INIT;
	struct mark mark = make_mark(&text, MARK_RESUME, 0, p0, p1);
	struct mark_parts parts;
	struct statedir s;
	CHECK_INT(parts_read(&mark, &parts, &err), 0);
	CHECK_INT(statedir_open(&s, dir, "me", &notes, &err), 0);
	strbuf_clear(&got);
	int r = statedir_load(&s, p0 < 0 ? NULL : &parts, take, &got, &notes, &err);
	CHECK(r == 0 || r == 1);
	statedir_release(&s);
	parts_release(&parts);
	strbuf_release(&text);
	strbuf_release(&notes);
	strbuf_release(&err);
	return r == 1 ? got.s : NULL;
}

static void test_positions(void)
{
	struct statedir s;
	struct strbuf notes = STRBUF_INIT;
	new_dir();
	CHECK_INT(open_dir(&s, "me", &notes), 0);
	CHECK(statedir_empty(&s));
	CHECK(!statedir_takes_delta(&s));
	CHECK_INT(save(&s, STATE_FULL, 1, 10, 5, "one"), 0);
	CHECK(statedir_takes_delta(&s));
	CHECK_INT(save(&s, STATE_DELTA, 2, 20, 5, "+two"), 0);
	CHECK_INT(save(&s, STATE_DELTA, 3, 20, 9, "+three"), 0);
	CHECK_INT(save(&s, STATE_FULL, 4, 30, 9, "four"), 0);
	statedir_release(&s);
	CHECK(load(10, 4) == NULL);
	CHECK(load(10, -1) == NULL);
	CHECK_STR(load(10, 5), "one");
	CHECK_STR(load(20, 5), "one+two");
	CHECK_STR(load(20, 9), "one+two+three");
	CHECK_STR(load(30, 9), "four");
	CHECK(load(-1, -1) == NULL);
	CHECK_INT(notes.len, 0);
	strbuf_release(&notes);
	remove_dir();
}

static void test_prune(void)
{
	struct statedir s;
	struct strbuf notes = STRBUF_INIT;
	new_dir();
	for (int run = 0; run < 2; run++) {
		CHECK_INT(open_dir(&s, "me", &notes), 0);
		for (uint64_t b = 1; b < 4; b++)
			CHECK_INT(save(&s, STATE_FULL, b, run * 100 + (int64_t)b, 0, "x"), 0);
		CHECK_INT(statedir_prune(&s, 2, 2), 0); /* nothing is above 2 and done */
		statedir_release(&s);
	}
	CHECK(load(1, 0) != NULL);
	CHECK(load(101, 0) != NULL);
	CHECK_INT(open_dir(&s, "me", &notes), 0);
	CHECK_INT(save(&s, STATE_FULL, 5, 205, 0, "x"), 0);
	CHECK_INT(save(&s, STATE_FULL, 6, 206, 0, "x"), 0);
	CHECK_INT(save(&s, STATE_FULL, 7, 207, 0, "x"), 0);
	CHECK_INT(statedir_prune(&s, 4, 6), 0);
	statedir_release(&s);
	CHECK(load(103, 0) == NULL);
	CHECK(load(205, 0) == NULL);
	CHECK(load(206, 0) != NULL);
	CHECK(load(207, 0) != NULL);
	strbuf_release(&notes);
	remove_dir();
}

int main(void)
{
	TEST(test_positions);
	TEST(test_prune);
	return check_done();
}
