/* common/base/near: which name was meant. */
#include "common/base/near.h"
#include "tests/unit/check.h"

static void test_distance(void)
{
	CHECK_INT(near_distance("", ""), 0);
	CHECK_INT(near_distance("splti", "split"), 2);
	CHECK_INT(near_distance("clickz", "clicks"), 1);
	CHECK_INT(near_distance("abc", ""), 3);
}

static void test_parts(void)
{
	CHECK_INT(near_rank("put", "lake-put"), 0);
	CHECK_INT(near_rank("cat", "lake-cat"), 0);
	CHECK_INT(near_rank("lake", "lake-check"), 0);
	CHECK_INT(near_rank("count", "wordcount"), 0);
	CHECK_INT(near_rank("weir-consume", "consume"), 0);
	CHECK_INT(near_rank("checks", "lake-check"), 3);
	CHECK_INT(near_rank("ack", "hackle"), NEAR_NOT); /* not in the middle of a word */
	CHECK_INT(near_rank("p", "lake-put"), NEAR_NOT);
}

static void test_far(void)
{
	CHECK_INT(near_rank("put", "ack"), NEAR_NOT);
	CHECK_INT(near_rank("head", "each"), NEAR_NOT);
	CHECK_INT(near_rank("head", "lag"), NEAR_NOT);
	CHECK_INT(near_rank("lga", "lag"), NEAR_NOT); /* 2 of 3 letters */
	CHECK_INT(near_rank("splti", "split"), 4);
	CHECK_INT(near_rank("conusme", "consume"), 4);
	CHECK_INT(near_rank("consumer", "consume"), 2);
	CHECK_INT(near_rank("fromat", "from"), near_rank("fromat", "format"));
	CHECK(near_rank("timeuot", "timeout") < near_rank("timeuot", "sink-timeout"));
	CHECK_INT(near_rank("", "lag"), NEAR_NOT);
}

int main(void)
{
	TEST(test_distance);
	TEST(test_parts);
	TEST(test_far);
	return check_done();
}
