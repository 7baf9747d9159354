/* Unit tests of common/lake/inventory and snapshot: which files a table has. */
#include <errno.h>

#include "tests/unit/findings.h"
#include "tests/unit/rows.h"

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
	CHECK_INT(audit_store(&f->base), 1);
	CHECK(strstr(found.s, "is not as it was written"));
	free(path);
	log_release(&log);
	store_close(&f->base);
	strbuf_release(&err);
}

int main(void)
{
	if (!tables_begin())
		return 1;
	TEST(test_a_changed_inventory);
	return tables_end() ? check_done() : 1;
}
