/*
 * What every store promises (store.h).  Each test uses a table of its own: below the URL in the operand, whose server
 * the environment names, or otherwise in a local directory.  With a second operand, only the race of two writers runs.
 */
#include <errno.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/fake_store.h"

static struct strbuf why = STRBUF_INIT;
static const char *below = top;

/* A store of table number N, opened by its own writer. */
static struct store *open_table(int n)
{
	struct strbuf url = STRBUF_INIT;
	struct store *store = NULL;
	strbuf_clear(&why);
	strbuf_addf(&url, "%s/%d", below, n);
	CHECK_INT(store_open_writer(url.s, NULL, NULL, &store, &why), 0);
	strbuf_release(&url);
	return store;
}

static int put(struct store *store, const char *path, const char *text)
{
	struct strbuf data = STRBUF_INIT;
	strbuf_addstr(&data, text);
	int r = store_put(store, path, &data, &why);
	strbuf_release(&data);
	return r;
}

static int put_if_absent(struct store *store, const char *path, const char *text)
{
	struct strbuf data = STRBUF_INIT;
	strbuf_addstr(&data, text);
	strbuf_clear(&why);
	int r = store_put_if_absent(store, path, &data, &why);
	strbuf_release(&data);
	return r;
}

/* The contents of PATH; NULL if it does not exist. */
static const char *get(struct store *store, const char *path)
{
	static struct strbuf text = STRBUF_INIT;
	strbuf_clear(&text);
	strbuf_clear(&why);
	int r = store_get(store, path, 1000, &text, &why);
	CHECK(r == 0 || (r == -ENOENT && why.len));
	return r ? NULL : text.s ? text.s : "";
}

/* The path of data file number N in DIR ("d=1/" or ""). */
static const char *data_path(const char *dir, int n)
{
	static char path[400];
	snprintf(path, sizeof path, "%spart-00000000-0000-4000-8000-000000000001-%05d.txt", dir, n);
	return path;
}

/* Stage TEXT as PATH, durably. */
static struct stage *stage(struct store *store, const char *path, const char *text)
{
	struct stage *s = NULL;
	strbuf_clear(&why);
	CHECK_INT(store_stage(store, path, &s, &why), 0);
	if (*text)
		CHECK_INT(store_append(store, s, text, strlen(text), &why), 0);
	CHECK_INT(store_seal(store, s, &why), 0);
	CHECK_INT(store_sync(store, &why), 0);
	CHECK_INT(s->size, strlen(text));
	return s;
}

/* Publish durably; returns the first error. */
static int publish(struct store *store, const char *path, uint64_t size, const char *tag)
{
	strbuf_clear(&why);
	int r = store_publish(store, path, size, tag, &why), later = store_sync(store, &why);
	return r < 0 ? r : later;
}

static const char *entry_path(int version)
{
	static char path[64];
	snprintf(path, sizeof path, "_weir_log/%020d.json", version);
	return path;
}

/* Try to create ROUNDS entries; WON says for each whether the writer believes that it created it (2: unknown). */
static void race(int me, int table, int rounds, unsigned char *won)
{
	char text[16];
	struct store *store = open_table(table);
	snprintf(text, sizeof text, "racer %d", me);
	for (int i = 0; i < rounds; i++) {
		int r = put_if_absent(store, entry_path(i), text);
		won[i] = r == 0 ? 1 : r == -EEXIST ? 0 : 2;
	}
	store_close(store);
}

/*
 * Each entry has exactly one winner, which knows that it won; the others know that they lost; and the entry is complete
 * and is the winner's.
 */
static void race_of(int racers, int rounds)
{
	int table = tables++;
	size_t size = (size_t)(racers * rounds);
	unsigned char *won = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(won != MAP_FAILED);
	for (int i = 0; i < racers; i++) {
		pid_t pid = fork();
		CHECK(pid >= 0);
		if (pid == 0) {
			race(i, table, rounds, won + i * rounds);
			_exit(check_failures != 0);
		}
	}
	for (int i = 0, status; i < racers; i++)
		CHECK(wait(&status) > 0 && status == 0);
	struct store *store = open_table(table);
	for (int i = 0; i < rounds; i++) {
		int winners = 0, who = -1;
		for (int k = 0; k < racers; k++) {
			CHECK(won[k * rounds + i] < 2);
			winners += won[k * rounds + i];
			who = won[k * rounds + i] ? k : who;
		}
		char text[24];
		snprintf(text, sizeof text, "racer %d", who);
		CHECK_INT(winners, 1);
		CHECK_STR(get(store, entry_path(i)), text);
	}
	store_close(store);
	munmap(won, size);
}

static void test_race(void)
{
	race_of(20, 50);
}

/* For a server that loses answers (tests/cli/lake-s3-trouble.bats): no writer that won believes that it lost. */
static void test_race_of_two(void)
{
	race_of(2, 100);
}

static void test_put(void)
{
	struct store *store = open_table(tables++);
	CHECK(!get(store, "_last"));
	CHECK_INT(put(store, "_last", "one"), 0);
	CHECK_INT(put(store, "_last", "two"), 0);
	CHECK_STR(get(store, "_last"), "two");
	CHECK_INT(put_if_absent(store, "_last", "three"), -EEXIST);
	CHECK_INT(put_if_absent(store, entry_path(0), ""), 0); /* an empty file is also a file */
	CHECK_STR(get(store, entry_path(0)), "");
	CHECK_INT(store_remove(store, "_last", &why), 0);
	CHECK(!get(store, "_last"));
	CHECK_INT(store_remove(store, "_last", &why), 0);
	store_close(store);
}

static void test_ranges(void)
{
	struct store *store = open_table(tables++);
	struct strbuf text = STRBUF_INIT;
	char buf[16];
	uint64_t size;
	CHECK_INT(put(store, "f", "0123456789"), 0);
	CHECK_INT(store_size(store, "f", &size, &why), 0);
	CHECK_INT(size, 10);
	CHECK_INT(store_size(store, "g", &size, &why), -ENOENT);
	CHECK_INT(store_read(store, "f", NULL, 3, buf, 4, &why), 4);
	CHECK(memcmp(buf, "3456", 4) == 0);
	CHECK_INT(store_read(store, "f", NULL, 8, buf, sizeof buf, &why), 2);
	CHECK(memcmp(buf, "89", 2) == 0);
	CHECK_INT(store_read(store, "f", NULL, 10, buf, sizeof buf, &why), 0);
	CHECK_INT(store_read(store, "f", NULL, UINT64_C(5) << 30, buf, sizeof buf, &why), 0);
	CHECK_INT(store_read(store, "g", NULL, 0, buf, sizeof buf, &why), -ENOENT);
	CHECK_INT(store_get(store, "f", 10, &text, &why), 0);
	CHECK_INT(store_get(store, "f", 9, &text, &why), -EBADMSG);
	strbuf_release(&text);
	store_close(store);
}

/* Names are returned as they were given, however the store has to encode them. */
static void test_odd_names(void)
{
	static const char *const names[] = {"a b", " a", "100%", "%20", "k=v", "a+b", "a&b", "'q' \"q\"", "a?b", "a#b",
		"caf\xc3\xa9", "cafe\xcc\x81", "\xe6\x9d\xb1\xe4\xba\xac", "~", "a;b", "[x]", "*",
		"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
		"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
		"a:b", "a\\b"};
	bool az = strncmp(below, "az:", 3) == 0, hdfs = strncmp(below, "hdfs:", 5) == 0;
	size_t n = sizeof names / sizeof *names - (az ? 1 : 0); /* Azure turns the last one into "a/b" */
	size_t refused = hdfs ? n - 2 : n;                      /* a colon */
	struct store *store = open_table(tables++);
	struct names listed = {0};
	char path[300];
	for (size_t i = 0; i < n; i++) {
		snprintf(path, sizeof path, "d=1/%s", names[i]);
		CHECK(i == refused ? put(store, path, names[i]) < 0 : put(store, path, names[i]) == 0);
	}
	for (size_t i = 0; i < n; i++) {
		snprintf(path, sizeof path, "d=1/%s", names[i]);
		if (i != refused)
			CHECK_STR(get(store, path), names[i]);
	}
	CHECK_INT(store_list(store, "d=1", &listed, &why), 0);
	CHECK_INT(listed.count, n - hdfs);
	for (size_t i = 0; i < n; i++) {
		bool found = i == refused;
		for (size_t k = 0; k < listed.count; k++)
			found |= strcmp(listed.items[k], names[i]) == 0;
		CHECK(found);
	}
	names_release(&listed);
	store_close(store);
}

/* More names than a store lists in one answer. */
static void test_many_names(void)
{
	enum { N = 2500 };
	struct store *store = open_table(tables++);
	struct names listed = {0};
	char path[64];
	CHECK_INT(store_list(store, "many", &listed, &why), 0);
	CHECK_INT(listed.count, 0);
	for (int i = 0; i < N; i++) {
		snprintf(path, sizeof path, "many/%05d", i);
		CHECK_INT(put(store, path, ""), 0);
	}
	CHECK_INT(store_list(store, "many", &listed, &why), 0);
	names_sort(&listed);
	CHECK_INT(listed.count, N);
	for (int i = 0; i < N && i < (int)listed.count; i++) {
		snprintf(path, sizeof path, "%05d", i);
		CHECK_STR(listed.items[i], path);
	}
	names_release(&listed);
	store_close(store);
}

static void test_stage(void)
{
	struct store *store = open_table(tables++);
	char buf[8];
	for (int i = 0; i < 3; i++) { /* with records, without, in a directory */
		const char *path = data_path(i == 2 ? "d=a%2Fb/" : "", i), *text = i == 1 ? "" : "abc\n";
		struct stage *s = stage(store, path, text);
		CHECK(!get(store, path)); /* not visible yet, but readable by its tag */
		CHECK_INT(store_read(store, path, s->tag, 0, buf, sizeof buf, &why), strlen(text));
		CHECK_INT(publish(store, path, s->size, s->tag), 0);
		CHECK_STR(get(store, path), text);
		CHECK_INT(publish(store, path, s->size, s->tag), 0); /* again */
		CHECK_INT(publish(store, path, s->size + 1, s->tag), -EBADMSG);
		CHECK_STR(get(store, path), text);
		store_stage_free(s);
	}
	store_close(store);
}

/* Many staged files are written in turn. */
static void test_stages_by_turns(void)
{
	enum { N = 300 };
	struct store *store = open_table(tables++);
	struct stage *stages[N];
	char text[32];
	for (int i = 0; i < N; i++)
		CHECK_INT(store_stage(store, data_path("", i), &stages[i], &why), 0);
	for (int turn = 0; turn < 3; turn++)
		for (int i = 0; i < N; i++) {
			snprintf(text, sizeof text, "%d %d\n", turn, i);
			CHECK_INT(store_append(store, stages[i], text, strlen(text), &why), 0);
		}
	for (int i = 0; i < N; i++)
		CHECK_INT(store_seal(store, stages[i], &why), 0);
	CHECK_INT(store_sync(store, &why), 0);
	for (int i = 0; i < N; i++) {
		snprintf(text, sizeof text, "0 %d\n1 %d\n2 %d\n", i, i, i);
		CHECK_INT(publish(store, data_path("", i), stages[i]->size, stages[i]->tag), 0);
		CHECK_STR(get(store, data_path("", i)), text);
		store_stage_free(stages[i]);
	}
	store_close(store);
}

static void test_discard(void)
{
	struct store *store = open_table(tables++);
	struct stage *s = stage(store, data_path("d=1/", 0), "abc\n");
	CHECK_INT(store_discard(store, s->tag, &why), 0);
	CHECK_INT(store_discard(store, s->tag, &why), 0);
	CHECK_INT(publish(store, s->path, s->size, s->tag), -EBADMSG);
	CHECK(!get(store, s->path));
	CHECK_INT(store_discard(store, "_weir_log/00000000000000000000.json", &why), -EBADMSG);
	CHECK_INT(publish(store, s->path, s->size, "d=1/other"), -EBADMSG);
	store_stage_free(s);
	store_close(store);
}

int main(int argc, char **argv)
{
	if (!tables_begin())
		return 1;
	below = argc > 1 ? argv[1] : top;
	TEST(test_race_of_two);
	if (argc > 2) /* enough for a slow server */
		return !tables_end() || check_done();
	TEST(test_race);
	TEST(test_put);
	TEST(test_ranges);
	TEST(test_odd_names);
	TEST(test_many_names);
	TEST(test_stage);
	TEST(test_stages_by_turns);
	TEST(test_discard);
	strbuf_release(&why);
	return !tables_end() || check_done();
}
