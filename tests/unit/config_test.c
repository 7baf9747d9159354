/* common/base/config: what is read, what is refused and where, and which setting counts. */
#include "common/base/config.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/check.h"
#include "tests/unit/scratch.h"

static struct config c;
static struct strbuf err = STRBUF_INIT;

static int parse(const char *text, bool given)
{
	strbuf_clear(&err);
	return config_parse(&c, "f", given, text, strlen(text), &err);
}

static int settle(const char *profile)
{
	strbuf_clear(&err);
	return config_settle(&c, profile, &err);
}

/* The value that counts, "(none)" without. */
static const char *value(const char *section, const char *key)
{
	const struct config_entry *e = config_find(&c, section, key);
	return e ? e->value : "(none)";
}

static void test_forms(void)
{
	CHECK_INT(
		parse("# x=y\n\n a.b = c d \r\n[split]\nlower=true\n\t[ p : lake-put ]  \nx = a=b # c\ny=", false), 0);
	CHECK_INT(c.count, 4);
	CHECK_INT(settle("p"), 0);
	CHECK_STR(value("kafka", "a.b"), "c d");
	CHECK_STR(value("split", "lower"), "true");
	CHECK_STR(value("lake-put", "x"), "a=b # c");
	CHECK_STR(value("lake-put", "y"), "");
	CHECK_STR(value("lake-put", "lower"), "(none)");
	CHECK_INT(config_find(&c, "lake-put", "y")->line, 8);
	CHECK_STR(config_find(&c, "lake-put", "y")->path, "f");
	config_release(&c);
	CHECK_INT(parse("", false), 0);
	CHECK_INT(c.count, 0);
	CHECK_INT(settle(NULL), 0);
	config_release(&c);
}

static void test_refusals(void)
{
	static const char *const bad[] = {"geheim", "=geheim", "[", "[]", "[:]", "[a:]", "[:a]", "[a:b:c]", "[a b]",
		"[a", "[a]geheim", "[a] # b", "]", "[a/b]"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct strbuf text = STRBUF_INIT;
		strbuf_addf(&text, "k = v\n\n%s\n", bad[i]);
		int r = parse(text.s, false);
		if (r != -EINVAL)
			printf("# accepted: %s\n", bad[i]);
		CHECK_INT(r, -EINVAL);
		CHECK(strncmp(err.s, "f:3: ", 5) == 0 && !strstr(err.s, "geheim"));
		strbuf_release(&text);
		config_release(&c);
	}
	strbuf_clear(&err);
	CHECK_INT(config_parse(&c, "f", false, "a=b\0c", 5, &err), -EINVAL);
	CHECK_STR(err.s, "f:1: NUL byte");
	config_release(&c);
}

static void test_the_last_one_counts(void)
{
	CHECK_INT(parse("k = 1\nk = 2\n", false), 0);
	CHECK_INT(settle(NULL), 0);
	CHECK_STR(value("kafka", "k"), "2");
	config_release(&c);
}

/* A profile is stronger than a later file without it, and what is given is stronger than both. */
static void test_order(void)
{
	CHECK_INT(parse("[p:kafka]\na=1\nb=1\nc=1\n[q:kafka]\na=9\nd=9\n", false), 0);
	CHECK_INT(parse("a=2\nb=2\n", false), 0);
	CHECK_INT(parse("[p:kafka]\nc=3\n[kafka]\nb=3\nc=4\n", true), 0);
	CHECK_INT(settle("p"), 0);
	CHECK_STR(value("kafka", "a"), "1");
	CHECK_STR(value("kafka", "b"), "3");
	CHECK_STR(value("kafka", "c"), "3");
	CHECK_STR(value("kafka", "d"), "(none)");
	CHECK(config_find(&c, "kafka", "b")->given && !config_find(&c, "kafka", "a")->given);
	config_release(&c);
	CHECK_INT(parse("[p:kafka]\na=1\n", false), 0);
	CHECK_INT(settle(NULL), 0);
	CHECK_INT(c.count, 0);
	config_release(&c);
}

static void test_no_such_profile(void)
{
	CHECK_INT(parse("[prod:kafka]\na=1\n", false), 0);
	CHECK_INT(settle("prud"), -ENOENT);
	CHECK_STR(err.s, "no configuration file has a profile 'prud'; did you mean 'prod'?");
	config_release(&c);
	CHECK_INT(settle("prod"), -ENOENT);
	CHECK_STR(err.s, "no configuration file has a profile 'prod'");
	config_release(&c);
}

static void test_files(void)
{
	char dir[SCRATCH_SIZE];
	struct strbuf path = STRBUF_INIT, text = STRBUF_INIT;
	CHECK(mkdtemp(scratch(dir, "config")));
	strbuf_clear(&err);
	CHECK_INT(config_read(&c, dir, false, &err), -EISDIR);
	strbuf_addf(&path, "%s/f", dir);
	CHECK_INT(config_read(&c, path.s, false, &err), -ENOENT);
	FILE *f = fopen(path.s, "w");
	strbuf_addstr(&text, "key = ");
	while (text.len < CONFIG_MAX)
		strbuf_addch(&text, 'x');
	CHECK(f && fwrite(text.s, 1, text.len, f) == text.len && fflush(f) == 0);
	CHECK_INT(config_read(&c, path.s, false, &err), 0);
	CHECK(fputc('x', f) == 'x' && fclose(f) == 0);
	CHECK_INT(config_read(&c, path.s, false, &err), -EFBIG);
	config_release(&c);
	CHECK(unlink(path.s) == 0 && rmdir(dir) == 0);
	strbuf_release(&path);
	strbuf_release(&text);
}

static void test_secrets(void)
{
	static const char *const hidden[] = {"sasl.password", "AWS_SECRET_ACCESS_KEY", "aws_session_token",
		"sasl.oauthbearer.assertion.private.key.passphrase", "ssl.key.pem", "AZURE_STORAGE_CONNECTION_STRING",
		"sasl.oauthbearer.client.secret", "AZURE_STORAGE_KEY", "ssl.key.password"};
	static const char *const shown[] = {"bootstrap.servers", "commit-every", "AWS_REGION", "sasl.username", "key",
		"key-from", "ssl.key.location", "AWS_WEB_IDENTITY_TOKEN_FILE"};
	for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
		CHECK(config_is_secret(hidden[i]));
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
		CHECK(!config_is_secret(shown[i]));
	CHECK(config_holds_secret("kafka", "sasl.password", "geheim"));
	CHECK(config_holds_secret("topics", "property", "sasl.password=geheim"));
	CHECK(config_holds_secret("topics", "property", " sasl.password = geheim"));
	CHECK(!config_holds_secret("topics", "property", "sasl.username=me"));
	CHECK(!config_holds_secret("clean", "rejects", "password"));
	CHECK(!config_holds_secret("aggregate", "token-key", ".token"));
	CHECK(!config_holds_secret("map", "statement", ".secret = .password"));
	CHECK(!config_holds_secret("lake-cat", "where", ".token==\"a\""));
}

int main(void)
{
	TEST(test_forms);
	TEST(test_refusals);
	TEST(test_the_last_one_counts);
	TEST(test_order);
	TEST(test_no_such_profile);
	TEST(test_files);
	TEST(test_secrets);
	strbuf_release(&err);
	return check_done();
}
