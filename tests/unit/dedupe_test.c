#include "common/data/dedupe.h"

#include <errno.h>
#include <stdlib.h>

#include "tests/unit/check.h"

#define MEMORY (1 << 20)

static const struct value null = {.type = VALUE_NULL};

static struct value number(int64_t n)
{
	return (struct value){.type = VALUE_INT, .i = n};
}

static struct value column(const char *s)
{
	return (struct value){.type = VALUE_TEXT, .s = s, .len = strlen(s)};
}

/* Begin with the rules of TEXT, one a line, without a clock. */
static void begin(struct dedupe *d, struct rules *rules, const char *text, uint64_t memory)
{
	struct strbuf err = STRBUF_INIT;

	*d = (struct dedupe){0};
	*rules = (struct rules){0};
	CHECK_INT(rules_parse(rules, "f", text, strlen(text), &err), 0);
	for (size_t i = 0; i < rules->count; i++)
		CHECK_INT(dedupe_add(d, &rules->items[i]), i);
	CHECK_INT(dedupe_open(d, memory, &err), 0);
	CHECK(d->live);
	dedupe_see(d, 1000);
	CHECK(!d->live);
	CHECK_STR(err.s, "");
	strbuf_release(&err);
}

static void finish(struct dedupe *d, struct rules *rules)
{
	dedupe_release(d);
	rules_release(rules);
}

/* What rule I says to the record with the values KEY and TIME (NULL: none). */
static bool is_new(struct dedupe *d, size_t i, struct value key, const struct value *time)
{
	dedupe_key(d);
	dedupe_key_add(d, &key);
	return dedupe_is_new(d, i, time);
}

/* A record of one rule, which is passed on if it keeps the rule. */
static bool passes(struct dedupe *d, struct value key, const struct value *time)
{
	dedupe_begin(d);
	bool passed = is_new(d, 0, key, time);
	if (passed)
		dedupe_accept(d);
	return passed;
}

static void test_keys(void)
{
	struct rules rules;
	struct dedupe d;

	begin(&d, &rules, "dedupe .a within 10ms", MEMORY);
	CHECK(passes(&d, number(1), NULL));
	CHECK(!passes(&d, number(1), NULL));
	CHECK(!passes(&d,
		(struct value){.type = VALUE_DOUBLE, .d = 1, .s = "1.0", .len = 3, .raw = "1.0", .raw_len = 3}, NULL));
	CHECK(passes(&d, column("1"), NULL));
	CHECK(passes(&d, null, NULL)); /* null is nobody's duplicate */
	CHECK(passes(&d, null, NULL));
	dedupe_see(&d, 1009);
	CHECK(!passes(&d, number(1), NULL));
	dedupe_see(&d, 1010);
	CHECK(passes(&d, number(1), NULL));
	dedupe_see(&d, 5); /* the clock does not go back */
	CHECK_INT(d.now_ms, 1010);
	finish(&d, &rules);
}

/* A record that is not passed on is forgotten; one of which several are made is remembered once. */
static void test_accept(void)
{
	struct rules rules;
	struct dedupe d;

	begin(&d, &rules, "dedupe .a within 10s\ndedupe .b within 10s", MEMORY);
	dedupe_begin(&d);
	CHECK(is_new(&d, 0, number(1), NULL));
	CHECK(is_new(&d, 1, number(1), NULL));
	dedupe_begin(&d); /* something else has refused it */
	CHECK(is_new(&d, 0, number(1), NULL));
	dedupe_accept(&d); /* before the second rule was asked */
	dedupe_accept(&d);
	CHECK_INT(d.rules[0].recent.count, 1);
	CHECK_INT(d.rules[1].recent.count, 0);
	CHECK(is_new(&d, 1, number(1), NULL)); /* another one that is made of the same record */
	dedupe_accept(&d);
	CHECK_INT(d.rules[0].recent.count, 1);
	CHECK_INT(d.rules[1].recent.count, 1);
	CHECK(!is_new(&d, 1, number(1), NULL));
	finish(&d, &rules);
}

static void test_times(void)
{
	static const struct future day = FUTURE_DEFAULT;
	struct rules rules;
	struct dedupe d;
	struct value early = column("100"), late = column("120"), none = column("soon"), far = column("4102444800");

	begin(&d, &rules, "dedupe .a within 10s by s@.t", MEMORY);
	d.future = &day;
	CHECK(passes(&d, number(1), &early));
	CHECK(!passes(&d, number(1), &null)); /* it has the latest time */
	CHECK(!passes(&d, number(2), &none));
	CHECK(!passes(&d, number(2), &far));
	CHECK(passes(&d, null, &far)); /* it has no key, but its time does not count either */
	CHECK(!passes(&d, number(1), &early));
	CHECK(passes(&d, null, &late)); /* the clock follows */
	CHECK(passes(&d, number(1), &early));
	d.future = NULL;
	CHECK(passes(&d, number(2), &far));
	finish(&d, &rules);
}

static void test_report(void)
{
	struct rules rules;
	struct dedupe d;
	struct strbuf out = STRBUF_INIT;

	begin(&d, &rules, "dedupe .a within 10s", 1);
	for (int i = 0; i < 1024; i++)
		CHECK(passes(&d, number(i), NULL));
	dedupe_report(&d, &out);
	CHECK_STR(out.s, "");
	CHECK(passes(&d, number(1024), NULL));
	dedupe_report(&d, &out);
	CHECK_STR(out.s, "dedupe forgot 1 key before its time (--memory)");
	strbuf_release(&out);
	finish(&d, &rules);
}

/* Save D; the bytes are the caller's. */
static char *save(struct dedupe *d, size_t *ret_len)
{
	struct checkpoint_out out;
	struct checkpoint_frame frame;
	uint64_t end;
	char *data = NULL;
	FILE *file = tmpfile();

	CHECK(file != NULL);
	checkpoint_out_begin(&out, fileno(file), 0, CHECKPOINT_FULL, "x", "", 0);
	dedupe_save(d, true, &out);
	CHECK_INT(checkpoint_out_end(&out, &end), 0);
	CHECK_INT(checkpoint_frame_read(fileno(file), 0, &frame), 1);
	CHECK_INT(checkpoint_frame_data(fileno(file), &frame, &data), 0);
	*ret_len = frame.len;
	checkpoint_frame_release(&frame);
	fclose(file);
	return data;
}

static void test_state(void)
{
	static const char text[] = "dedupe .a within 10s\ndedupe .b within 10s";
	struct strbuf err = STRBUF_INIT;
	struct rules rules, others;
	struct dedupe a, b;
	const char *rest;
	size_t len;

	begin(&a, &rules, text, MEMORY);
	CHECK(is_new(&a, 0, number(1), NULL) && is_new(&a, 1, number(2), NULL));
	dedupe_accept(&a);
	char *data = save(&a, &len);
	begin(&b, &others, text, MEMORY);
	CHECK_INT(dedupe_load(&b, true, data, len, NULL, &err), 0);
	CHECK(!is_new(&b, 0, number(1), NULL));
	CHECK(!is_new(&b, 1, number(2), NULL));
	CHECK(is_new(&b, 1, number(1), NULL));
	CHECK_INT(dedupe_load(&b, true, data, len - 1, NULL, &err), -EBADMSG);
	CHECK_STR(err.s, "the state of dedupe is not understood");
	finish(&b, &others);
	strbuf_release(&err);
	begin(&b, &others, "dedupe .a within 10s", MEMORY); /* the first of the two */
	CHECK_INT(dedupe_load(&b, true, data, len, &rest, &err), 0);
	CHECK(rest > data && rest < data + len);
	CHECK_INT(dedupe_load(&b, true, data, len, NULL, &err), -EBADMSG);
	finish(&b, &others);
	finish(&a, &rules);
	free(data);
	strbuf_release(&err);
}

int main(void)
{
	TEST(test_keys);
	TEST(test_accept);
	TEST(test_times);
	TEST(test_report);
	TEST(test_state);
	return check_done();
}
