/* Unit tests of common/lake/delta_rules: to which Delta tables weir appends. */
#include <errno.h>

#include "common/lake/delta_rules.h"
#include "tests/unit/check.h"

static void check_protocol(const char *text, const char *why)
{
	struct strbuf got = STRBUF_INIT;
	json_t *protocol = json_loads(text, 0, NULL);
	CHECK(protocol);
	CHECK_INT(delta_rules_protocol(protocol, &got), *why ? -EINVAL : 0);
	CHECK_STR(got.len ? got.s : "", why);
	json_decref(protocol);
	strbuf_release(&got);
}

static void test_protocols(void)
{
	check_protocol("{\"minReaderVersion\":1,\"minWriterVersion\":1}", "");
	check_protocol("{\"minReaderVersion\":1,\"minWriterVersion\":2}", "");
	check_protocol("{\"minReaderVersion\":1,\"minWriterVersion\":4}", "");
	check_protocol(
		"{\"minReaderVersion\":1,\"minWriterVersion\":7,\"writerFeatures\":[\"appendOnly\",\"invariants\"]}",
		"");
	check_protocol("{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[\"timestampNtz\"],"
		       "\"writerFeatures\":[\"timestampNtz\",\"checkConstraints\"]}",
		"");
	check_protocol("{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[\"typeWidening\"],"
		       "\"writerFeatures\":[\"typeWidening\",\"typeWidening-preview\"]}",
		"");
	check_protocol("{\"minReaderVersion\":2,\"minWriterVersion\":5}", "'columnMapping' of its writers");
	check_protocol("{\"minReaderVersion\":1,\"minWriterVersion\":6}", "'columnMapping' of its writers");
	check_protocol("{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[\"deletionVectors\","
		       "\"v2Checkpoint\"],\"writerFeatures\":[\"deletionVectors\",\"v2Checkpoint\",\"rowTracking\"]}",
		"'v2Checkpoint', 'rowTracking' of its writers");
	check_protocol(
		"{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[],\"writerFeatures\":[\"x\"]}",
		"'x' of its writers");
	check_protocol("{\"minReaderVersion\":4,\"minWriterVersion\":7}", "protocol 4 for readers and 7 for writers");
	check_protocol("{\"minReaderVersion\":1,\"minWriterVersion\":8}", "protocol 1 for readers and 8 for writers");
	check_protocol("{\"minReaderVersion\":1}", "a protocol that cannot be read");
	check_protocol("{\"minReaderVersion\":\"1\",\"minWriterVersion\":2}", "a protocol that cannot be read");
	check_protocol("{\"minReaderVersion\":3,\"minWriterVersion\":7,\"writerFeatures\":{}}",
		"a protocol that cannot be read");
	check_protocol("{\"minReaderVersion\":3,\"minWriterVersion\":7,\"writerFeatures\":[1]}",
		"a protocol that cannot be read");
}

static void check_property(const char *name, const char *value, const char *why)
{
	struct strbuf got = STRBUF_INIT;
	json_t *meta = json_pack("{s:s,s:{s:s,s:{}},s:{s:s}}", "id", "x", "format", "provider", "parquet", "options",
		"configuration", name, value);
	CHECK_INT(delta_rules_meta(meta, &got), *why ? -EINVAL : 0);
	CHECK_STR(got.len ? got.s : "", why);
	json_decref(meta);
	strbuf_release(&got);
}

static void test_properties(void)
{
	check_property("delta.appendOnly", "true", "");
	check_property("delta.enableChangeDataFeed", "true", "");
	check_property("delta.enableDeletionVectors", "false", "");
	check_property("delta.columnMapping.mode", "none", "");
	check_property("delta.checkpointPolicy", "classic", "");
	check_property("owner", "x", "");
	check_property(
		"delta.columnMapping.mode", "name", "the property 'delta.columnMapping.mode'='name' (column mapping)");
	check_property("delta.constraints.positive", "a > 0",
		"the property 'delta.constraints.positive'='a > 0' (a CHECK constraint)");
	check_property("delta.enableDeletionVectors", "true", "");
	check_property(
		"delta.enableRowTracking", "true", "the property 'delta.enableRowTracking'='true' (row tracking)");
	check_property("delta.enableInCommitTimestamps", "true",
		"the property 'delta.enableInCommitTimestamps'='true' (in-commit timestamps)");
	check_property("delta.enableIcebergCompatV2", "true",
		"the property 'delta.enableIcebergCompatV2'='true' (compatibility with Iceberg)");
	check_property("delta.checkpointPolicy", "v2",
		"the property 'delta.checkpointPolicy'='v2' (checkpoints other than classic ones)");
	check_property("delta.setTransactionRetentionDuration", "interval 7 days",
		"the property 'delta.setTransactionRetentionDuration'='interval 7 days' after which our positions "
		"would be forgotten, and all records be stored once more");
}

static void test_formats(void)
{
	struct strbuf why = STRBUF_INIT;
	json_t *meta = json_pack("{s:{s:s}}", "format", "provider", "orc");
	CHECK_INT(delta_rules_meta(meta, &why), -EINVAL);
	CHECK_STR(why.s, "files of the format 'orc'");
	strbuf_clear(&why);
	CHECK_INT(delta_rules_meta(NULL, &why), -EINVAL);
	CHECK_STR(why.s, "files of the format ''");
	json_decref(meta);
	strbuf_release(&why);
}

/* Whether an entry with the line TEXT makes our positions void, and why. */
static void check_misfit(const char *text, const char *why)
{
	struct strbuf lines = STRBUF_INIT, err = STRBUF_INIT, got = STRBUF_INIT;
	struct entry entry;
	strbuf_addf(&lines, "%s\n", text);
	CHECK_INT(entry_parse(&lines, "x", &entry, &err), 0);
	CHECK(delta_rules_misfit(&entry, "T", &got) == (*why != '\0'));
	CHECK_STR(got.len ? got.s : "", why);
	entry_release(&entry);
	strbuf_release(&lines);
	strbuf_release(&err);
	strbuf_release(&got);
}

static void test_misfits(void)
{
	check_misfit("{\"commitInfo\":{\"operation\":\"WRITE\"}}", "");
	check_misfit("{\"commitInfo\":{\"operation\":\"OPTIMIZE\"}}", "");
	check_misfit("{\"commitInfo\":{\"operation\":\"DELETE\"}}", "");
	check_misfit("{\"metaData\":{\"id\":\"T\"}}", "");
	check_misfit("{\"txn\":{\"appId\":\"weirdo/1\",\"version\":1}}", "");
	check_misfit("{\"commitInfo\":{\"operation\":\"RESTORE\"}}", "is a RESTORE");
	check_misfit("{\"commitInfo\":{\"operation\":\"CREATE OR REPLACE TABLE AS SELECT\"}}",
		"is a CREATE OR REPLACE TABLE AS SELECT");
	check_misfit("{\"commitInfo\":{\"operation\":\"CLONE\"}}", "is a CLONE");
	check_misfit("{\"metaData\":{\"id\":\"U\"}}", "makes another table of it, with the id 'U'");
	check_misfit("{\"metaData\":{}}", "makes another table of it, with the id ''");
	check_misfit("{\"txn\":{\"appId\":\"weir/g/t/0\",\"version\":1}}",
		"has a transaction of ours, 'weir/g/t/0', which we have not written");
	check_misfit("{\"txn\":{\"appId\":\"weir-id/x\",\"version\":1}}",
		"has a transaction of ours, 'weir-id/x', which we have not written");
}

int main(void)
{
	TEST(test_protocols);
	TEST(test_properties);
	TEST(test_formats);
	TEST(test_misfits);
	return check_done();
}
