/* Unit tests of common/lake/delta_checkpoint*: making and finding checkpoints; going on: lake_log_resume_test.c. */
#include <errno.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/lake/delta_checkpoint_rules.h"
#include "common/lake/delta_vector.h"
#include "tests/unit/delta_checkpoints.h"

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The actions in the checkpoint of VERSION, in short form, sorted. */
static int actions(struct log *log, int64_t version, struct strbuf *ret, struct strbuf *err)
{
	struct delta_checkpoint_in in;
	json_t *object;
	struct names names = {0};
	int r = delta_checkpoint_begin(&in, log, (struct delta_checkpoint){version, 1}, true, err);
	while (r == 0 && (r = delta_checkpoint_next(&in, &object, err)) > 0) {
		const char *name = json_object_iter_key(json_object_iter(object)), *what;
		json_t *action = json_object_get(object, name);
		struct strbuf text = STRBUF_INIT;
		what = json_string_value(json_object_get(action, "path"));
		what = what ? what : json_string_value(json_object_get(action, "appId"));
		strbuf_addf(&text, "%s %s", name, what ? what : "");
		names_add(&names, text.s);
		strbuf_release(&text);
		json_decref(object);
		r = 0;
	}
	delta_checkpoint_end(&in);
	qsort(names.items, names.count, sizeof *names.items, by_text);
	for (size_t i = 0; i < names.count; i++)
		strbuf_addf(ret, "%s%s", i ? ", " : "", names.items[i]);
	names_release(&names);
	return r;
}

static void check_actions(struct log *log, int64_t version, const char *expected)
{
	struct strbuf got = STRBUF_INIT, err = STRBUF_INIT;
	CHECK_INT(actions(log, version, &got, &err), 0);
	CHECK_STR(err.s, "");
	CHECK_STR(got.s, expected);
	strbuf_release(&got);
	strbuf_release(&err);
}

#define TABLE "metaData , protocol "
#define OURS  "txn weir-id/file 1, txn weir/g/t/0"

static void test_from_entries_and_from_a_checkpoint(void)
{
	struct strbuf err = STRBUF_INIT, text = STRBUF_INIT;
	struct log log;
	struct fake *f = begin(&log, &err);
	foreign(f, 2, WRITE ADD("a") ADD("b%20c") ADD("d") "{\"txn\":{\"appId\":\"spark\",\"version\":7}}\n");
	foreign(f, 3, WRITE REMOVE("a", LATER) REMOVE("d", "5") ADD("e"));
	check_make(&log, 0, "", "");
	check_actions(&log, 3, "add b%20c, add e, " TABLE ", remove a, txn spark, " OURS);
	get_file(f, "_last_checkpoint", &text);
	CHECK(strstr(text.s, "{\"version\":3,\"size\":8,\"sizeInBytes\":"));
	CHECK(strstr(text.s, ",\"numOfAddFiles\":2}\n"));
	check_make(&log, 0, "", ""); /* it exists */
	CHECK_INT(delta_commit(&log, 10, 20, false, &err), 0);
	foreign(f, 5, WRITE REMOVE("b c", LATER) ADD("a") "{\"txn\":{\"appId\":\"spark\",\"version\":8}}\n" METADATA);
	for (int64_t version = 0; version < 4; version++)
		clean_entry(f, version);
	check_make(&log, 0, "", "");
	check_actions(&log, 5, "add a, add e, " TABLE ", remove b c, txn spark, " OURS);
	end(f, &log);
	strbuf_release(&err);
	strbuf_release(&text);
}

/* Every member of an action is read back. */
static void test_members(void)
{
	struct strbuf err = STRBUF_INIT;
	struct log log;
	struct fake *f = begin(&log, &err);
	struct delta_checkpoint_in in;
	json_t *object = NULL, *expected = json_loads(ADD("x"), 0, NULL);
	json_object_set_new(json_object_get(expected, "add"), "dataChange", json_false());
	foreign(f, 2, WRITE ADD("x"));
	check_make(&log, 0, "", "");
	CHECK_INT(delta_checkpoint_begin(&in, &log, (struct delta_checkpoint){2, 1}, true, &err), 0);
	int found = 0;
	while (delta_checkpoint_next(&in, &object, &err) > 0) {
		json_t *add = json_object_get(object, "add"), *txn = json_object_get(object, "txn");
		json_t *meta = json_object_get(object, "metaData"), *same = action_of(METADATA, "metaData");
		found += add && json_equal(object, expected);
		found += meta && json_equal(meta, same);
		found += txn && json_integer_value(json_object_get(txn, "version")) == 10;
		json_decref(same);
		json_decref(object);
	}
	CHECK_INT(found, 3);
	delta_checkpoint_end(&in);
	json_decref(expected);
	end(f, &log);
	strbuf_release(&err);
}

#define VECTOR(id)                                                           \
	"\"deletionVector\":{\"storageType\":\"u\",\"pathOrInlineDv\":\"" id \
	"\",\"offset\":1,\"sizeInBytes\":34,\"cardinality\":2}"
#define ADD_WITH(path, id) "{\"add\":{\"path\":\"" path "\",\"partitionValues\":{},\"size\":1," VECTOR(id) "}}\n"
#define GONE_WITH(path, id) \
	"{\"remove\":{\"path\":\"" path "\",\"deletionTimestamp\":" LATER ",\"partitionValues\":{}," VECTOR(id) "}}\n"

/* Append the deletion vectors of the files in the checkpoint of VERSION to RET, in any order. */
static void vectors(struct log *log, int64_t version, struct strbuf *ret, struct strbuf *err)
{
	struct delta_checkpoint_in in;
	json_t *object;
	strbuf_clear(ret);
	CHECK_INT(delta_checkpoint_begin(&in, log, (struct delta_checkpoint){version, 1}, true, err), 0);
	while (delta_checkpoint_next(&in, &object, err) > 0) {
		const char *name = json_object_iter_key(json_object_iter(object));
		delta_vector_id(json_object_get(object, name), ret);
		json_decref(object);
	}
	delta_checkpoint_end(&in);
}

/* A file with another deletion vector is another one: both the removed and the present one are listed. */
static void test_deletion_vectors(void)
{
	struct strbuf err = STRBUF_INIT, ids = STRBUF_INIT;
	struct log log;
	struct fake *f = begin(&log, &err);
	foreign(f, 2, WRITE ADD("a"));
	foreign(f, 3, WRITE REMOVE("a", LATER) ADD_WITH("a", "v1"));
	check_make(&log, 0, "", "");
	check_actions(&log, 3, "add a, " TABLE ", remove a, " OURS);
	vectors(&log, 3, &ids, &err);
	CHECK_STR(ids.s, "uv1@1");
	foreign(f, 4, WRITE GONE_WITH("a", "v1") ADD_WITH("a", "v2"));
	check_make(&log, 0, "", ""); /* from the checkpoint before */
	check_actions(&log, 4, "add a, " TABLE ", remove a, remove a, " OURS);
	vectors(&log, 4, &ids, &err);
	CHECK(strstr(ids.s, "uv1@1") && strstr(ids.s, "uv2@1"));
	foreign(f, 5, WRITE GONE_WITH("a", "v2"));
	check_make(&log, 0, "", "");
	check_actions(&log, 5, TABLE ", remove a, remove a, remove a, " OURS);
	end(f, &log);
	strbuf_release(&err);
	strbuf_release(&ids);
}

static void test_damaged_ones_are_passed_over(void)
{
	struct strbuf err = STRBUF_INIT;
	struct log log;
	struct fake *f = begin(&log, &err);
	foreign(f, 2, WRITE ADD("a"));
	check_make(&log, 0, "", "");
	foreign(f, 3, WRITE ADD("b"));
	check_make(&log, 0, "", "");
	damage(f, "00000000000000000003.checkpoint.parquet");
	foreign(f, 4, WRITE ADD("c"));
	check_make(&log, 0, "00000000000000000003.checkpoint.parquet' is damaged: ", "");
	check_actions(&log, 4, "add a, add b, add c, " TABLE ", " OURS);
	damage(f, "00000000000000000002.checkpoint.parquet");
	damage(f, "00000000000000000004.checkpoint.parquet");
	foreign(f, 5, WRITE ADD("d"));
	check_make(&log, 0, "2.checkpoint.parquet' is damaged: ", "");
	check_actions(&log, 5, "add a, add b, add c, add d, " TABLE ", " OURS);
	damage(f, "00000000000000000005.checkpoint.parquet");
	CHECK_INT(delta_commit(&log, 10, 20, false, &err), 0);
	clean_entry(f, 0);
	check_make(&log, -ENOENT, "is damaged", "00000000000000000000.json");
	end(f, &log);
	strbuf_release(&err);
}

static void test_what_it_cannot_tell(void)
{
	struct strbuf err = STRBUF_INIT;
	struct log log;
	struct fake *f = begin(&log, &err);
	foreign(f, 2, WRITE "{\"remove\":{}}\n");
	check_make(&log, -EBADMSG, "", "an action 'remove' has no path");
	foreign(f, 2, WRITE "{\"add\":{\"path\":\"a\",\"size\":\"x\"}}\n");
	check_make(&log, -EINVAL, "", "column add.size");
	foreign(f, 2, WRITE);
	f->lose_before = 1;
	check_make(&log, STORE_UNKNOWN, "", "no answer");
	check_make(&log, 0, "", "");
	end(f, &log);
	strbuf_release(&err);
}

static void test_names(void)
{
	struct strbuf err = STRBUF_INIT, nothing = STRBUF_INIT, path = STRBUF_INIT;
	struct log log;
	struct delta_checkpoints list;
	struct fake *f = begin(&log, &err);
	static const char *const names[] = {"00000000000000000003.checkpoint.parquet",
		"00000000000000000004.checkpoint.0000000001.0000000002.parquet",
		"00000000000000000005.checkpoint.0000000001.0000000002.parquet",
		"00000000000000000005.checkpoint.0000000002.0000000002.parquet",
		"00000000000000000006.checkpoint.0000000003.0000000002.parquet",
		"00000000000000000007.checkpoint.0000000000.0000000000.parquet",
		"00000000000000000008.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json",
		"00000000000000000009.checkpoint.parquet", "0000000000000000000x.checkpoint.parquet"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		put_file(f, names[i], &nothing);
	CHECK_INT(delta_checkpoints_list(&log, 3, 8, &list, &err), 0);
	CHECK_INT(list.count, 2);
	CHECK_INT(list.items[0].version, 5);
	CHECK_INT(list.items[0].parts, 2);
	CHECK_INT(list.items[1].version, 3);
	CHECK_INT(list.items[1].parts, 1);
	CHECK_STR(list.v2, names[6]);
	delta_checkpoint_path(&log, &list.items[0], 2, &path);
	CHECK_STR(path.s + strlen(LOG_DELTA) + 1, names[3]);
	delta_checkpoints_release(&list);
	CHECK_INT(delta_checkpoint_hint(&log).version, -1);
	strbuf_addstr(&nothing, "{\"version\":5,\"parts\":2}");
	put_file(f, "_last_checkpoint", &nothing);
	CHECK_INT(delta_checkpoint_hint(&log).version, 5);
	CHECK_INT(delta_checkpoint_hint(&log).parts, 2);
	strbuf_setlen(&nothing, nothing.len - 1);
	put_file(f, "_last_checkpoint", &nothing);
	CHECK_INT(delta_checkpoint_hint(&log).version, -1);
	end(f, &log);
	strbuf_release(&err);
	strbuf_release(&nothing);
	strbuf_release(&path);
}

static void test_when(void)
{
	struct strbuf err = STRBUF_INIT, hint = STRBUF_INIT;
	struct log log;
	struct fake *f = begin(&log, &err);
	int64_t last = INT64_MIN;
	log.version = DELTA_CHECKPOINT_EVERY - 1;
	CHECK(!delta_checkpoint_due(&log, &last));
	log.version++;
	CHECK(delta_checkpoint_due(&log, &last));
	last = 1;
	CHECK(!delta_checkpoint_due(&log, &last));
	log.version++;
	CHECK(delta_checkpoint_due(&log, &last));
	strbuf_addstr(&hint, "{\"version\":50}"); /* another writer has made one */
	put_file(f, "_last_checkpoint", &hint);
	CHECK(!delta_checkpoint_due(&log, &last));
	CHECK_INT(last, 50);
	end(f, &log);
	strbuf_release(&err);
	strbuf_release(&hint);
}

/* How many versions lie between checkpoints when the property is VALUE (NULL: not set). */
static int64_t every(const char *value)
{
	struct log log = {0};
	log.delta.meta = json_pack("{s:{s:s*}}", "configuration", "delta.checkpointInterval", value);
	int64_t n = delta_checkpoint_every(&log);
	json_decref(log.delta.meta);
	return n;
}

static void test_how_often(void)
{
	CHECK_INT(every(NULL), DELTA_CHECKPOINT_EVERY);
	CHECK_INT(every("1"), 1);
	CHECK_INT(every("10"), 10);
	CHECK_INT(every("9223372036854775807"), INT64_MAX);
	static const char *const odd[] = {"", "0", "-1", "1.5", "ten", "10 ", "18446744073709551615"};
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		CHECK_INT(every(odd[i]), DELTA_CHECKPOINT_EVERY);
	struct log log = {.version = 3};
	int64_t last = 1;
	log.delta.meta = json_pack("{s:{s:s}}", "configuration", "delta.checkpointInterval", "3");
	CHECK(!delta_checkpoint_due(&log, &last));
	json_decref(log.delta.meta);
}

/* Whether a file that was removed DAYS ago is listed when the property is VALUE (NULL: not set). */
static bool kept(const char *value, int days)
{
	struct log log = {0};
	log.delta.meta = json_pack("{s:{s:s*}}", "configuration", "delta.deletedFileRetentionDuration", value);
	struct checkpoint_rules rules = delta_checkpoint_rules(&log);
	json_t *removed = json_pack(
		"{s:I}", "deletionTimestamp", (json_int_t)(clock_epoch_ms() - days * INT64_C(86400000) + 60000));
	bool listed = delta_checkpoint_lists(&rules, "remove", removed);
	json_decref(removed);
	json_decref(log.delta.meta);
	return listed;
}

static void test_what_is_forgotten(void)
{
	CHECK(kept(NULL, 7) && !kept(NULL, 8));
	CHECK(kept("interval 2 days", 2) && !kept("interval 2 days", 3));
	CHECK(kept("INTERVAL 1 WEEK", 7) && !kept("1 week", 8));
	CHECK(kept("48 hours", 2) && !kept("48 hours", 3));
	CHECK(kept("interval 1 day 2 hours", 999) && kept("", 999) && kept("soon", 999));
	struct log log = {0};
	struct checkpoint_rules rules = delta_checkpoint_rules(&log);
	json_int_t old = clock_epoch_ms() - INT64_C(91) * 86400000;
	json_t *id = json_pack("{s:s,s:I}", "appId", "weir-id/x", "lastUpdated", old);
	json_t *other = json_pack("{s:s,s:I}", "appId", "weir/g/t/0", "lastUpdated", old);
	CHECK(!delta_checkpoint_lists(&rules, "txn", id));
	CHECK(delta_checkpoint_lists(&rules, "txn", other));
	json_object_set_new(id, "lastUpdated", json_integer(old + 2 * INT64_C(86400000)));
	CHECK(delta_checkpoint_lists(&rules, "txn", id));
	json_object_del(id, "lastUpdated");
	CHECK(delta_checkpoint_lists(&rules, "txn", id));
	json_decref(id);
	json_decref(other);
}

int main(void)
{
	if (!tables_begin())
		return 1;
	TEST(test_from_entries_and_from_a_checkpoint);
	TEST(test_members);
	TEST(test_deletion_vectors);
	TEST(test_damaged_ones_are_passed_over);
	TEST(test_what_it_cannot_tell);
	TEST(test_names);
	TEST(test_when);
	TEST(test_how_often);
	TEST(test_what_is_forgotten);
	return tables_end() ? check_done() : 1;
}
