/* Unit tests of common/lake/commit and publish, on a store that can be made to fail: answers and files that are lost.
 */
#include <errno.h>

#include "tests/unit/fake_store.h"

#define PART  "x=1/part-01234567-89ab-4cde-8f01-23456789abcd-00000.zst"
#define STAGE "x=1/.part-01234567-89ab-4cde-8f01-23456789abcd-00000.new"

static void test_a_lost_answer_is_read_back(void)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *f = open_fake(++tables);
	struct log log;
	CHECK_INT(log_open(&log, &f->base, &lines, &err), 0);
	f->lose_after = 1; /* the put succeeded: committed once, not twice */
	CHECK_INT(commit_positions(&log, NULL, 0, "a", &err), 0);
	CHECK_INT(log.version, 0);
	CHECK_INT(f->puts, 1);
	f->puts = 0, f->lose_before = 1; /* the put failed: the same version is tried again */
	CHECK_INT(commit_positions(&log, NULL, 0, "b", &err), 0);
	CHECK_INT(log.version, 1);
	CHECK_INT(f->puts, 2);
	f->lose_before = 100; /* if the entry stays absent, the result stays unknown */
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
	CHECK_INT(log_has_id(&la, "a", &err), 1);
	CHECK_INT(log_has_id(&la, "b", &err), 1);
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
	CHECK_INT(commit_file(a, &la, PART, "hello", &err), 0);
	CHECK_INT(store_get(a->real, PART, 1000, &text, &err), -ENOENT);
	CHECK_INT(log_open(&lb, &b->base, &lines, &err), 0);
	CHECK_INT(commit_positions(&lb, NULL, 0, NULL, &err), 0); /* it publishes before it commits */
	CHECK_INT(store_get(b->real, PART, 1000, &text, &err), 0);
	CHECK_STR(text.s, "hello");
	CHECK_INT(log_publish(&la, &err), 0); /* repeating it is not an error */
	log_release(&la);
	log_release(&lb);
	store_close(&a->base);
	store_close(&b->base);
	strbuf_release(&err);
	strbuf_release(&text);
}

static void test_a_stage_that_is_gone_or_changed_is_not_committed(void)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *f = open_fake(++tables);
	struct log log;
	struct stage *stage;
	CHECK_INT(log_open(&log, &f->base, &lines, &err), 0);
	CHECK_INT(store_stage(f->real, PART, &stage, &err), 0);
	CHECK_INT(store_append(f->real, stage, "hello", 5, &err), 0);
	CHECK_INT(store_seal(f->real, stage, &err), 0);
	struct lake_file file = {.path = stage->path, .tag = stage->tag, .size = 4, .records = 1};
	struct lake_file *files[] = {&file};
	struct commit commit = {.files = files, .nfiles = 1};
	CHECK_INT(log_commit(&log, &commit, &err), -EAGAIN);
	file.size = 5;
	CHECK_INT(file.size, stage->size);
	CHECK_INT(store_discard(f->real, STAGE, &err), 0);
	CHECK_INT(log_commit(&log, &commit, &err), -EAGAIN);
	CHECK(strstr(err.s, "nothing is committed") != NULL);
	CHECK_INT(log.version, -1);
	CHECK_INT(f->puts, 0);
	store_stage_free(stage);
	log_release(&log);
	store_close(&f->base);
	strbuf_release(&err);
}

static void test_nothing_is_committed_over_a_head_that_cannot_be_published(void)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *f = open_fake(++tables);
	struct log log;
	CHECK_INT(log_open(&log, &f->base, &lines, &err), 0);
	CHECK_INT(commit_file(f, &log, PART, "hello", &err), 0);
	CHECK_INT(store_discard(f->real, STAGE, &err), 0);
	CHECK_INT(commit_positions(&log, NULL, 0, "x", &err), -EBADMSG);
	CHECK_INT(log.version, 0);
	log_release(&log);
	store_close(&f->base);
	strbuf_release(&err);
}

int main(void)
{
	if (!tables_begin())
		return 1;
	TEST(test_a_lost_answer_is_read_back);
	TEST(test_a_lost_answer_of_a_lost_race);
	TEST(test_the_next_writer_publishes_what_was_left);
	TEST(test_a_stage_that_is_gone_or_changed_is_not_committed);
	TEST(test_nothing_is_committed_over_a_head_that_cannot_be_published);
	return tables_end() ? check_done() : 1;
}
