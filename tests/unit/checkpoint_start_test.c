/* common/stream/checkpoint: where a run starts, and the messages when it is refused. */
#include "tests/unit/checkpoint.h"

/*
 * R skips records that the topic has lost: a commit without a batch may be for that position, and it has a state, too.
 */
static void test_a_start_that_moves_the_position(void)
{
	struct checkpoint k;
	new_dir();
	begin(&k);
	CHECK_INT(resume_new(&k, 3), 0);
	set("one");
	CHECK_INT(step(&k, FILTER_BATCH, 4, 10, -1), 0);
	end(&k);
	begin(&k);
	CHECK_INT(resume_from(&k, 15, 10, 15), 0);
	CHECK_STR(calls.s, "load(full) save(full) ");
	end(&k);
	begin(&k);
	CHECK_INT(resume_from(&k, 0, 15, 15), 0); /* the position was committed */
	CHECK_STR(state.s, "one");
	CHECK_STR(calls.s, "load(full) ");
	end(&k);
	begin(&k);
	CHECK_INT(resume_from(&k, 0, 10, 15), 0); /* the position was not committed */
	CHECK_STR(state.s, "one");
	end(&k);
	remove_dir();
}

/* A position without a state is refused, unless the program begins with an empty state. */
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

/* State does not move between members; but partitions without any position may be added. */
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
	CHECK_INT(step(&k, FILTER_RESUME, 0, 10, -1), 0);
	CHECK_INT(step(&k, FILTER_RESUME, 0, 12, -1), EXIT_TEMP); /* an earlier put has arrived late */
	end(&k);
	CHECK(strstr(said.s, "another run has committed meanwhile"));
	begin(&k);
	CHECK_INT(step(&k, FILTER_BATCH, 0, 10, -1), EXIT_DATA);
	end(&k);
	CHECK(strstr(said.s, "a batch comes before the mark that says where it starts"));
	remove_dir();
}

int main(void)
{
	diag_init("try");
	TEST(test_a_start_that_moves_the_position);
	TEST(test_other_positions);
	TEST(test_assignment_changes);
	return checkpoint_done();
}
