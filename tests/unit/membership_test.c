/* The membership of a group as text. */
#include "common/kafka/membership.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/check.h"

static void test_that_of_a_fixed_reader_comes_back(void)
{
	struct strbuf text = STRBUF_INIT, again = STRBUF_INIT;
	rd_kafka_consumer_group_metadata_t *m;
	void *data;
	size_t size;
	CHECK_INT(membership_add_fixed(&text, "a group"), 0);
	CHECK_INT(membership_read(text.s, text.len, &m), 0);
	CHECK(!rd_kafka_consumer_group_metadata_write(m, &data, &size));
	CHECK(memmem(data, size, "a group", 7));
	CHECK(!membership_has_generation(data, size));
	free(data);
	rd_kafka_consumer_group_metadata_destroy(m);
	strbuf_release(&text);
	strbuf_release(&again);
}

static void test_generations(void)
{
	rd_kafka_consumer_group_metadata_t *m =
		rd_kafka_consumer_group_metadata_new_with_genid("g", 5, "a member", NULL);
	void *data;
	size_t size;
	CHECK(!rd_kafka_consumer_group_metadata_write(m, &data, &size));
	CHECK(membership_has_generation(data, size)); /* the library still writes it where we look */
	((char *)data)[7] = ((char *)data)[8] = ((char *)data)[9] = ((char *)data)[10] = '\xff';
	CHECK(!membership_has_generation(data, size));
	free(data);
	rd_kafka_consumer_group_metadata_destroy(m);
	CHECK(membership_has_generation("CGMDv9:\xff\xff\xff\xff", 11)); /* of a form that is not known */
	CHECK(membership_has_generation("CGMDv2:\xff", 8));
}

static void test_what_is_no_membership(void)
{
	rd_kafka_consumer_group_metadata_t *m;
	CHECK_INT(membership_read("", 0, &m), -EBADMSG);
	CHECK_INT(membership_read("AAAA", 4, &m), -EBADMSG);
	CHECK_INT(membership_read("not base64", 10, &m), -EBADMSG);
}

int main(void)
{
	TEST(test_that_of_a_fixed_reader_comes_back);
	TEST(test_generations);
	TEST(test_what_is_no_membership);
	return check_done();
}
