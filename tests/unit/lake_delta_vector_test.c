/* Unit tests of common/lake/delta_vector: where deletion vectors are, and what is refused. */
#include "common/lake/delta_vector.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/check.h"

/* Rows 3, 4, 7, 11, 18 and 29. */
#define INLINE "^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L"
#define UUID   "ab^-aqEH.-t@S}K{vb[*k^"

static struct store *store;
static char *top;

static void check(const char *json, uint64_t rows, int want, const char *why)
{
	struct delta_vector v;
	struct strbuf err = STRBUF_INIT;
	json_t *add = json_pack("{s:o}", "deletionVector", json_loads(json, 0, NULL));
	int r = delta_vector_read(add, store, rows, &v, &err);
	CHECK_INT(r, want);
	CHECK(strstr(err.s, why) != NULL);
	if (!strstr(err.s, why))
		printf("# err '%s'\n", err.s);
	if (r == 0) {
		static const uint64_t gone[] = {3, 4, 7, 11, 18, 29};
		CHECK_INT(v.rows.rows, 6);
		for (size_t i = 0; i < 6; i++)
			CHECK(deletion_vector_has(&v.rows, gone[i]));
		CHECK(!deletion_vector_has(&v.rows, 5));
	}
	delta_vector_release(&v);
	json_decref(add);
	strbuf_release(&err);
}

static void test_inline(void)
{
	json_t *without = json_object();
	CHECK(!delta_vector_is_there(without));
	json_decref(without);
	check("{\"storageType\":\"i\",\"pathOrInlineDv\":\"" INLINE "\",\"sizeInBytes\":44,\"cardinality\":6}", 30, 0,
		"");
	check("{\"storageType\":\"i\",\"pathOrInlineDv\":\"" INLINE "\",\"sizeInBytes\":44,\"cardinality\":6}", 29,
		-EBADMSG, "rows that the file does not have");
	check("{\"storageType\":\"i\",\"pathOrInlineDv\":\"" INLINE "\",\"sizeInBytes\":44,\"cardinality\":7}", 30,
		-EBADMSG, "another number of rows than the log says");
	check("{\"storageType\":\"i\",\"pathOrInlineDv\":\"" INLINE "\",\"sizeInBytes\":45,\"cardinality\":6}", 30,
		-EBADMSG, "another size");
	check("{\"storageType\":\"i\",\"pathOrInlineDv\":\"~~~~~\",\"sizeInBytes\":4,\"cardinality\":6}", 30, -EBADMSG,
		"not in base 85");
	check("{\"storageType\":\"i\",\"sizeInBytes\":44,\"cardinality\":6}", 30, -EBADMSG, "not described");
	check("{\"storageType\":\"i\",\"pathOrInlineDv\":\"\",\"sizeInBytes\":999999999,\"cardinality\":6}", 30,
		-EBADMSG, "not described");
}

/* Write the file of UUID: a version, the size, the vector, its CRC. */
static void write_file(const char *path, const unsigned char *bytes, size_t len)
{
	struct strbuf name = STRBUF_INIT;
	strbuf_addf(&name, "%s/%s", top, path);
	int fd = open(name.s, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	CHECK(fd >= 0 && write(fd, bytes, len) == (ssize_t)len && close(fd) == 0);
	strbuf_release(&name);
}

static void test_file(void)
{
	static const char good[] = "{\"storageType\":\"u\",\"pathOrInlineDv\":\"" UUID
				   "\",\"offset\":1,\"sizeInBytes\":44,\"cardinality\":6}";
	static const char path[] = "ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin";
	unsigned char bytes[] = {1, 0, 0, 0, 44, 0xd1, 0xd3, 0x39, 0x64, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x3a, 0x30,
		0, 0, 1, 0, 0, 0, 0, 0, 5, 0, 0x10, 0, 0, 0, 3, 0, 4, 0, 7, 0, 11, 0, 18, 0, 29, 0, 0, 0, 0, 0};
	struct strbuf name = STRBUF_INIT;
	check(good, 30, -EBADMSG, "No such file");
	strbuf_addf(&name, "%s/ab", top);
	CHECK_INT(mkdir(name.s, 0755), 0);
	write_file(path, bytes, sizeof bytes);
	check(good, 30, -EBADMSG, "is damaged: its size or its CRC");
	memcpy(bytes + sizeof bytes - 4, "\xac\xd7\x4a\x79", 4);
	write_file(path, bytes, sizeof bytes);
	check(good, 30, 0, "");
	check("{\"storageType\":\"u\",\"pathOrInlineDv\":\"" UUID
	      "\",\"offset\":2,\"sizeInBytes\":44,\"cardinality\":6}",
		30, -EBADMSG, "");
	check("{\"storageType\":\"u\",\"pathOrInlineDv\":\"short\",\"offset\":1,\"sizeInBytes\":44,\"cardinality\":6}",
		30, -EBADMSG, "without a UUID");
	check("{\"storageType\":\"u\",\"pathOrInlineDv\":\"../^-aqEH.-t@S}K{vb[*k^\",\"offset\":1,\"sizeInBytes\":44,"
	      "\"cardinality\":6}",
		30, -EBADMSG, "not in the table");
	check("{\"storageType\":\"p\",\"pathOrInlineDv\":\"s3://x/"
	      "y.bin\",\"offset\":1,\"sizeInBytes\":44,\"cardinality\":6}",
		30, -ENOTSUP, "outside of the table");
	check("{\"storageType\":\"x\",\"pathOrInlineDv\":\"\",\"offset\":1,\"sizeInBytes\":44,\"cardinality\":6}", 30,
		-EBADMSG, "outside");
	strbuf_release(&name);
}

/* The id and the path of the vector that JSON describes, "": none. */
static void check_names(const char *json, const char *id, const char *path)
{
	struct strbuf text = STRBUF_INIT;
	json_t *action = json_pack("{s:o}", "deletionVector", json_loads(json, 0, NULL));
	delta_vector_id(action, &text);
	CHECK_STR(text.len ? text.s : "", id);
	strbuf_clear(&text);
	CHECK_INT(delta_vector_path(action, &text), *path != '\0');
	if (*path)
		CHECK_STR(text.s, path);
	json_decref(action);
	strbuf_release(&text);
}

static void test_names(void)
{
	check_names("{\"storageType\":\"u\",\"pathOrInlineDv\":\"" UUID "\",\"offset\":7}", "u" UUID "@7",
		"ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin");
	check_names("{\"storageType\":\"i\",\"pathOrInlineDv\":\"" INLINE "\"}", "i" INLINE, "");
	check_names("{\"storageType\":\"u\",\"pathOrInlineDv\":\"../^-aqEH.-t@S}K{vb[*k^\"}",
		"u../^-aqEH.-t@S}K{vb[*k^", "");
	check_names("{\"storageType\":\"u\",\"pathOrInlineDv\":\"x\"}", "ux", "");
	check_names("{}", "", "");
}

static void test_count(void)
{
	json_t *add = json_loads("{\"deletionVector\":{\"cardinality\":6}}", 0, NULL), *none = json_object();
	json_t *bad = json_loads("{\"deletionVector\":{\"cardinality\":-6}}", 0, NULL);
	CHECK_INT(delta_vector_count(add), 6);
	CHECK_INT(delta_vector_count(none), 0);
	CHECK_INT(delta_vector_count(bad), 0);
	json_decref(add);
	json_decref(none);
	json_decref(bad);
}

int main(void)
{
	struct strbuf dir = STRBUF_INIT, err = STRBUF_INIT;
	const char *tmp = getenv("TMPDIR");
	strbuf_addf(&dir, "%s/delta-vector-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	top = mkdtemp(dir.s);
	if (!top || store_open(top, NULL, NULL, &store, &err) < 0)
		return 1;
	TEST(test_inline);
	TEST(test_file);
	TEST(test_names);
	TEST(test_count);
	store_close(store);
	struct strbuf command = STRBUF_INIT;
	strbuf_addf(&command, "rm -rf '%s'", top);
	int r = system(command.s);
	strbuf_release(&command);
	strbuf_release(&dir);
	return r == 0 ? check_done() : 1;
}
