/* Unit tests of common/lake/audit, survey, place and decode's counting; damaged tables: tests/cli/lake-check.bats. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/lake/decode.h"
#include "common/lake/place.h"
#include "common/base/uuid.h"
#include "tests/unit/findings.h"
#include "tests/unit/scratch.h"

static char top[SCRATCH_SIZE];

/* Check the entry TEXT as VERSION. */
static void feed(struct audit *a, int64_t version, const char *text)
{
	struct strbuf s = STRBUF_INIT, err = STRBUF_INIT;
	struct entry entry;
	strbuf_addstr(&s, text);
	CHECK_INT(entry_parse(&s, "entry", &entry, &err), 0);
	audit_entry(a, version, &entry);
	entry_release(&entry);
	strbuf_release(&s);
	strbuf_release(&err);
}

/* An entry that moves partition 0 of topic t, with EXTRA in commitInfo. */
static void feed_move(struct audit *a, int64_t version, int next, const char *extra)
{
	struct strbuf s = STRBUF_INIT;
	strbuf_addstr(&s, "{\"commitInfo\":{\"weir\":{\"v\":2,");
	if (version > 0)
		strbuf_addf(&s, "\"after\":{\"version\":%d,\"txnId\":\"\"},", (int)version - 1);
	strbuf_addf(&s,
		"\"positions\":{\"a/b\":{\"t\":{\"0\":{\"next\":%d}}}}}%s}}\n"
		"{\"txn\":{\"appId\":\"weir/a/b/t/0\",\"version\":%d}}\n",
		next, extra, next);
	feed(a, version, s.s);
	strbuf_release(&s);
}

static void test_spans_are_joined(void)
{
	struct audit a;
	audit_init(&a, find, fail, NULL);
	feed_move(&a, 0, 10, ",\"read\":{\"t\":{\"0\":[0,10,10]}}");
	feed_move(&a, 1, 15, ",\"read\":{\"t\":{\"0\":[10,15,5]}}");
	feed_move(&a, 2, 20, ",\"read\":{\"t\":{\"0\":[15,20,3]}}");
	feed_move(&a, 3, 30, ",\"read\":{\"t\":{\"0\":[20,30,0]}}");
	feed_move(&a, 4, 40, ""); /* by a writer that does not record it */
	feed_move(&a, 5, 40, ",\"read\":{\"t\":{\"0\":[40,40,0]}}");
	feed_move(&a, 6, 50, ",\"read\":{\"t\":{\"0\":[44,50,6]}},\"lost\":{\"t\":{\"0\":[40,44]}}");
	feed_move(&a, 7, 5, ",\"moved\":{\"t\":{\"0\":[50,5]}}");
	feed_move(&a, 8, 9, ",\"read\":{\"t\":{\"0\":[5,9,4]}}");
	CHECK_STR(found.s, "");
	CHECK_INT(a.nparts, 1);
	const struct audit_part *p = &a.parts[0];
	CHECK_STR(p->group, "a/b");
	CHECK_INT(p->next, 9);
	static const struct audit_span want[] = {{0, 15, 15}, {15, 30, 3}, {30, 40, -1}, {44, 50, 6}, {5, 9, 4}};
	CHECK_INT(p->count, 5);
	for (size_t i = 0; i < p->count && i < 5; i++) {
		CHECK_INT(p->spans[i].from, want[i].from);
		CHECK_INT(p->spans[i].to, want[i].to);
		CHECK_INT(p->spans[i].records, want[i].records);
	}
	audit_release(&a);
}

static void test_backwards(void)
{
	struct audit a;
	audit_init(&a, find, fail, NULL);
	feed_move(&a, 0, 10, "");
	feed_move(&a, 1, 9, "");
	CHECK_STR(found.s, "'_weir_log/00000000000000000001.json': topic 't', partition 0, group 'a/b': "
			   "the position goes backwards (from 10 to 9)\n");
	strbuf_clear(&found);
	audit_gap(&a); /* it may have been moved there */
	feed_move(&a, 3, 2, "");
	CHECK_STR(found.s, "");
	feed_move(&a, 4, 1, "");
	CHECK(strstr(found.s, "backwards"));
	CHECK_INT(a.findings, 2);
	strbuf_clear(&found);
	audit_release(&a);
}

static void touch(const char *name)
{
	char path[8192];
	snprintf(path, sizeof path, "%s/%s", top, name);
	int fd = open(path, O_WRONLY | O_CREAT, 0600);
	CHECK(fd >= 0);
	close(fd);
}

static int owner(struct store *store, const char *path)
{
	struct survey survey;
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(store_survey(store, &survey, &err), 0);
	const struct found *f = survey_find(&survey, path);
	int r = f ? (int)f->owner : -1;
	survey_release(&survey);
	strbuf_release(&err);
	return r;
}

#define ID "01234567-89ab-4cde-8f01-23456789abcd"

static void test_owners(void)
{
	static const char stage[] = ".part-" ID "-00000.new";
	char path[8192], uuid[UUID_LEN + 1];
	struct strbuf err = STRBUF_INIT;
	struct store *store, *writer;
	struct stage *staged;
	CHECK_INT(store_open(top, NULL, NULL, &store, &err), 0);
	touch(stage);
	touch("data");
	CHECK_INT(owner(store, stage), OWNER_NONE);
	CHECK_INT(owner(store, "data"), OWNER_NONE);
	snprintf(path, sizeof path, "%s/.writers", top);
	CHECK_INT(mkdir(path, 0700), 0);
	touch(".writers/other-machine-" ID);
	CHECK_INT(owner(store, stage), OWNER_ELSEWHERE);
	CHECK_INT(owner(store, ".writers/other-machine-" ID), OWNER_ELSEWHERE);
	CHECK_INT(uuid_new(uuid, &err), 0);
	CHECK_INT(store_open(top, uuid, NULL, &writer, &err), 0);
	snprintf(path, sizeof path, "part-%s-00001", uuid);
	CHECK_INT(store_stage(writer, path, &staged, &err), 0);
	CHECK_INT(owner(store, staged->tag), OWNER_ALIVE);
	char *tag = xstrdup(staged->tag);
	store_stage_free(staged);
	store_close(writer); /* which leaves its lock, because the stage exists */
	CHECK_INT(owner(store, tag), OWNER_DEAD);
	struct claim claim;
	CHECK_INT(uuid_new(uuid, &err), 0);
	CHECK_INT(store_open(top, uuid, NULL, &writer, &err), 0);
	CHECK_INT(
		store_claim(writer, &(struct claim_rules){.before_ms = 1}, &claim, &err), 0); /* nothing is that old */
	CHECK_INT(claim.locks.count, 0);
	store_end_claim(writer, &claim, true);
	CHECK_INT(store_claim(writer, &(struct claim_rules){.before_ms = INT64_MAX}, &claim, &err), 0);
	CHECK_INT(claim.paths.count, 1);
	CHECK_INT(owner(store, tag), OWNER_DEAD);
	claim_spare(&claim, tag);
	store_end_claim(writer, &claim, true);
	CHECK_INT(owner(store, tag), OWNER_NONE); /* spared, but its lock is gone */
	free(tag);
	store_close(writer);
	store_close(store);
	strbuf_release(&err);
}

static void test_sizes(void)
{
	struct strbuf err = STRBUF_INIT;
	struct store *store;
	uint64_t size = 7;
	CHECK_INT(store_open(top, NULL, NULL, &store, &err), 0);
	CHECK_INT(store_size(store, "data", &size, &err), 0);
	CHECK_INT(size, 0);
	CHECK_INT(store_size(store, "none", &size, &err), -ENOENT);
	CHECK_INT(store_size(store, "data/x", &size, &err), -ENOENT);
	CHECK_STR(err.s, "");
	CHECK_INT(store_size(store, "../x", &size, &err), -EBADMSG);
	CHECK_INT(store_size(store, ".writers", &size, &err), -EBADMSG);
	store_close(store);
	strbuf_release(&err);
}

static void test_counting(void)
{
	struct strbuf err = STRBUF_INIT;
	struct decode_count count = {.delim = '\n'};
	decode_count_begin(&count);
	CHECK_INT(decode_count_check(&count, "f", 0, &err), 0);
	CHECK_INT(decode_count_add(&count, "a\nb", 3), 0);
	CHECK_INT(decode_count_check(&count, "f", -1, &err), -EBADMSG);
	CHECK_STR(err.s, "'f' ends in the middle of a record, after 1");
	CHECK_INT(decode_count_add(&count, "\n", 1), 0);
	CHECK_INT(decode_count_check(&count, "f", 2, &err), 0);
	CHECK_INT(decode_count_check(&count, "f", -1, &err), 0);
	CHECK_INT(decode_count_check(&count, "f", 3, &err), -EBADMSG);
	strbuf_release(&err);
}

static void test_places(void)
{
	static const char *const bad[] = {"", ":", "t:0", "t:0=", ":0=1", "t:=1", "t:-1=1", "t:0=-1", "t:2147483648=1",
		"t:0=9223372036854775807", "t:0=99999999999999999999", "a/b:0=1", "t :0=1", "t:0=1 ", "t:0=0x1",
		"\xc3\xa9:0=1"};
	struct place p;
	struct strbuf err = STRBUF_INIT;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		strbuf_clear(&err);
		CHECK_INT(place_parse(bad[i], &p, &err), -EINVAL);
		CHECK_STR(err.s, "is not TOPIC:PARTITION=OFFSET");
	}
	CHECK_INT(place_parse("a.B_c-1:2147483647=9223372036854775806", &p, &err), 0);
	CHECK_STR(p.topic, "a.B_c-1");
	CHECK_INT(p.partition, INT32_MAX);
	CHECK_INT(p.offset, INT64_MAX - 1);
	place_release(&p);
	strbuf_release(&err);
}

int main(void)
{
	if (!mkdtemp(scratch(top, "lake-audit-test")))
		return 1;
	TEST(test_spans_are_joined);
	TEST(test_backwards);
	TEST(test_owners);
	TEST(test_sizes);
	TEST(test_counting);
	TEST(test_places);
	strbuf_release(&found);
	char command[4200];
	snprintf(command, sizeof command, "rm -rf '%s'", top);
	return check_done() | (system(command) != 0);
}
