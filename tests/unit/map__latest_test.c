/* cmd/map: the last values of keys, beside a straightforward list; saved and loaded. */
#include "cmd/map/latest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/check.h"

static void set(struct latest *l, const char *key, const char *value)
{
	latest_set(l, key, strlen(key), value, strlen(value));
}

/* VALUE NULL: there is none. */
static void check(const struct latest *l, const char *key, const char *value)
{
	const char *s = "";
	size_t len = 0;
	bool found = latest_find(l, key, strlen(key), &s, &len);

	CHECK(found == (value != NULL));
	if (found && value)
		CHECK(len == strlen(value) && memcmp(s, value, len) == 0);
}

static void test_values(void)
{
	struct latest l;

	CHECK_INT(latest_init(&l, 1 << 20), 0);
	check(&l, "a", NULL);
	set(&l, "a", "1");
	set(&l, "a key of more than sixteen bytes", "");
	check(&l, "a", "1");
	check(&l, "a key of more than sixteen bytes", "");
	set(&l, "a", "a longer value");
	set(&l, "a", "2");
	check(&l, "a", "2");
	check(&l, "", NULL);
	set(&l, "", "x");
	check(&l, "", "x");
	CHECK_INT(l.groups.count, 3);
	latest_release(&l);
}

/* The key that was not set for the longest time is forgotten; one is kept whatever the limit. */
static void test_limit(void)
{
	struct latest l;
	char big[5000];

	memset(big, 'x', sizeof big);
	CHECK_INT(latest_init(&l, 400), 0);
	set(&l, "a", "1");
	set(&l, "b", "2");
	set(&l, "c", "3");
	set(&l, "d", "4");
	set(&l, "a", "5");
	CHECK_INT(l.evicted, 0);
	set(&l, "e", "6");
	CHECK_INT(l.evicted, 1);
	check(&l, "a", "5");
	check(&l, "b", NULL);
	check(&l, "c", "3");
	latest_set(&l, "c", 1, big, sizeof big);
	CHECK_INT(l.groups.count, 1);
	CHECK_INT(l.evicted, 4);
	set(&l, "c", "7");
	set(&l, "b", "8");
	check(&l, "c", "7");
	check(&l, "b", "8");
	latest_release(&l);
}

/* What latest_save() writes into a file, without the frame's head. */
static struct strbuf saved(struct latest *l, bool full)
{
	struct strbuf ret = STRBUF_INIT;
	struct checkpoint_out out;
	uint64_t end;
	FILE *f = tmpfile();

	CHECK(f);
	checkpoint_out_begin(&out, fileno(f), 0, full ? CHECKPOINT_FULL : CHECKPOINT_DELTA, "q", "", 0);
	latest_save(l, full, &out);
	CHECK_INT(checkpoint_out_end(&out, &end), 0);
	char *p = strbuf_grow(&ret, (size_t)end);
	ssize_t n = pread(fileno(f), p, (size_t)end, 0);
	CHECK_INT(n, (int64_t)end);
	strbuf_extend(&ret, (size_t)n);
	fclose(f);
	size_t head = 40 + 2; /* the text is the query and LF */
	memmove(ret.s, ret.s + head, ret.len - head);
	strbuf_setlen(&ret, ret.len - head);
	return ret;
}

static void pass(struct latest *from, struct latest *to, bool full)
{
	struct strbuf s = saved(from, full);

	CHECK_INT(latest_load(to, full, s.s, s.len, NULL, NULL), 0);
	strbuf_release(&s);
}

static void check_same(const struct latest *a, const struct latest *b)
{
	CHECK_INT(a->groups.count, b->groups.count);
	CHECK_INT(a->used, b->used);
	CHECK_INT(a->evicted, b->evicted);
	for (uint32_t i = 0; i < a->groups.slots; i++) {
		const char *v, *w;
		size_t len, v_len = 0, w_len = 0;
		if (!groups_used(&a->groups, i))
			continue;
		const char *key = groups_key(&a->groups, i, &len);
		CHECK(latest_find(a, key, len, &v, &v_len) && latest_find(b, key, len, &w, &w_len) && v_len == w_len &&
			memcmp(v, w, v_len) == 0);
	}
}

/* Random changes: after each round the copy, which is loaded from full states or deltas, is the same. */
static void test_state(void)
{
	struct latest l, copy;
	char key[40], value[400];

	srand(7);
	memset(value, 'v', sizeof value);
	CHECK_INT(latest_init(&l, 20000), 0);
	CHECK_INT(latest_init(&copy, 20000), 0);
	pass(&l, &copy, true);
	for (int round = 0; round < 200; round++) {
		for (int n = rand() % 40; n > 0; n--) {
			snprintf(key, sizeof key, "%d%s", rand() % 150, rand() % 2 ? "" : " and a longer key");
			latest_set(&l, key, strlen(key), value, (size_t)rand() % sizeof value);
		}
		pass(&l, &copy, rand() % 10 == 0);
		check_same(&l, &copy);
	}
	CHECK(l.evicted > 0);
	latest_release(&l);
	latest_release(&copy);
}

/* A lower limit forgets the oldest; every beginning of a state, and more than it, is refused. */
static void test_load(void)
{
	struct latest l, copy;

	CHECK_INT(latest_init(&l, 1 << 20), 0);
	CHECK_INT(latest_init(&copy, 250), 0);
	set(&l, "a", "1");
	set(&l, "b", "2");
	set(&l, "c", "3");
	struct strbuf s = saved(&l, true);
	CHECK_INT(latest_load(&copy, true, s.s, s.len, NULL, NULL), 0);
	check(&copy, "a", NULL);
	check(&copy, "b", "2");
	check(&copy, "c", "3");
	CHECK_INT(copy.evicted, 1);
	for (size_t i = 0; i < s.len; i++)
		CHECK_INT(latest_load(&copy, true, s.s, i, NULL, NULL), -EBADMSG);
	strbuf_addch(&s, 0);
	CHECK_INT(latest_load(&copy, true, s.s, s.len, NULL, NULL), -EBADMSG);
	strbuf_release(&s);
	latest_release(&l);
	latest_release(&copy);
}

int main(void)
{
	TEST(test_values);
	TEST(test_limit);
	TEST(test_state);
	TEST(test_load);
	return check_done();
}
