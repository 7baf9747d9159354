/* Row groups and pages are left out by statistics, indexes and Bloom filters. */
#include "tests/unit/pq_reading.h"

/* Which rows PRED leaves, as ranges. */
static void check_pruned(struct scan_reading *r, const struct prune *pred, const char *want)
{
	struct pq_ranges ranges = {0};
	struct strbuf out = STRBUF_INIT;
	CHECK_INT(pq_scan_prune(r->scan, 0, pred, &ranges, &r->err), 0);
	for (size_t i = 0; i < ranges.count; i++)
		strbuf_addf(&out, "%s%d-%d", i ? " " : "", (int)ranges.item[i].from, (int)ranges.item[i].to);
	CHECK_STR(out.s, want);
	strbuf_release(&out);
	pq_ranges_release(&ranges);
}

/* Names between the bounds that are not there: the filter of ID's column tells, nearly always. */
static void check_filter(struct scan_reading *r, struct prune *id)
{
	int found = 0;
	for (int i = 0; i < 100; i++) {
		char name[16];
		struct pq_ranges ranges = {0};
		snprintf(name, sizeof name, "u77%dx", i);
		id->value.s = name;
		id->value.len = strlen(name);
		CHECK_INT(pq_scan_prune(r->scan, 0, id, &ranges, &r->err), 0);
		found += ranges.count > 0;
		pq_ranges_release(&ranges);
	}
	CHECK(found < 10);
}

static void test_prune(void)
{
	const char *const bloom[] = {"id", NULL};
	struct strbuf rows = STRBUF_INIT;
	struct scan_reading r;
	init(&r);
	for (int i = 0; i < 1000; i++)
		strbuf_addf(&rows, "{\"n\":%d,\"id\":\"u%d\",\"x\":%d}\n", i, i * 7919 % 1000, i % 2);
	write_file("n bigint, id string, x int", rows.s, 1000,
		&(struct pq_settings){.page_entries = 100, .bloom = bloom}, &r.bytes);
	CHECK_INT(open_reading(&r, NULL), 0);
	static struct prune two[2] = {{.op = PRUNE_GE, .value = {.type = VALUE_INT, .i = 250}},
		{.op = PRUNE_LT, .value = {.type = VALUE_INT, .i = 520}}};
	struct prune tree = {.op = PRUNE_AND, .child = two, .children = 2};
	check_pruned(&r, &two[0], "202-1000");
	check_pruned(&r, &two[1], "0-606");
	check_pruned(&r, &tree, "202-606");
	tree.op = PRUNE_OR;
	two[0].value.i = 950;
	two[1].value.i = 50;
	check_pruned(&r, &tree, "0-101 909-1000");
	two[0].value.i = 1000;
	check_pruned(&r, &two[0], "");
	two[0].op = PRUNE_ANY;
	check_pruned(&r, &tree, "0-1000");
	two[0].op = PRUNE_NONE;
	check_pruned(&r, &tree, "0-101");
	struct prune id = {.op = PRUNE_EQ, .column = 1, .value = {.type = VALUE_STRING, .s = "u77", .len = 3}};
	check_pruned(&r, &id, "0-1000");
	check_filter(&r, &id);
	strbuf_release(&rows);
	end(&r);
}

int main(void)
{
	TEST(test_prune);
	return check_done();
}
