/* common/stream/checkpoint: when state is written, which is loaded, and with what words a start is refused. */
#include <errno.h>

#include "common/stream/checkpoint.h"
#include "tests/unit/capture.h"
#include "tests/unit/checkpoints.h"

/* A program whose state is a text; each save is written down. */
static struct strbuf state = STRBUF_INIT, said = STRBUF_INIT, printed = STRBUF_INIT, calls = STRBUF_INIT;

static void save_text(void *self, bool full, struct checkpoint_out *to)
{
	(void)self;
	strbuf_addf(&calls, "save(%s) ", full ? "full" : "delta");
	checkpoint_put(to, state.s, state.len);
}

static int load_text(void *self, bool full, const char *data, size_t len, struct strbuf *why)
{
	(void)self;
	if (len == 3 && memcmp(data, "bad", 3) == 0) {
		strbuf_addstr(why, "this state is bad");
		return -EBADMSG;
	}
	if (full)
		strbuf_clear(&state);
	strbuf_add(&state, data, len);
	strbuf_addf(&calls, "load(%s) ", full ? "full" : "delta");
	return 0;
}

static const struct checkpoint_ops ops = {.version = 1, .save = save_text, .load = load_text};
static const struct checkpoint_ops with_deltas = {.version = 1, .deltas = true, .save = save_text, .load = load_text};

static struct capture capture;

/* A run begins, with empty state and what `dir` has; messages are kept until end(). */
static int begin_as(struct checkpoint *k, const struct checkpoint_ops *form, bool fresh, const char *query)
{
	struct checkpoint_opts opts = {.dir = dir, .fresh = fresh};
	strbuf_clear(&state);
	strbuf_clear(&calls);
	capture_file(&capture);
	*k = (struct checkpoint){0};
	return checkpoint_open(k, &opts, form, NULL, query);
}

static void begin(struct checkpoint *k)
{
	CHECK_INT(begin_as(k, &ops, false, "q"), 0);
}

static void end(struct checkpoint *k)
{
	checkpoint_release(k);
	capture_end(&capture, &printed, &said);
}

static int step(struct checkpoint *k, enum filter_moment when, uint64_t batch, int64_t p0, int64_t p1)
{
	struct strbuf s = STRBUF_INIT;
	struct mark mark = make_mark(&s, when == FILTER_RESUME ? MARK_RESUME : MARK_BATCH, batch, p0, p1);
	int r = checkpoint_step(k, when, &mark);
	strbuf_release(&s);
	return r;
}

/* R where the sinks have no positions yet; its batch is such that it has the cut of P0. */
static int resume_new(struct checkpoint *k, int64_t p0)
{
	struct strbuf s = STRBUF_INIT;
	struct mark mark = {.kind = MARK_RESUME, .run = 7, .batch = (uint64_t)p0};
	struct mark_range part = {.topic = (char[]){"t"},
		.held = true,
		.start = p0,
		.was = RANGE_NONE,
		.end = RANGE_NONE,
		.topic_parts = RANGE_NONE};
	size_t start;
	strcpy(mark.by, "consume");
	mark_begin(&s, &mark, &start);
	ranges_add_resume(&s, &part, 1);
	mark_end(&s, start);
	CHECK_INT(mark_parse(s.s, s.len, &mark), 0);
	int r = checkpoint_step(k, FILTER_RESUME, &mark);
	strbuf_release(&s);
	return r;
}

static void set(const char *s)
{
	strbuf_clear(&state);
	strbuf_addstr(&state, s);
}

/* --- tests -------------------------------------------------------------------------------------------------------- */

/* A run that was killed goes on from whatever position the sink has. */
static void test_every_batch_is_found_again(void)
{
	struct checkpoint k;
	new_dir();
	begin(&k);
	CHECK_INT(resume_new(&k, 3), 0);
	set("one");
	CHECK_INT(step(&k, FILTER_BATCH, 0, 10, -1), 0);
	set("two");
	CHECK_INT(step(&k, FILTER_BATCH, 1, 20, -1), 0);
	CHECK_STR(calls.s, "save(full) save(full) save(full) ");
	end(&k);
	CHECK(strstr(said.s, "holds no state yet; beginning with empty state\n"));
	static const struct {
		int64_t at;
		const char *text;
	} starts[] = {{20, "two"}, {10, "one"}, {3, ""}};
	for (size_t i = 0; i < 3; i++) {
		begin(&k);
		CHECK_INT(step(&k, FILTER_RESUME, 0, starts[i].at, -1), 0);
		CHECK_STR(state.s ? state.s : "", starts[i].text);
		CHECK_STR(calls.s, "load(full) ");
		end(&k);
		CHECK_STR(said.s, "");
	}
	remove_dir();
}

/* A batch that moves no position saves nothing. */
static void test_idle_batch(void)
{
	struct checkpoint k;
	new_dir();
	begin(&k);
	CHECK_INT(resume_new(&k, 3), 0);
	strbuf_clear(&calls);
	CHECK_INT(step(&k, FILTER_BATCH, 0, 3, -1), 0);
	CHECK_STR(calls.s ? calls.s : "", "");
	CHECK_INT(step(&k, FILTER_BATCH, 1, 4, -1), 0);
	CHECK_STR(calls.s, "save(full) ");
	CHECK_INT(step(&k, FILTER_BATCH, 2, 4, -1), 0);
	CHECK_STR(calls.s, "save(full) ");
	end(&k);
	remove_dir();
}

static void test_deltas(void)
{
	struct checkpoint k;
	new_dir();
	CHECK_INT(begin_as(&k, &with_deltas, false, "q"), 0);
	CHECK_INT(resume_new(&k, 0), 0);
	set("one");
	CHECK_INT(step(&k, FILTER_BATCH, 0, 10, -1), 0);
	set("+two");
	CHECK_INT(step(&k, FILTER_BATCH, 1, 20, -1), 0);
	CHECK(strncmp(calls.s, "save(full) ", 11) == 0);
	CHECK(strstr(calls.s, "save(delta)"));
	end(&k);
	CHECK_INT(begin_as(&k, &with_deltas, false, "q"), 0);
	CHECK_INT(step(&k, FILTER_RESUME, 0, 20, -1), 0);
	CHECK_STR(state.s, "one+two");
	end(&k);
	remove_dir();
}

/* A position for which there is no state is refused, unless state is begun anew. */
static void test_other_positions(void)
{
	struct checkpoint k;
	new_dir();
	begin(&k);
	CHECK_INT(resume_new(&k, 3), 0);
	set("one");
	CHECK_INT(step(&k, FILTER_BATCH, 0, 10, -1), 0);
	end(&k);
	begin(&k);
	CHECK_INT(step(&k, FILTER_RESUME, 0, 7, -1), EXIT_CONFIG);
	end(&k);
	CHECK(strstr(
		said.s, "has no state for where the run starts (topic 't', partition 0: offset 7 of batch 7 of run "));
	CHECK_INT(begin_as(&k, &ops, true, "q"), 0);
	CHECK_INT(step(&k, FILTER_RESUME, 0, 7, -1), 0);
	CHECK_STR(calls.s, "save(full) ");
	end(&k);
	CHECK(strstr(said.s, "(--reset-state)"));
	remove_dir();
	new_dir(); /* an empty directory, but a sink that has positions */
	begin(&k);
	CHECK_INT(step(&k, FILTER_RESUME, 0, 7, -1), EXIT_CONFIG);
	end(&k);
	remove_dir();
}

/* State does not move between members; partitions that nobody has a position of may come. */
static void test_assignment_changes(void)
{
	struct checkpoint k;
	new_dir();
	begin(&k);
	CHECK_INT(resume_new(&k, 3), 0);
	CHECK_INT(step(&k, FILTER_BATCH, 0, 10, -1), 0);
	CHECK_INT(step(&k, FILTER_RESUME, 0, 10, -1), 0); /* the same again */
	CHECK_INT(step(&k, FILTER_RESUME, 0, 10, 5), EXIT_CONFIG);
	end(&k);
	CHECK(strstr(said.s, "the assignment of partitions has changed"));
	begin(&k);
	CHECK_INT(step(&k, FILTER_BATCH, 0, 10, -1), EXIT_DATA);
	end(&k);
	CHECK(strstr(said.s, "a batch comes before the mark that says where it starts"));
	remove_dir();
}

static void test_plain(void)
{
	struct checkpoint k;
	new_dir();
	for (int i = 0; i < 2; i++) {
		begin(&k);
		CHECK_INT(checkpoint_step(&k, FILTER_PLAIN, NULL), 0);
		CHECK_STR(state.s ? state.s : "", i ? "kept" : "");
		set("kept");
		if (i == 0)
			CHECK_INT(checkpoint_step(&k, FILTER_DONE, NULL), 0);
		end(&k);
	}
	begin(&k); /* a marked stream does not go on from there */
	CHECK_INT(step(&k, FILTER_RESUME, 0, 7, -1), EXIT_CONFIG);
	end(&k);
	remove_dir();
	new_dir(); /* nor a plain one from the state of a marked one */
	begin(&k);
	CHECK_INT(resume_new(&k, 3), 0);
	end(&k);
	begin(&k);
	CHECK_INT(checkpoint_step(&k, FILTER_PLAIN, NULL), EXIT_CONFIG);
	end(&k);
	CHECK(strstr(said.s, "the state of a marked stream; the input is a plain one"));
	remove_dir();
}

static void test_who_may(void)
{
	struct checkpoint k, other;
	struct checkpoint_opts off = {.dir = "none"}, same = {.dir = dir};
	new_dir();
	begin(&k);
	CHECK_INT(resume_new(&k, 3), 0);
	CHECK_INT(checkpoint_open(&other, &same, &ops, NULL, "q"), EXIT_TEMP); /* it is used */
	checkpoint_release(&other);
	end(&k);
	CHECK_INT(begin_as(&k, &ops, false, "another query"), EXIT_CONFIG);
	end(&k);
	CHECK_INT(begin_as(&k, &ops, false, "\xff"), EXIT_CONFIG);
	end(&k);
	CHECK_STR(said.s, "weir try: the options that shape the state are no UTF-8\n");
	CHECK_INT(checkpoint_open(&k, &off, &ops, NULL, "q"), 0);
	CHECK_INT(step(&k, FILTER_RESUME, 0, 7, -1), 0); /* without --state nothing is asked */
	checkpoint_release(&k);
	remove_dir();
}

/* A state that the program itself refuses ends the run. */
static void test_bad_state(void)
{
	struct checkpoint k;
	new_dir();
	begin(&k);
	CHECK_INT(resume_new(&k, 3), 0);
	set("bad");
	CHECK_INT(step(&k, FILTER_BATCH, 0, 10, -1), 0);
	end(&k);
	begin(&k);
	CHECK_INT(step(&k, FILTER_RESUME, 0, 10, -1), EXIT_TEMP);
	end(&k);
	CHECK(strstr(said.s, "this state is bad"));
	remove_dir();
}

int main(void)
{
	diag_init("try");
	TEST(test_every_batch_is_found_again);
	TEST(test_idle_batch);
	TEST(test_deltas);
	TEST(test_other_positions);
	TEST(test_assignment_changes);
	TEST(test_plain);
	TEST(test_who_may);
	TEST(test_bad_state);
	strbuf_release(&state);
	strbuf_release(&said);
	strbuf_release(&printed);
	strbuf_release(&calls);
	return check_done();
}
