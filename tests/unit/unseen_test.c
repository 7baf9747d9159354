#include "common/data/unseen.h"

#include "common/base/diag.h"
#include "tests/unit/capture.h"
#include "tests/unit/check.h"

/* What unseen_report() prints after RECORDS records. */
static const char *report(const struct unseen *u, uint64_t records)
{
	static struct strbuf out = STRBUF_INIT, err = STRBUF_INIT;
	struct capture c;

	capture_pipe(&c);
	unseen_report(u, records);
	capture_end(&c, &out, &err);
	return err.s;
}

static void test_seen_one_by_one(void)
{
	const struct expr_field first = {.column = 1}, third = {.column = 3};
	struct value values[8] = {{0}};
	struct unseen u = {0};

	unseen_add(&u, &first, 5);
	unseen_add(&u, &third, 7);
	unseen_add(&u, &third, 7);
	CHECK_INT(u.count, 2);
	unseen_note(&u, values);
	CHECK_INT(u.count, 2);
	CHECK_STR(report(&u, 2), "weir try: no record had $1, $3 (2 records)\n");
	values[5].type = VALUE_NULL;
	unseen_note(&u, values);
	CHECK_STR(report(&u, 1), "weir try: no record had $3 (1 record)\n");
	CHECK_STR(report(&u, 0), "");
	values[7].type = VALUE_INT;
	unseen_note(&u, values);
	CHECK_INT(u.count, 0);
	CHECK_STR(report(&u, 3), "");
	unseen_release(&u);
	CHECK_INT(u.count, 0);
}

static void test_text_of_a_path(void)
{
	struct path_step steps[] = {{.name = (char[]){"user"}, .len = 4}};
	const struct expr_field field = {.path = {.steps = steps, .count = 1}};
	struct unseen u = {0};

	unseen_add(&u, &field, 0);
	CHECK_STR(u.all[0].text, ".user");
	unseen_release(&u);
}

int main(void)
{
	diag_init("try");
	TEST(test_seen_one_by_one);
	TEST(test_text_of_a_path);
	return check_done();
}
