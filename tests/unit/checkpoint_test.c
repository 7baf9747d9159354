/* common/stream/checkpoint: when states are written, and which one is loaded. */
#include "tests/unit/checkpoint.h"

/* After a kill, a run continues from whatever position the sink has. */
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
	CHECK_INT(checkpoint_open(&other, &same, &ops, NULL, "q"), EXIT_TEMP); /* another process uses the directory */
	checkpoint_release(&other);
	end(&k);
	CHECK_INT(begin_as(&k, &ops, false, "another query"), EXIT_CONFIG);
	end(&k);
	CHECK_INT(begin_as(&k, &ops, false, "\xff"), EXIT_CONFIG);
	end(&k);
	CHECK_STR(said.s, "weir try: the options that shape the state are not UTF-8\n");
	CHECK_INT(checkpoint_open(&k, &off, &ops, NULL, "q"), 0);
	CHECK_INT(step(&k, FILTER_RESUME, 0, 7, -1), 0); /* without --state nothing is checked */
	checkpoint_release(&k);
	remove_dir();
}

/* If the program itself refuses a state, the run ends. */
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
	TEST(test_plain);
	TEST(test_who_may);
	TEST(test_bad_state);
	return checkpoint_done();
}
