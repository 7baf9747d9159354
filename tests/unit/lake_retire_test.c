/* Unit tests of common/lake/ids, inventory, retire and snapshot: what lies beside a log, and what of it goes. */
#include <errno.h>
#include <sys/stat.h>

#include "common/lake/audit.h"
#include "common/lake/inventory.h"
#include "common/lake/snapshot.h"
#include "common/lake/undo.h"
#include "tests/unit/fake_store.h"

static struct strbuf found = STRBUF_INIT;

static void find(void *arg, const char *text)
{
	(void)arg;
	strbuf_addf(&found, "%s\n", text);
}

static void fail(void *arg, int code, const char *text)
{
	(void)code;
	find(arg, text);
}

/* The table of F is as its log says, but for EXPECTED findings, which follow each other with line feeds. */
static void check_audit(struct fake *f, const char *expected)
{
	struct audit audit;
	struct strbuf err = STRBUF_INIT;
	strbuf_clear(&found);
	audit_init(&audit, find, fail, NULL);
	CHECK_INT(audit_log(&audit, &f->base, &err), 0);
	CHECK_STR(found.s, expected);
	audit_release(&audit);
	strbuf_release(&err);
}

/* Open LOG for a writer to which a log of a few entries is a long one. */
static void open_hasty(struct log *log, struct fake *f)
{
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(log_open(log, &f->base, &lines, &err), 0);
	CHECK_STR(err.s, "");
	log->inventory_every = 4;
	log->keep_ms = 0;
	strbuf_release(&err);
}

static bool without_files; /* that commits name */

/* Commit a file of one row and move partition 0 of t to NEXT, then publish. */
static int put_row(struct log *log, int64_t next)
{
	struct strbuf err = STRBUF_INIT;
	char path[64];
	snprintf(path, sizeof path, "part-%08d-0000-4000-8000-000000000000-00000.txt", (int)next);
	struct lake_file file = {.path = path, .size = 1, .records = 1};
	struct lake_file *files[] = {&file};
	struct position p = {.group = "g", .topic = "t", .was = next > 1 ? next - 1 : -1, .next = next};
	struct commit commit = {.positions = &p, .npositions = 1, .files = files, .nfiles = 1};
	struct strbuf row = STRBUF_INIT;
	strbuf_addstr(&row, "x");
	if (!without_files)
		CHECK_INT(store_put(log->store, path, &row, &err), 0);
	strbuf_release(&row);
	int r = log_commit(log, &commit, &err);
	if (r == 0)
		r = log_publish(log, &err);
	strbuf_release(&err);
	return r;
}

/* Have the rows FROM to TO committed, one by one, by a writer of its own each. */
static void put_rows(struct fake *f, int64_t from, int64_t to)
{
	for (int64_t i = from; i <= to; i++) {
		struct log log;
		open_hasty(&log, f);
		CHECK_INT(put_row(&log, i), 0);
		log_release(&log);
	}
}

static int64_t size_of(struct fake *f, const char *name)
{
	struct strbuf path = STRBUF_INIT, err = STRBUF_INIT;
	uint64_t size;
	strbuf_addf(&path, "%s/%s", LOG_RAW, name);
	int r = store_size(&f->base, path.s, &size, &err);
	strbuf_release(&path);
	strbuf_release(&err);
	return r < 0 ? r : (int64_t)size;
}

static int64_t entry_size(struct fake *f, int64_t version)
{
	char name[64];
	snprintf(name, sizeof name, "%020d.json", (int)version);
	return size_of(f, name);
}

/* How many files of KIND lie beside the log. */
static size_t beside(struct fake *f, const char *kind)
{
	struct names names = {0};
	struct strbuf err = STRBUF_INIT;
	size_t count = 0;
	CHECK_INT(store_list(&f->base, LOG_RAW, &names, &err), 0);
	for (size_t i = 0; i < names.count; i++)
		count += strncmp(names.items[i], kind, strlen(kind)) == 0;
	names_release(&names);
	strbuf_release(&err);
	return count;
}

/* The rows that a reader by the log sees at the head of LOG. */
static size_t rows(struct log *log)
{
	struct snapshot s;
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(snapshot_read(&s, log, &err), 0);
	CHECK_STR(err.s, "");
	size_t count = json_object_size(s.adds);
	snapshot_release(&s);
	strbuf_release(&err);
	return count;
}

/* --- ids ---------------------------------------------------------------------------------------------------------- */

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
		CHECK(entry_size(f, i) < most + 1200); /* that of a few references */
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
	check_audit(f, "");
	log_release(&log);
	store_close(&f->base);
	strbuf_release(&err);
}

/* Both look at the head, where there is no such id; one commits it and so many others that it lies in a file by then.
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
	/* The one that would make the file loses its version: what it has written is named by nobody. */
	put_ids(&lb, 70, 129);
	CHECK_INT(log_refresh(&la, &err), 0);
	CHECK_INT(json_object_size(json_object_get(la.state, "ids")), 64);
	CHECK_INT(commit_positions(&la, NULL, 0, "first", &err), 0);
	CHECK_INT(commit_positions(&lb, NULL, 0, "second", &err), 0);
	CHECK_INT(beside(a, "ids-"), 3);
	CHECK_INT(log_refresh(&la, &err), 0);
	CHECK_INT(log_has_id(&la, "first", &err) + log_has_id(&la, "second", &err), 2);
	CHECK_INT(log_has_id(&la, id_of(60), &err), 1);
	check_audit(a, "");
	log_release(&la);
	log_release(&lb);
	store_close(&a->base);
	store_close(&b->base);
	strbuf_release(&err);
}

/* Path, in the table's own directory, of the only file of KIND beside the log. */
static char *only(struct fake *f, const char *kind)
{
	struct names names = {0};
	struct strbuf err = STRBUF_INIT, path = STRBUF_INIT;
	CHECK_INT(store_list(&f->base, LOG_RAW, &names, &err), 0);
	for (size_t i = 0; i < names.count; i++)
		if (strncmp(names.items[i], kind, strlen(kind)) == 0)
			strbuf_addf(&path, "%s/%s/%s", f->base.url, LOG_RAW, names.items[i]);
	names_release(&names);
	strbuf_release(&err);
	return strbuf_detach(&path);
}

/* Whoever can not tell whether an id was committed commits nothing by it. */
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
	CHECK_INT(commit_positions(&log, NULL, 0, id_of(69), &err), -EALREADY); /* the entry itself says so */
	CHECK_INT(commit_positions(&log, NULL, 0, NULL, &err), 0);
	strbuf_clear(&err);
	strbuf_addf(&err, "%s.aside", path);
	aside = strbuf_detach(&err);
	CHECK_INT(rename(path, aside), 0);
	CHECK_INT(commit_positions(&log, NULL, 0, "new", &err), -EBADMSG);
	CHECK(strstr(err.s, "No such file or directory, though the log names it"));
	strbuf_clear(&found);
	struct audit audit;
	audit_init(&audit, find, fail, NULL);
	CHECK_INT(audit_log(&audit, &f->base, &err), 0);
	CHECK(strstr(found.s, "though the log names it"));
	CHECK_INT(audit.findings, 1);
	audit_release(&audit);
	free(path);
	free(aside);
	log_release(&log);
	store_close(&f->base);
	strbuf_release(&err);
}

/* --- old entries -------------------------------------------------------------------------------------------------- */

static void test_old_entries_go(void)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *f = open_fake(++tables);
	struct log log;
	put_rows(f, 1, 40); /* versions 0 to 39 */
	open_hasty(&log, f);
	CHECK_INT(log.version, 39);
	int64_t floor = state_floor(log.state);
	CHECK(floor > 20 && floor < 36);
	int64_t version = 0;
	while (entry_size(f, version) == 0)
		version++;
	CHECK(version > 20 && version <= floor);
	for (; version < 40; version++)
		CHECK(entry_size(f, version) > 0);
	CHECK(beside(f, "files-") <= 4);
	CHECK_INT(rows(&log), 40);
	CHECK_INT(state_position(log.state, "g", "t", 0), 40);
	check_audit(f, "");
	log_release(&log);
	store_close(&f->base);
	strbuf_release(&err);
}

/*
 * A writer has read version 3 and is stopped.  Meanwhile versions 4 and after were committed, and what they say has
 * been removed.  It must neither commit version 4 nor go on where it was.
 */
static void test_a_slow_writer_can_not_commit_below_the_head(void)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *a = open_fake(++tables), *b = open_fake(tables);
	struct log slow, log;
	struct position zombie = {.group = "g", .topic = "t", .was = 4, .next = 5};
	struct position other = {.group = "g", .topic = "t", .partition = 1, .was = -1, .next = 7};
	put_rows(a, 1, 4);
	open_hasty(&slow, b);
	CHECK_INT(slow.version, 3);
	put_rows(a, 5, 40);
	CHECK_INT(entry_size(a, 4), 0);
	CHECK_INT(commit_positions(&slow, &zombie, 1, NULL, &err), -ESTALE);
	CHECK(strstr(err.s, "the lake is at offset 40"));
	CHECK_INT(slow.version, 39);
	log_release(&slow);
	for (int64_t version = 0; version < 40; version++) { /* at whichever it stands */
		struct strbuf name = STRBUF_INIT, text = STRBUF_INIT;
		slow = (struct log){.dir = LOG_RAW};
		log_entry_name(&slow, version, &name);
		strbuf_addstr(&text, "{}\n");
		CHECK_INT(store_put_if_absent(&b->base, name.s, &text, &err), -EEXIST);
		strbuf_release(&name);
		strbuf_release(&text);
	}
	open_hasty(&slow, b);
	put_rows(a, 41, 80);
	CHECK_INT(commit_positions(&slow, &other, 1, NULL, &err), 0); /* a partition that nobody else has */
	CHECK_INT(slow.version, 80);
	open_hasty(&log, a);
	CHECK_INT(log.version, 80);
	CHECK_INT(state_position(log.state, "g", "t", 1), 7);
	CHECK_INT(rows(&log), 80);
	check_audit(a, "");
	log_release(&log);
	log_release(&slow);
	store_close(&a->base);
	store_close(&b->base);
	strbuf_release(&err);
}

/* Who reads by the log may stand anywhere, have any hint, and be as slow as it likes. */
static void test_readers(void)
{
	struct strbuf err = STRBUF_INIT, hint = STRBUF_INIT;
	struct fake *f = open_fake(++tables);
	struct log log, slow;
	put_rows(f, 1, 10);
	CHECK_INT(log_open(&slow, &f->base, NULL, &err), 0);
	put_rows(f, 11, 50);
	CHECK_INT(rows(&slow), 50); /* the inventory of then is gone, and so are the entries behind it */
	CHECK_INT(slow.version, 49);
	log_release(&slow);
	for (int version = 0; version < 50; version++) {
		strbuf_clear(&hint);
		strbuf_addf(&hint, "{\"version\":%d,\"published\":true}\n", version);
		CHECK_INT(store_put(&f->base, LOG_RAW "/_last", &hint, &err), 0);
		CHECK_INT(log_open(&log, &f->base, NULL, &err), 0);
		CHECK_INT(log.version, 49);
		CHECK_INT(rows(&log), 50);
		log_release(&log);
	}
	CHECK_INT(store_remove(&f->base, LOG_RAW "/_last", &err), 0);
	CHECK_INT(log_open(&log, &f->base, NULL, &err), 0);
	CHECK_INT(log.version, 49);
	CHECK_STR(err.s, "");
	log_release(&log);
	store_close(&f->base);
	strbuf_release(&err);
	strbuf_release(&hint);
}

/* A writer that was killed while it emptied: the next one goes on. */
static void test_emptying_is_taken_up_again(void)
{
	struct strbuf err = STRBUF_INIT, nothing = STRBUF_INIT;
	struct fake *f = open_fake(++tables);
	struct log log;
	for (int64_t i = 1; i <= 14; i++) { /* nothing is old enough yet */
		open_hasty(&log, f);
		log.keep_ms = INT64_MAX / 2;
		CHECK_INT(put_row(&log, i), 0);
		log_release(&log);
	}
	CHECK(entry_size(f, 0) > 0);
	CHECK_INT(store_put(&f->base, LOG_RAW "/00000000000000000000.json", &nothing, &err), 0);
	put_rows(f, 15, 40);
	for (int64_t version = 0; version < 20; version++)
		CHECK_INT(entry_size(f, version), 0);
	check_audit(f, "");
	store_close(&f->base);
	strbuf_release(&err);
}

/* Undo the head of a table of N rows, which is damaged, and GONE entries before it, whose files are gone. */
static void check_undo(int64_t n, int64_t gone)
{
	struct strbuf err = STRBUF_INIT;
	struct undo undo;
	struct fake *f = open_fake(++tables);
	struct log log;
	char path[4200];
	without_files = gone;
	put_rows(f, 1, n);
	without_files = false;
	snprintf(path, sizeof path, "%s/%s/%020d.json", f->base.url, LOG_RAW, (int)n - 1);
	FILE *file = fopen(path, "w");
	CHECK(file && fputs("{", file) >= 0 && fclose(file) == 0);
	CHECK_INT(undo_head(&f->base, NULL, &undo, &err), 0);
	CHECK_STR(err.s, "");
	CHECK_INT(undo.first, n - 1 - gone);
	undo_release(&undo);
	open_hasty(&log, f);
	CHECK_INT(log.version, n);
	CHECK_INT(state_position(log.state, "g", "t", 0), n - 1 - gone);
	CHECK_INT(rows(&log), n - 1 - gone);
	log_release(&log);
	check_audit(f, "");
	put_rows(f, n - gone, n + 20);
	open_hasty(&log, f);
	CHECK_INT(rows(&log), n + 20);
	log_release(&log);
	check_audit(f, "");
	store_close(&f->base);
	strbuf_release(&err);
}

/* The head is undone, which may have moved the floor: what the state before needs is there. */
static void test_undo_goes_back_to_what_is_there(void)
{
	for (int64_t n = 20; n < 34; n++) {
		check_undo(n, 0);
		check_undo(n, 1);
	}
}

/* An entry that is empty though it is needed is damaged, as ever. */
static void test_empty_entries_that_are_needed(void)
{
	struct strbuf err = STRBUF_INIT, nothing = STRBUF_INIT;
	struct fake *f = open_fake(++tables);
	struct log log;
	put_rows(f, 1, 30);
	CHECK_INT(store_put(&f->base, LOG_RAW "/00000000000000000029.json", &nothing, &err), 0);
	CHECK_INT(log_open(&log, &f->base, &lines, &err), -EBADMSG);
	CHECK(strstr(err.s, "it is empty"));
	log_release(&log);
	store_close(&f->base);
	strbuf_release(&err);
}

/* An inventory that was changed: readers can not do without, writers can, and lake-check says so. */
static void test_a_changed_inventory(void)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *f = open_fake(++tables);
	struct log log;
	struct snapshot s;
	put_rows(f, 1, 6);
	CHECK_INT(beside(f, "files-"), 1);
	char *path = only(f, "files-");
	FILE *file = fopen(path, "a");
	CHECK(file && fputs("{}\n", file) >= 0 && fclose(file) == 0);
	put_rows(f, 7, 12);
	open_hasty(&log, f);
	CHECK_INT(log.version, 11);
	CHECK_INT(snapshot_read(&s, &log, &err), -EBADMSG);
	CHECK(strstr(err.s, "is not as it was written"));
	snapshot_release(&s);
	strbuf_clear(&found);
	struct audit audit;
	audit_init(&audit, find, fail, NULL);
	CHECK_INT(audit_log(&audit, &f->base, &err), 0);
	CHECK_INT(audit.findings, 1);
	CHECK(strstr(found.s, "is not as it was written"));
	audit_release(&audit);
	free(path);
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
	TEST(test_old_entries_go);
	TEST(test_a_slow_writer_can_not_commit_below_the_head);
	TEST(test_readers);
	TEST(test_emptying_is_taken_up_again);
	TEST(test_undo_goes_back_to_what_is_there);
	TEST(test_empty_entries_that_are_needed);
	TEST(test_a_changed_inventory);
	return tables_end() ? check_done() : 1;
}
