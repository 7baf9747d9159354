/* Unit tests of common/lake/inventory and snapshot: which files a table has. */
#include <errno.h>

#include "common/lake/inventory.h"
#include "tests/unit/findings.h"
#include "tests/unit/rows.h"

/* An inventory that was changed: readers need it and fail, writers do not need it, and lake-check reports it. */
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
	CHECK_INT(audit_store(&f->base), 1);
	CHECK(strstr(found.s, "is not as it was written"));
	free(path);
	log_release(&log);
	store_close(&f->base);
	strbuf_release(&err);
}

/* The name that put_row() gives to the file of a row below 10, and actions of a foreign writer for it. */
#define ROW(row)       "\"part-0000000" #row "-0000-4000-8000-000000000000-00000.txt\""
#define ADD(row, size) "{\"add\":{\"path\":" ROW(row) ",\"partitionValues\":{},\"size\":" #size "}}\n"
#define REMOVE(row)    "{\"remove\":{\"path\":" ROW(row) "}}\n"

/* Commit the entry TEXT. */
static void put_entry(struct fake *f, const char *text)
{
	struct log log;
	struct strbuf name = STRBUF_INIT, entry = STRBUF_INIT, err = STRBUF_INIT;
	CHECK_INT(log_open(&log, &f->base, NULL, &err), 0);
	log_entry_name(&log, log.version + 1, &name);
	strbuf_addstr(&entry, text);
	CHECK_INT(store_put_if_absent(&f->base, name.s, &entry, &err), 0);
	CHECK_STR(err.s, "");
	log_release(&log);
	strbuf_release(&name);
	strbuf_release(&entry);
	strbuf_release(&err);
}

static void add_file(struct strbuf *out, json_t *add)
{
	const char *path = json_string_value(json_object_get(add, "path"));
	strbuf_addf(out, "%ld/%" JSON_INTEGER_FORMAT " ", path ? strtol(path + 5, NULL, 10) : -1,
		json_integer_value(json_object_get(add, "size")));
}

/*
 * A reader of the table finds the EXPECTED files, each as "ROW/SIZE ", in this order; the newest inventory, that of
 * VERSION, lists the first COUNT of them.
 */
static void check_files(struct fake *f, const char *expected, int64_t version, size_t count)
{
	struct log log;
	struct snapshot s;
	struct inventory inv;
	struct strbuf err = STRBUF_INIT, listed = STRBUF_INIT, files = STRBUF_INIT;
	const char *path;
	json_t *add;
	int64_t ignored;
	CHECK_INT(log_open(&log, &f->base, NULL, &err), 0);
	CHECK_INT(inventory_read(&inv, &f->base, LOG_RAW, log.state, &err), 0);
	CHECK_INT(inv.version, version);
	for (; inventory_next(&inv, &add, &ignored, &err) > 0; count--) {
		add_file(&listed, add);
		json_decref(add);
	}
	CHECK_INT(count, 0);
	CHECK_INT(snapshot_read(&s, &log, &err), 0);
	json_object_foreach(s.adds, path, add)
	{
		add_file(&files, add);
	}
	CHECK_STR(files.s, expected);
	CHECK(strncmp(files.s, listed.s, listed.len) == 0);
	CHECK_STR(err.s, "");
	snapshot_release(&s);
	inventory_release(&inv);
	log_release(&log);
	strbuf_release(&err);
	strbuf_release(&listed);
	strbuf_release(&files);
}

/* Actions that remove a file or add it again come before or after inventories; the last action counts. */
static void test_files_that_are_removed_and_added_again(void)
{
	struct fake *f = open_fake(++tables);
	put_rows(f, 1, 2);
	put_entry(f, REMOVE(1));
	put_entry(f, ADD(1, 7)); /* version 3 */
	put_rows(f, 3, 3);
	check_files(f, "2/1 1/7 3/1 ", 3, 2);
	put_entry(f, REMOVE(1));
	put_entry(f, REMOVE(3));
	put_entry(f, ADD(3, 8)); /* version 7 */
	put_rows(f, 4, 4);
	check_files(f, "2/1 3/8 4/1 ", 7, 2);
	put_entry(f, REMOVE(4));
	put_entry(f, ADD(1, 9));
	put_entry(f, ADD(4, 5)); /* version 11 */
	put_rows(f, 5, 5);
	check_files(f, "2/1 3/8 1/9 4/5 5/1 ", 11, 4);
	check_audit(&f->base, "");
	store_close(&f->base);
}

/* Foreign writers may add a file again without removing it first, or do both in one entry. */
static void test_files_that_are_added_twice(void)
{
	struct fake *f = open_fake(++tables);
	put_rows(f, 1, 2);
	put_entry(f, ADD(1, 7));
	check_files(f, "2/1 1/7 ", -1, 0);
	put_entry(f, ADD(2, 8) REMOVE(2)); /* version 3 */
	put_rows(f, 3, 3);
	check_files(f, "1/7 2/8 3/1 ", 3, 2);
	put_entry(f, ADD(1, 5));
	put_entry(f, ADD(2, 5) ADD(2, 6));
	put_entry(f, REMOVE(3)); /* version 7 */
	put_rows(f, 4, 4);
	check_files(f, "1/5 2/6 4/1 ", 7, 2);
	store_close(&f->base);
}

int main(void)
{
	if (!tables_begin())
		return 1;
	TEST(test_a_changed_inventory);
	TEST(test_files_that_are_removed_and_added_again);
	TEST(test_files_that_are_added_twice);
	return tables_end() ? check_done() : 1;
}
