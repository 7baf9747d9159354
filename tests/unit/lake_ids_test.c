/* Unit tests of common/lake/ids: ids beside the log, and which commits they allow. */
#include <errno.h>
#include <sys/stat.h>

#include "tests/unit/findings.h"
#include "tests/unit/rows.h"

static const char *id_of(int i)
{
	static char id[64];
	snprintf(id, sizeof id, "%s-%d", i % 7 == 0 ? "line\nfeed" : i % 5 == 0 ? "a\",\"b" : "day", i);
	return id;
}

static void put_ids(struct log *log, int from, int to)
{
	struct strbuf err = STRBUF_INIT;
	for (int i = from; i < to; i++) {
		CHECK_INT(commit_positions(log, NULL, 0, id_of(i), &err), 0);
		CHECK_STR(err.s, "");
	}
	strbuf_release(&err);
}

static void test_many_ids(void)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *f = open_fake(++tables);
	struct log log;
	CHECK_INT(log_open(&log, &f->base, &lines, &err), 0);
	put_ids(&log, 0, 64);
	CHECK_INT(beside(f, "ids-"), 0);
	int64_t most = entry_size(f, 63);
	put_ids(&log, 64, 65);
	CHECK_INT(beside(f, "ids-"), 1);
	CHECK(entry_size(f, 64) < most);
	put_ids(&log, 65, 1000);
	for (int i = 64; i < 1000; i++)
		CHECK(entry_size(f, i) < most + 1200); /* the length of a few references */
	CHECK(json_array_size(json_object_get(log.state, "id_files")) <= 5);
	log_release(&log);
	CHECK_INT(log_open(&log, &f->base, &lines, &err), 0);
	for (int i = 0; i < 1000; i++) {
		CHECK_INT(log_has_id(&log, id_of(i), &err), 1);
		CHECK_INT(commit_positions(&log, NULL, 0, id_of(i), &err), -EALREADY);
	}
	static const char *const others[] = {
		"day", "day-", "day-1000", "1", "line", "feed-7", "b-5", "]", ",", "\"", "ids"};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		CHECK_INT(log_has_id(&log, others[i], &err), 0);
	CHECK_STR(err.s, "id 'day-999' has been committed before");
	check_audit(&f->base, "");
	log_release(&log);
	store_close(&f->base);
	strbuf_release(&err);
}

/*
 * Both writers read the head, which does not have the id; one of them commits it, and then so many others that it moves
 * into a file.
 */
static void test_a_race_for_an_id(void)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *a = open_fake(++tables), *b = open_fake(tables);
	struct log la, lb;
	CHECK_INT(log_open(&la, &a->base, &lines, &err), 0);
	put_ids(&la, 0, 60);
	CHECK_INT(log_open(&lb, &b->base, &lines, &err), 0);
	CHECK_INT(log_has_id(&lb, id_of(60), &err), 0);
	put_ids(&la, 60, 70);
	CHECK_INT(beside(a, "ids-"), 1);
	CHECK_INT(commit_positions(&lb, NULL, 0, id_of(60), &err), -EALREADY);
	CHECK_INT(lb.version, la.version);
	/* The writer that would make the file loses its version, so no entry names the file that it has written. */
	put_ids(&lb, 70, 129);
	CHECK_INT(log_refresh(&la, &err), 0);
	CHECK_INT(json_object_size(json_object_get(la.state, "ids")), 64);
	CHECK_INT(commit_positions(&la, NULL, 0, "first", &err), 0);
	CHECK_INT(commit_positions(&lb, NULL, 0, "second", &err), 0);
	CHECK_INT(beside(a, "ids-"), 3);
	CHECK_INT(log_refresh(&la, &err), 0);
	CHECK_INT(log_has_id(&la, "first", &err) + log_has_id(&la, "second", &err), 2);
	CHECK_INT(log_has_id(&la, id_of(60), &err), 1);
	check_audit(&a->base, "");
	log_release(&la);
	log_release(&lb);
	store_close(&a->base);
	store_close(&b->base);
	strbuf_release(&err);
}

/* A writer that cannot tell whether an id was committed does not commit with that id. */
static void test_ids_that_are_gone(void)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *f = open_fake(++tables);
	struct log log;
	CHECK_INT(log_open(&log, &f->base, &lines, &err), 0);
	put_ids(&log, 0, 70);
	char *path = only(f, "ids-"), *aside = NULL;
	struct stat st;
	CHECK_INT(stat(path, &st), 0);
	FILE *file = fopen(path, "r+");
	CHECK(file && fseek(file, 30, SEEK_SET) == 0 && fputc('x', file) == 'x' && fclose(file) == 0);
	CHECK_INT(commit_positions(&log, NULL, 0, id_of(3), &err), -EBADMSG);
	CHECK(strstr(err.s, "is not as it was written"));
	CHECK_INT(commit_positions(&log, NULL, 0, "new", &err), -EBADMSG);
	CHECK_INT(commit_positions(&log, NULL, 0, id_of(69), &err), -EALREADY); /* the entry itself has it */
	CHECK_INT(commit_positions(&log, NULL, 0, NULL, &err), 0);
	strbuf_clear(&err);
	strbuf_addf(&err, "%s.aside", path);
	aside = strbuf_detach(&err);
	CHECK_INT(rename(path, aside), 0);
	CHECK_INT(commit_positions(&log, NULL, 0, "new", &err), -EBADMSG);
	CHECK(strstr(err.s, "No such file or directory, though the log names it"));
	CHECK_INT(audit_store(&f->base), 1);
	CHECK(strstr(found.s, "though the log names it"));
	free(path);
	free(aside);
	log_release(&log);
	store_close(&f->base);
	strbuf_release(&err);
}

int main(void)
{
	if (!tables_begin())
		return 1;
	TEST(test_many_ids);
	TEST(test_a_race_for_an_id);
	TEST(test_ids_that_are_gone);
	return tables_end() ? check_done() : 1;
}
