/* Unit tests of common/lake/json_in: members that are there, are of another type, or are not there. */
#include "common/lake/json_in.h"

#include "tests/unit/check.h"

static void test_members(void)
{
	json_t *o = json_loads("{\"n\":-7,\"s\":\"x\",\"o\":{\"n\":3},\"r\":1.5}", 0, NULL);
	CHECK_INT(number_in(o, "n"), -7);
	CHECK_INT(number_in(o, "s"), -1);
	CHECK_INT(number_in(o, "r"), -1);
	CHECK_INT(number_in(o, "none"), -1);
	CHECK_INT(number_in(NULL, "n"), -1);
	CHECK_STR(text_in(o, "s"), "x");
	CHECK(!text_in(o, "n") && !text_in(o, "none") && !text_in(NULL, "s"));
	CHECK_INT(number_in(object_in(o, "o"), "n"), 3);
	json_decref(o);
}

static void test_objects_that_are_made(void)
{
	json_t *o = json_loads("{\"n\":7}", 0, NULL);
	json_object_set_new(object_in(object_in(o, "new"), "deep"), "k", json_integer(1));
	CHECK_INT(number_in(object_in(object_in(o, "new"), "deep"), "k"), 1);
	CHECK(json_is_object(object_in(o, "n"))); /* what was not an object is replaced */
	CHECK_INT(json_object_size(o), 2);
	json_decref(o);
}

int main(void)
{
	TEST(test_members);
	TEST(test_objects_that_are_made);
	return check_done();
}
