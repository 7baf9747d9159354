/* Unit tests of common/lake/log, commit, entry and state, on a store that can be made to fail. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/lake/log.h"
#include "common/lake/percent.h"
#include "common/lake/uuid.h"
#include "tests/unit/check.h"

static char top[4096];
static int tables;

/* A store over that of a directory: put_if_absent can lose its answer, before or after it has worked. */
struct fake {
	struct store base;
	struct store *real;
	int lose_after;  /* so many puts work, their answers are lost */
	int lose_before; /* so many puts do nothing, and nobody says so */
	int puts;
};

static struct fake *fake_of(struct store *s)
{
	return (struct fake *)s;
}
static void fake_close(struct store *s)
{
	store_close(fake_of(s)->real);
	free(s);
}
static int fake_get(struct store *s, const char *p, struct strbuf *ret, struct strbuf *err)
{
	return store_get(fake_of(s)->real, p, ret, err);
}
static int fake_list(struct store *s, const char *p, struct names *ret, struct strbuf *err)
{
	return store_list(fake_of(s)->real, p, ret, err);
}
static int fake_put(struct store *s, const char *p, const struct strbuf *data, struct strbuf *err)
{
	return store_put(fake_of(s)->real, p, data, err);
}
static int fake_put_if_absent(struct store *s, const char *p, const struct strbuf *data, struct strbuf *err)
{
	struct fake *f = fake_of(s);
	f->puts++;
	if (f->lose_before > 0) {
		f->lose_before--;
		strbuf_addstr(err, "no answer");
		return STORE_UNKNOWN;
	}
	int r = store_put_if_absent(f->real, p, data, err);
	if (f->lose_after <= 0)
		return r;
	f->lose_after--;
	strbuf_addstr(err, "no answer");
	return STORE_UNKNOWN;
}
static int fake_sync(struct store *s, struct strbuf *err)
{
	return store_sync(fake_of(s)->real, err);
}
static int fake_publish(struct store *s, const char *p, uint64_t size, const char *tag, struct strbuf *err)
{
	return store_publish(fake_of(s)->real, p, size, tag, err);
}

static const struct store_ops fake_ops = {.close = fake_close,
	.get = fake_get,
	.list = fake_list,
	.put = fake_put,
	.put_if_absent = fake_put_if_absent,
	.sync = fake_sync,
	.publish = fake_publish};

/* A table in the directory of number N, by a writer of its own. */
static struct fake *open_fake(int n)
{
	struct strbuf dir = STRBUF_INIT, err = STRBUF_INIT;
	struct fake *f = xcalloc(1, sizeof *f);
	char uuid[UUID_LEN + 1];
	CHECK_INT(uuid_new(uuid), 0);
	strbuf_addf(&dir, "%s/%d", top, n);
	CHECK_INT(store_open(dir.s, uuid, &f->real, &err), 0);
	f->base.ops = &fake_ops;
	f->base.url = xstrdup(dir.s);
	strbuf_release(&dir);
	return f;
}

static const struct table lines = {.delim = '\n'};

static struct position position(const char *topic, int32_t partition, int64_t was, int64_t next)
{
	return (struct position){.group = "g", .topic = topic, .partition = partition, .was = was, .next = next};
}

/* Commit P (and an id) to LOG. */
static int commit_positions(struct log *log, const struct position *p, size_t n, const char *id, struct strbuf *err)
{
	struct commit commit = {.id = id, .positions = p, .npositions = n};
	strbuf_clear(err);
	return log_commit(log, &commit, err);
}

static void test_positions_are_compared_and_swapped(void)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *f = open_fake(++tables);
	struct log log;
	CHECK_INT(log_open(&log, &f->base, &lines, &err), 0);
	CHECK_INT(log.version, -1);
	struct position p[] = {position("t", 0, -1, 10), position("t", 1, -1, 5)};
	p[0].has_last = true;
	p[0].last_ms = 1234567890123;
	p[0].last_crc = 0xdeadbeef;
	CHECK_INT(commit_positions(&log, p, 2, NULL, &err), 0);
	CHECK_INT(log.version, 0);
	CHECK_INT(state_position(log.state, "g", "t", 0), 10);
	CHECK_INT(state_position(log.state, "g", "t", 1), 5);
	CHECK_INT(state_position(log.state, "g", "t", 2), -1);
	CHECK_INT(state_position(log.state, "other", "t", 0), -1);
	p[0].was = 9; /* too old */
	CHECK_INT(commit_positions(&log, p, 1, NULL, &err), -ESTALE);
	CHECK_STR(err.s, "the lake is at offset 10 of t [0] for group g, not at 9: somebody else has taken the "
			 "partition over");
	p[0].was = -1; /* none equals only none */
	CHECK_INT(commit_positions(&log, p, 1, NULL, &err), -ESTALE);
	p[0] = position("t", 0, 10, 20);
	CHECK_INT(commit_positions(&log, p, 1, NULL, &err), 0);
	CHECK_INT(state_position(log.state, "g", "t", 1), 5); /* carried on */
	struct position u = position("t", 7, 3, 4);           /* a position where there is none */
	CHECK_INT(commit_positions(&log, &u, 1, NULL, &err), -ESTALE);
	log_release(&log);
	CHECK_INT(log_open(&log, &f->base, &lines, &err), 0);
	CHECK_INT(log.version, 1);
	CHECK_INT(state_position(log.state, "g", "t", 0), 20);
	json_t *last = json_object_get(json_object_get(json_object_get(log.state, "positions"), "g"), "t");
	last = json_object_get(json_object_get(last, "0"), "last");
	CHECK_STR(json_string_value(json_object_get(last, "crc")), "deadbeef"); /* kept: nothing new was read */
	log_release(&log);
	store_close(&f->base);
	strbuf_release(&err);
}

static void test_a_zombie_commits_nothing(void)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *a = open_fake(++tables), *b = open_fake(tables);
	struct log la, lb;
	struct position first = position("t", 0, -1, 10), zombie = position("t", 0, 10, 15),
			heir = position("t", 0, 10, 20);
	struct position free_one = position("t", 1, -1, 7);
	CHECK_INT(log_open(&la, &a->base, &lines, &err), 0);
	CHECK_INT(commit_positions(&la, &first, 1, NULL, &err), 0);
	CHECK_INT(log_open(&lb, &b->base, &lines, &err), 0);
	CHECK_INT(commit_positions(&lb, &heir, 1, NULL, &err), 0);
	CHECK_INT(commit_positions(&la, &zombie, 1, NULL, &err), -ESTALE);
	CHECK_INT(la.version, 1);
	CHECK_INT(commit_positions(&la, &free_one, 1, NULL, &err), 0); /* another partition is free */
	CHECK_INT(la.version, 2);
	CHECK_INT(state_position(la.state, "g", "t", 0), 20);
	log_release(&la);
	log_release(&lb);
	store_close(&a->base);
	store_close(&b->base);
	strbuf_release(&err);
}

static void test_ids(void)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *a = open_fake(++tables), *b = open_fake(tables);
	struct log la, lb;
	CHECK_INT(log_open(&la, &a->base, &lines, &err), 0);
	CHECK_INT(log_open(&lb, &b->base, &lines, &err), 0);
	CHECK_INT(commit_positions(&la, NULL, 0, "one", &err), 0);
	CHECK_INT(commit_positions(&lb, NULL, 0, "one", &err), -EALREADY); /* found after the lost race */
	CHECK_INT(commit_positions(&lb, NULL, 0, "two", &err), 0);
	CHECK_INT(lb.version, 1);
	CHECK(state_id(lb.state, "one") > 0);
	CHECK_INT(state_id(lb.state, "three"), -1);
	CHECK_INT(state_id(NULL, "one"), -1);
	CHECK_INT(commit_positions(&lb, NULL, 0, "bad \xff", &err), -EILSEQ);
	log_release(&la);
	log_release(&lb);
	store_close(&a->base);
	store_close(&b->base);
	strbuf_release(&err);
}

static void test_a_lost_answer_is_read_back(void)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *f = open_fake(++tables);
	struct log log;
	CHECK_INT(log_open(&log, &f->base, &lines, &err), 0);
	f->lose_after = 1; /* it worked: once, not twice */
	CHECK_INT(commit_positions(&log, NULL, 0, "a", &err), 0);
	CHECK_INT(log.version, 0);
	CHECK_INT(f->puts, 1);
	f->puts = 0, f->lose_before = 1; /* it did not: the same version again */
	CHECK_INT(commit_positions(&log, NULL, 0, "b", &err), 0);
	CHECK_INT(log.version, 1);
	CHECK_INT(f->puts, 2);
	f->lose_before = 100; /* absent stays unknown */
	CHECK_INT(commit_positions(&log, NULL, 0, "c", &err), STORE_UNKNOWN);
	CHECK_INT(log.version, 1);
	f->lose_before = 0;
	CHECK_INT(commit_positions(&log, NULL, 0, "c", &err), 0);
	log_release(&log);
	store_close(&f->base);
	strbuf_release(&err);
}

/* A lost answer whose version another writer has taken meanwhile is a conflict, not a success. */
static void test_a_lost_answer_of_a_lost_race(void)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *a = open_fake(++tables), *b = open_fake(tables);
	struct log la, lb;
	CHECK_INT(log_open(&la, &a->base, &lines, &err), 0);
	CHECK_INT(log_open(&lb, &b->base, &lines, &err), 0);
	CHECK_INT(commit_positions(&lb, NULL, 0, "b", &err), 0);
	a->lose_after = 1;
	CHECK_INT(commit_positions(&la, NULL, 0, "a", &err), 0);
	CHECK_INT(la.version, 1);
	CHECK(state_id(la.state, "a") > 0 && state_id(la.state, "b") > 0);
	log_release(&la);
	log_release(&lb);
	store_close(&a->base);
	store_close(&b->base);
	strbuf_release(&err);
}

/* Stage and commit a file of TEXT. */
static int commit_file(struct fake *f, struct log *log, const char *path, const char *text, struct strbuf *err)
{
	struct stage *stage;
	CHECK_INT(store_stage(f->real, path, &stage, err), 0);
	CHECK_INT(store_append(f->real, stage, text, strlen(text), err), 0);
	CHECK_INT(store_seal(f->real, stage, err), 0);
	CHECK_INT(store_sync(f->real, err), 0);
	struct lake_file file = {.path = stage->path, .tag = stage->tag, .size = stage->size, .records = 1};
	struct lake_file *files[] = {&file};
	struct commit commit = {.files = files, .nfiles = 1};
	int r = log_commit(log, &commit, err);
	store_stage_free(stage);
	return r;
}

static void test_the_next_writer_publishes_what_was_left(void)
{
	struct strbuf err = STRBUF_INIT, text = STRBUF_INIT;
	struct fake *a = open_fake(++tables), *b = open_fake(tables);
	struct log la, lb;
	CHECK_INT(log_open(&la, &a->base, &lines, &err), 0);
	CHECK_INT(commit_file(a, &la, "x=1/f", "hello", &err), 0);
	CHECK_INT(store_get(a->real, "x=1/f", &text, &err), -ENOENT);
	CHECK_INT(log_open(&lb, &b->base, &lines, &err), 0);
	CHECK_INT(commit_positions(&lb, NULL, 0, NULL, &err), 0); /* publishes before it commits */
	CHECK_INT(store_get(b->real, "x=1/f", &text, &err), 0);
	CHECK_STR(text.s, "hello");
	CHECK_INT(log_publish(&la, &err), 0); /* again is no error */
	log_release(&la);
	log_release(&lb);
	store_close(&a->base);
	store_close(&b->base);
	strbuf_release(&err);
	strbuf_release(&text);
}

static void test_nothing_is_committed_over_a_head_that_cannot_be_published(void)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *f = open_fake(++tables);
	struct log log;
	CHECK_INT(log_open(&log, &f->base, &lines, &err), 0);
	CHECK_INT(commit_file(f, &log, "f", "hello", &err), 0);
	CHECK_INT(store_discard(f->real, ".f", &err), 0);
	CHECK_INT(commit_positions(&log, NULL, 0, "x", &err), -EBADMSG);
	CHECK_INT(log.version, 0);
	log_release(&log);
	store_close(&f->base);
	strbuf_release(&err);
}

static void test_tables_that_differ(void)
{
	char dt[] = "dt", *columns[] = {dt};
	struct table by_day = {columns, 1, '\n'}, nul = {NULL, 0, '\0'};
	struct strbuf err = STRBUF_INIT;
	struct fake *f = open_fake(++tables);
	struct log log, late;
	CHECK_INT(log_open(&late, &f->base, &by_day, &err), 0); /* opened before it is made */
	CHECK_INT(log_open(&log, &f->base, &lines, &err), 0);
	CHECK_INT(commit_positions(&log, NULL, 0, NULL, &err), 0);
	CHECK_INT(commit_positions(&late, NULL, 0, NULL, &err), -EINVAL);
	log_release(&log);
	log_release(&late);
	CHECK_INT(log_open(&log, &f->base, &by_day, &err), -EINVAL);
	log_release(&log);
	CHECK_INT(log_open(&log, &f->base, &nul, &err), -EINVAL);
	log_release(&log);
	CHECK_INT(log_open(&log, &f->base, NULL, &err), 0); /* a reader takes what there is */
	log_release(&log);
	store_close(&f->base);
	strbuf_release(&err);
}

static void test_entries_that_are_none(void)
{
	static const char *const bad[] = {"", "\n", "{", "[]\n", "1\n", "{}{}\n", "{\"a\":1,\"a\":2}\n", "{}\n\n",
		"{\"commitInfo\":{\"weir\":{\"actions\":2}}}\n", "\xff\n", "{\"add\":\"\xff\"}\n"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct strbuf text = STRBUF_INIT, err = STRBUF_INIT;
		struct entry entry;
		strbuf_addstr(&text, bad[i]);
		CHECK_INT(entry_parse(&text, "name", &entry, &err), -EBADMSG);
		CHECK(strstr(err.s, "'name' is damaged"));
		strbuf_release(&text);
		strbuf_release(&err);
	}
	struct strbuf text = STRBUF_INIT, err = STRBUF_INIT;
	struct entry entry;
	strbuf_addstr(&text, "{\"commitInfo\":{\"weir\":{\"actions\":2}}}\n{\"future\":{}}"); /* no last LF */
	CHECK_INT(entry_parse(&text, "name", &entry, &err), 0);
	CHECK(entry_state(&entry) != NULL);
	CHECK_STR(entry_txn_id(&entry), "");
	entry_release(&entry);
	strbuf_release(&text);
}

static void test_stores(void)
{
	struct strbuf err = STRBUF_INIT, data = STRBUF_INIT, got = STRBUF_INIT;
	struct names names = {0};
	struct fake *f = open_fake(++tables);
	struct store *s = f->real;
	strbuf_addstr(&data, "one");
	CHECK_INT(store_list(s, "dir", &names, &err), 0);
	CHECK_INT(names.count, 0);
	CHECK_INT(store_put_if_absent(s, "dir/a", &data, &err), 0);
	CHECK_INT(store_put_if_absent(s, "dir/a", &data, &err), -EEXIST);
	CHECK_INT(store_put(s, "dir/b", &data, &err), 0);
	strbuf_addstr(&data, " two");
	CHECK_INT(store_put(s, "dir/b", &data, &err), 0);
	CHECK_INT(store_get(s, "dir/b", &got, &err), 0);
	CHECK_STR(got.s, "one two");
	CHECK_INT(store_get(s, "dir/c", &got, &err), -ENOENT);
	CHECK_INT(store_list(s, "dir", &names, &err), 0);
	CHECK_INT(names.count, 2);
	names_release(&names);
	CHECK_INT(store_publish(s, "../x", 1, ".x", &err), -EBADMSG);
	CHECK_INT(store_publish(s, "x", 1, "/x", &err), -EBADMSG);
	CHECK_INT(store_publish(s, "x", 1, ".x", &err), -EBADMSG);
	CHECK_INT(store_discard(s, ".x", &err), 0);
	store_close(&f->base);
	struct store *none;
	CHECK_INT(store_open("s3://b/x", NULL, &none, &err), -EINVAL);
	CHECK_INT(store_open("", NULL, &none, &err), -EINVAL);
	CHECK_INT(store_open("/dev/null", NULL, &none, &err), -ENOTDIR);
	strbuf_release(&err);
	strbuf_release(&data);
	strbuf_release(&got);
}

int main(void)
{
	const char *dir = getenv("TMPDIR");
	snprintf(top, sizeof top, "%s/lake-log-test-XXXXXX", dir && *dir ? dir : "/tmp");
	if (!mkdtemp(top))
		return 1;
	json_set_alloc_funcs(xmalloc, free);
	TEST(test_positions_are_compared_and_swapped);
	TEST(test_a_zombie_commits_nothing);
	TEST(test_ids);
	TEST(test_a_lost_answer_is_read_back);
	TEST(test_a_lost_answer_of_a_lost_race);
	TEST(test_the_next_writer_publishes_what_was_left);
	TEST(test_nothing_is_committed_over_a_head_that_cannot_be_published);
	TEST(test_tables_that_differ);
	TEST(test_entries_that_are_none);
	TEST(test_stores);
	char command[4200];
	snprintf(command, sizeof command, "rm -rf '%s'", top);
	return check_done() | (system(command) != 0);
}
