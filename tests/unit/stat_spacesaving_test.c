#include "common/stat/spacesaving.h"

#include <errno.h>

#include "tests/unit/stat.h"

static void add(struct spacesaving *s, int key, uint64_t weight)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "key %d", key);

	CHECK_INT(spacesaving_add(s, text, (size_t)len, weight), 0);
}

static int number(const struct spacesaving_entry *e)
{
	char text[16];

	snprintf(text, sizeof(text), "%.*s", (int)e->len, e->key);
	return atoi(text + 4);
}

static void test_exact(void)
{
	struct spacesaving s, empty;
	const struct spacesaving_entry *top[20];

	spacesaving_init(&s, 10);
	spacesaving_init(&empty, 10);
	CHECK_INT(spacesaving_top(&s, 20, top), 0);
	CHECK_SAVED(spacesaving, &s, &empty);
	for (int i = 0; i < 10; i++)
		add(&s, i, i == 3 ? 9 : i == 7 ? 9 : 1);
	CHECK_INT(spacesaving_add(&s, "", 0, 5), 0);
	CHECK(!spacesaving_is_exact(&s));
	spacesaving_release(&s);
	CHECK_INT(spacesaving_add(&s, "", 0, 5), 0);
	CHECK_INT(spacesaving_add(&s, "a\0b", 3, 5), 0);
	CHECK_INT(spacesaving_add(&s, "a\0a", 3, 5), 0);
	CHECK_INT(spacesaving_add(&s, "a", 1, 5), 0);
	CHECK_INT(spacesaving_add(&s, "\xff", 1, 6), 0);
	CHECK_INT(spacesaving_add(&s, "\xff", 1, 0), 0);
	CHECK_INT(spacesaving_add(&s, "nothing", 7, 0), 0);
	CHECK_INT(spacesaving_top(&s, 20, top), 5);
	CHECK_MEM(top[0]->key, top[0]->len, "\xff", 1);
	CHECK_INT(top[1]->len, 0);
	CHECK_MEM(top[2]->key, top[2]->len, "a", 1);
	CHECK_MEM(top[3]->key, top[3]->len, "a\0a", 3);
	CHECK_MEM(top[4]->key, top[4]->len, "a\0b", 3);
	CHECK_INT(top[4]->count, 5);
	CHECK_INT(s.total, 26);
	CHECK_INT(spacesaving_top(&s, 2, top), 2);
	CHECK_SAVED(spacesaving, &s, &empty);
	spacesaving_release(&s);
	spacesaving_release(&empty);
}

static void test_long_keys(void)
{
	static char key[100000];
	struct spacesaving s;

	spacesaving_init(&s, 2);
	CHECK_INT(spacesaving_add(&s, key, (size_t)SPACESAVING_KEY_MAX + 1, 1), -EMSGSIZE); /* none of it is read */
	CHECK_INT(s.total, 0);
	for (int i = 0; i < 100; i++) {
		key[i] = 1;
		CHECK_INT(spacesaving_add(&s, key, i % 2 ? sizeof(key) - 1 : (size_t)i, 1), 0);
	}
	CHECK_INT(s.n, 2);
	spacesaving_release(&s);
}

/* What the header promises about counts and errors, for the keys 0 to KEYS - 1 with the true counts at TRUTH. */
static void check_bounds(const struct spacesaving *s, const uint64_t *truth, int keys)
{
	const struct spacesaving_entry **top = calloc(s->n, sizeof(*top));
	size_t n = spacesaving_top(s, s->n, top);
	char *there = calloc((size_t)keys, 1);

	for (size_t i = 0; i < n; i++) {
		int key = number(top[i]);
		there[key] = 1;
		CHECK(top[i]->count >= truth[key] && top[i]->count - top[i]->error <= truth[key]);
		CHECK(i == 0 || top[i]->count <= top[i - 1]->count);
	}
	for (int key = 0; key < keys; key++)
		CHECK(there[key] || truth[key] <= s->total / s->capacity || truth[key] <= top[n - 1]->count);
	free(there);
	free(top);
}

/* A key of KIND: Zipf, uniform, all different in turn (the worst case), hot ones late. */
static int next_key(int kind, int i, int n, int keys, uint64_t *seed)
{
	double u = random_unit(seed);

	if (kind == 0)
		return (int)(pow(keys, u)) - 1;
	if (kind == 1)
		return (int)(u * keys);
	if (kind == 2)
		return i % keys;
	return i < n / 2 ? i % keys : i % 7;
}

static void test_error(void)
{
	enum { N = 40000, KEYS = 5000, CAPACITY = 200 };
	static uint64_t truth[KEYS];
	uint64_t seed = 12;

	for (int kind = 0; kind < 4; kind++) {
		struct spacesaving s, empty;
		spacesaving_init(&s, CAPACITY);
		spacesaving_init(&empty, CAPACITY);
		memset(truth, 0, sizeof(truth));
		for (int i = 0; i < N; i++) {
			int key = next_key(kind, i, N, KEYS, &seed);
			uint64_t weight = kind == 1 ? random_next(&seed) % 5 : 1;
			truth[key] += weight;
			add(&s, key, weight);
		}
		check_bounds(&s, truth, KEYS);
		for (uint32_t i = 0; i < s.n; i++)
			CHECK(s.entry[i].error <= s.total / CAPACITY);
		CHECK_SAVED(spacesaving, &s, &empty);
		spacesaving_release(&s);
		spacesaving_release(&empty);
	}
}

/* A state that was saved and loaded in the middle continues as if it had not been. */
static void test_resume(void)
{
	enum { N = 20000, KEYS = 3000, CAPACITY = 100 };
	uint64_t seed = 13;
	struct spacesaving s, other;

	spacesaving_init(&s, CAPACITY);
	spacesaving_init(&other, CAPACITY);
	for (int i = 0; i < N; i++) {
		int key = next_key(i % 2, i, N, KEYS, &seed);
		add(&s, key, 1);
		add(&other, key, 1);
		if (i % 1000 == 999 || i == CAPACITY) {
			struct strbuf b = STRBUF_INIT;
			spacesaving_save(&other, &b);
			struct stat_in in = {(const unsigned char *)b.s, (const unsigned char *)b.s + b.len};
			CHECK_INT(spacesaving_load(&other, &in), 0);
			strbuf_release(&b);
		}
	}
	CHECK_SAME(spacesaving, &s, &other);
	spacesaving_release(&s);
	spacesaving_release(&other);
}

/* Below capacity it is exact: any order and any way of merging give the same bytes.  Above, the bounds hold. */
static void test_merge(void)
{
	enum { N = 30000, PARTS = 4 };
	static uint64_t truth[2000];
	uint64_t seed = 14;

	for (int keys = 90; keys <= 2000; keys += 955) {
		struct spacesaving all, part[PARTS], merged, back, empty;
		spacesaving_init(&all, 100);
		spacesaving_init(&merged, 100);
		spacesaving_init(&back, 100);
		spacesaving_init(&empty, 100);
		memset(truth, 0, sizeof(truth));
		for (int p = 0; p < PARTS; p++)
			spacesaving_init(&part[p], 100);
		for (int i = 0; i < N; i++) {
			int key = next_key(0, i, N, keys, &seed);
			truth[key]++;
			add(&all, key, 1);
			add(&part[random_next(&seed) % PARTS], key, 1);
		}
		for (int p = 0; p < PARTS; p++) {
			spacesaving_merge(&merged, &part[p]);
			spacesaving_merge(&back, &part[PARTS - 1 - p]);
		}
		CHECK_INT(spacesaving_is_exact(&all), keys <= 100);
		CHECK_INT(spacesaving_is_exact(&merged), keys <= 100);
		if (keys <= 100) {
			CHECK_SAME(spacesaving, &all, &merged);
			CHECK_SAME(spacesaving, &all, &back);
		}
		check_bounds(&merged, truth, keys);
		CHECK_INT(merged.total, N);
		CHECK_SAVED(spacesaving, &merged, &empty);
		add(&merged, 1, 1); /* and it continues */
		truth[1]++;
		check_bounds(&merged, truth, keys);
		for (int p = 0; p < PARTS; p++)
			spacesaving_release(&part[p]);
		spacesaving_release(&all);
		spacesaving_release(&merged);
		spacesaving_release(&back);
	}
}

/* Merging two summaries gives the same result from either side. */
static void test_commutes(void)
{
	struct spacesaving a, b, ab, ba;
	uint64_t seed = 15;

	spacesaving_init(&a, 50);
	spacesaving_init(&b, 50);
	spacesaving_init(&ab, 50);
	spacesaving_init(&ba, 50);
	for (int i = 0; i < 5000; i++) {
		add(&a, next_key(0, i, 5000, 1000, &seed), 1);
		add(&b, next_key(1, i, 5000, 300, &seed), 1);
	}
	spacesaving_merge(&ab, &a);
	CHECK_SAME(spacesaving, &ab, &a);
	spacesaving_merge(&ab, &b);
	spacesaving_merge(&ba, &b);
	spacesaving_merge(&ba, &a);
	CHECK_SAME(spacesaving, &ab, &ba);
	spacesaving_release(&a);
	spacesaving_release(&b);
	spacesaving_release(&ab);
	spacesaving_release(&ba);
}

static void test_refused(void)
{
	struct spacesaving s, other;
	struct strbuf b = STRBUF_INIT;

	spacesaving_init(&s, 2);
	spacesaving_init(&other, 3);
	add(&s, 1, 1);
	spacesaving_save(&s, &b);
	struct stat_in in = {(const unsigned char *)b.s, (const unsigned char *)b.s + b.len};
	CHECK_INT(spacesaving_load(&other, &in), -EBADMSG); /* a different capacity */
	CHECK_INT(other.capacity, 3);
	s.total++;
	strbuf_clear(&b);
	spacesaving_save(&s, &b);
	in = (struct stat_in){(const unsigned char *)b.s, (const unsigned char *)b.s + b.len};
	CHECK_INT(spacesaving_load(&s, &in), -EBADMSG); /* exact, but the total is not the sum */
	CHECK_INT(s.n, 0);
	strbuf_release(&b);
	spacesaving_release(&s);
	spacesaving_release(&other);
}

int main(void)
{
	TEST(test_exact);
	TEST(test_long_keys);
	TEST(test_error);
	TEST(test_resume);
	TEST(test_merge);
	TEST(test_commutes);
	TEST(test_refused);
	return check_done();
}
