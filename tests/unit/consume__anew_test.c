/* cmd/consume/anew: which answers make a record worth a second look. */
#include "cmd/consume/consume.h"
#include "tests/unit/check.h"

static void test_suspicious(void)
{
	CHECK(!anew_suspicious(-1, 9, -1)); /* nothing younger is there */
	CHECK(!anew_suspicious(10, 9, -1)); /* it comes behind what was read */
	CHECK(anew_suspicious(0, 9, -1));   /* the log begins with it */
	CHECK(anew_suspicious(9, 9, -1));
	CHECK(!anew_suspicious(4, 9, 4)); /* a timestamp that goes back, as was found before */
	CHECK(anew_suspicious(3, 9, 4));
}

int main(void)
{
	TEST(test_suspicious);
	return check_done();
}
