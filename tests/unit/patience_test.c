/* common/base/patience: a wait is reported once, after a second, and ends at its limit. */
#include "common/base/patience.h"
#include "tests/unit/check.h"

static void test_told_once(void)
{
	struct patience p = {0};
	CHECK_INT(patience_ask(&p, 5000, 100), PATIENCE_WAIT);
	CHECK_INT(patience_ask(&p, 5000, 1099), PATIENCE_WAIT);
	CHECK_INT(patience_ask(&p, 5000, 1100), PATIENCE_TELL);
	CHECK_INT(patience_ask(&p, 5000, 1101), PATIENCE_WAIT);
	CHECK_INT(patience_ask(&p, 5000, 5099), PATIENCE_WAIT);
	CHECK_INT(patience_ask(&p, 5000, 5100), PATIENCE_OVER);
	CHECK_INT(patience_ask(&p, 5000, 9000), PATIENCE_OVER);
}

static void test_begun_once(void)
{
	struct patience p = {0};
	patience_begin(&p, 0); /* a clock may stand at 0 */
	patience_begin(&p, 900);
	CHECK_INT(patience_ask(&p, 5000, 1000), PATIENCE_TELL);
	CHECK(patience_end(&p));
	CHECK(!patience_end(&p));
	CHECK_INT(patience_ask(&p, 5000, 6000), PATIENCE_WAIT); /* another wait */
	CHECK(!patience_end(&p));                               /* which was not reported */
}

static void test_limits(void)
{
	struct patience p = {0};
	CHECK_INT(patience_ask(&p, 500, 0), PATIENCE_WAIT);
	CHECK_INT(patience_ask(&p, 500, 500), PATIENCE_OVER); /* its message is enough */
	p = (struct patience){0};
	CHECK_INT(patience_ask(&p, -1, 0), PATIENCE_WAIT);
	CHECK_INT(patience_ask(&p, -1, 1000), PATIENCE_TELL);
	CHECK_INT(patience_ask(&p, -1, INT64_MAX / 2), PATIENCE_WAIT);
}

int main(void)
{
	TEST(test_told_once);
	TEST(test_begun_once);
	TEST(test_limits);
	return check_done();
}
