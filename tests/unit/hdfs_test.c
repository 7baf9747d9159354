/* The parts of the store of HDFS that need no server: hdfs.h, hdfs_answer.h. */
#include "common/lake/hdfs.h"

#include <errno.h>
#include <string.h>

#include "tests/unit/check.h"

static struct strbuf why = STRBUF_INIT;

/* URL means the name nodes FIRST and SECOND (NULL: there is only one), and the directory ROOT. */
static void check_place(const char *url, const char *first, const char *second, const char *root)
{
	struct hdfs_place place;
	CHECK_INT(hdfs_place_init(&place, url, &why), 0);
	CHECK_INT(place.nbases, second ? 2 : 1);
	CHECK_STR(place.bases[0], first);
	if (second)
		CHECK_STR(place.bases[1], second);
	CHECK_STR(place.root, root);
	hdfs_place_release(&place);
}

static void test_place(void)
{
	check_place("hdfs://nn/a", "http://nn:9870", NULL, "/a");
	check_place("webhdfs://nn.example:14000/a/b c//", "http://nn.example:14000", NULL, "/a/b c");
	check_place("hdfs://nn1:50070,nn2/a", "http://nn1:50070", "http://nn2:9870", "/a");
	check_place("swebhdfs://nn1,nn2:444/a", "https://nn1:9871", "https://nn2:444", "/a");
	check_place("hdfs://[::1]/a", "http://[::1]:9870", NULL, "/a");
	check_place("hdfs://[::1]:1/a", "http://[::1]:1", NULL, "/a");
}

static void test_bad_places(void)
{
	static const char *const bad[][2] = {{"hdfs:///a", "HOST:PORT"}, {"hdfs://,nn/a", "HOST:PORT"},
		{"hdfs://nn,/a", "HOST:PORT"}, {"hdfs://nn:/a", "HOST:PORT"}, {"hdfs://nn:123456/a", "HOST:PORT"},
		{"hdfs://nn:x/a", "HOST:PORT"}, {"hdfs://me@nn/a", "HOST:PORT"}, {"hdfs://nn?x/a", "HOST:PORT"},
		{"hdfs://[::1/a", "HOST:PORT"}, {"hdfs://[::1]x/a", "HOST:PORT"}, {"hdfs://nn", "the path"},
		{"hdfs://nn/", "the path"}, {"hdfs://nn/a/../b", "the path"}, {"hdfs://nn/a//b", "the path"},
		{"hdfs://nn/a:b", "':'"}};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct hdfs_place place;
		strbuf_clear(&why);
		CHECK_INT(hdfs_place_init(&place, bad[i][0], &why), -EINVAL);
		CHECK(strstr(why.s, bad[i][0]) && strstr(why.s, bad[i][1]));
		hdfs_place_release(&place);
	}
	strbuf_clear(&why);
}

/* Other answers are distinguished from the expected one. */
static void test_no_answers(void)
{
	static const char *const none[] = {"", "<html>", "{}", "[]", "{\"boolean\":1}", "{\"RemoteException\":[]}",
		"{\"Location\":7}", "{\"FileStatus\":{\"type\":\"FILE\"}}",
		"{\"FileStatus\":{\"type\":\"FILE\",\"length\":-1}}",
		"{\"DirectoryListing\":{\"partialListing\":{\"FileStatuses\":{\"FileStatus\":[]}},\"remainingEntries\":"
		"1}}"};
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		struct hdfs_status status;
		char name[8];
		size_t n = strlen(none[i]);
		CHECK_INT(hdfs_read_boolean(none[i], n), -EBADMSG);
		CHECK_INT(hdfs_read_location(none[i], n, &why), -EBADMSG);
		CHECK_INT(hdfs_read_status(none[i], n, &status), -EBADMSG);
		CHECK_INT(hdfs_read_exception(none[i], n, name, sizeof name, &why), -EBADMSG);
		CHECK_INT(hdfs_read_listing(none[i], n, NULL, NULL, &why), -EBADMSG);
	}
	CHECK_STR(why.s, "");
}

static void test_answers(void)
{
	static const char refusal[] = "{\"RemoteException\":{\"exception\":\"org.apache.x.AccessControlException\","
				      "\"message\":\"Permission denied\\n\\tat x\"}}";
	static const char is_file[] = "{\"FileStatus\":{\"fileId\":7,\"length\":10,\"modificationTime\":5,"
				      "\"pathSuffix\":\"\",\"type\":\"FILE\"}}";
	struct hdfs_status status;
	char name[8], whole[64];
	CHECK_INT(hdfs_read_exception(refusal, strlen(refusal), whole, sizeof whole, &why), 0);
	CHECK_STR(whole, "AccessControlException");
	CHECK_STR(why.s, "Permission denied");
	CHECK_INT(hdfs_read_exception(refusal, strlen(refusal), name, sizeof name, &why), 0);
	CHECK_STR(name, "AccessC");
	CHECK_INT(hdfs_read_boolean("{\"boolean\":false}", 17), 0);
	CHECK_INT(hdfs_read_boolean("{\"boolean\":true}", 16), 1);
	CHECK_INT(hdfs_read_status(is_file, strlen(is_file), &status), 0);
	CHECK(!status.is_dir && status.size == 10 && status.file_id == 7 && status.modified_ms == 5);
	strbuf_clear(&why);
	CHECK_INT(hdfs_read_location("{\"Location\":\"http://h/\"}", 24, &why), 0);
	CHECK_STR(why.s, "http://h/");
	strbuf_clear(&why);
}

static int note(void *arg, const char *name, const struct hdfs_status *status)
{
	strbuf_addf(arg, "%s%s %d;", name, status->is_dir ? "/" : "", (int)status->size);
	return strcmp(name, "stop") == 0 ? -EINTR : 0;
}

/* A listing of the items NAME and d/, with REST after them, gives RESULT and names SEEN. */
static void check_listing(const char *name, int rest, int result, const char *seen, const char *last)
{
	struct strbuf text = STRBUF_INIT, names = STRBUF_INIT, behind = STRBUF_INIT;
	strbuf_addf(&text,
		"{\"DirectoryListing\":{\"partialListing\":{\"FileStatuses\":{\"FileStatus\":["
		"{\"length\":3,\"pathSuffix\":\"%s\",\"type\":\"FILE\"},"
		"{\"length\":0,\"pathSuffix\":\"d\",\"type\":\"DIRECTORY\"}]}},\"remainingEntries\":%d}}",
		name, rest);
	CHECK_INT(hdfs_read_listing(text.s, text.len, note, &names, &behind), result);
	CHECK_STR(names.s, seen);
	CHECK_STR(behind.s, last);
	strbuf_release(&text);
	strbuf_release(&names);
	strbuf_release(&behind);
}

static void test_listing(void)
{
	check_listing("f", 0, 0, "f 3;d/ 0;", "");
	check_listing("f", 5, 1, "f 3;d/ 0;", "d");
	check_listing("stop", 0, -EINTR, "stop 3;", "");
	check_listing("a/b", 0, -EBADMSG, "", ""); /* a name may not lead anywhere else */
	check_listing("..", 0, -EBADMSG, "", "");
	check_listing("", 0, -EBADMSG, "", "");
	check_listing("f", -1, -EBADMSG, "", "");
}

/* An answer, whose body is of TYPE. */
static struct http_answer answer_of(int status, const char *type, const char *body)
{
	struct http_answer answer = {.status = status};
	strbuf_init(&answer.body);
	strbuf_init(&answer.fields);
	strbuf_addstr(&answer.body, body);
	strbuf_addf(&answer.fields, "Content-Type: %s", type);
	strbuf_addch(&answer.fields, '\0');
	return answer;
}

static enum http_verdict verdict(
	enum http_verdict (*classify)(const struct http_answer *), int status, const char *type, const char *body)
{
	struct http_answer answer = answer_of(status, type, body);
	enum http_verdict r = classify(&answer);
	strbuf_release(&answer.body);
	strbuf_release(&answer.fields);
	return r;
}

/* Which requests are repeated: after errors that may pass, and after unreadable answers. */
static void test_verdicts(void)
{
	static const char json[] = "application/json;charset=utf-8", data[] = "application/octet-stream";
	static const char denied[] = "{\"RemoteException\":{\"exception\":\"AccessControlException\"}}";
	static const char socket[] = "{\"RemoteException\":{\"exception\":\"SocketException\"}}";
	static const char io[] = "{\"RemoteException\":{\"exception\":\"IOException\"}}";
	CHECK_INT(verdict(hdfs_classify, 200, json, "{\"Location\":\"http://n/x\"}"), HTTP_FINAL);
	CHECK_INT(verdict(hdfs_classify, 200, json, "{\"Location\":\"http://n/"), HTTP_AGAIN);
	CHECK_INT(verdict(hdfs_classify, 200, json, "{\"boolean\":true}HTTP/1.1 200 OK"), HTTP_AGAIN);
	CHECK_INT(verdict(hdfs_classify, 200, json, ""), HTTP_AGAIN);
	CHECK_INT(verdict(hdfs_classify, 200, data, "{\"x"), HTTP_FINAL);
	CHECK_INT(verdict(hdfs_classify, 200, data, ""), HTTP_FINAL); /* RENAME with an option */
	CHECK_INT(verdict(hdfs_classify, 201, json, ""), HTTP_FINAL);
	CHECK_INT(verdict(hdfs_classify, 403, json, denied), HTTP_FINAL);
	CHECK_INT(verdict(hdfs_classify, 403, json, "{\"RemoteExc"), HTTP_AGAIN);
	CHECK_INT(verdict(hdfs_classify, 403, json, socket), HTTP_AGAIN);
	CHECK_INT(verdict(hdfs_classify, 403, json, io), HTTP_AGAIN);
	CHECK_INT(verdict(hdfs_classify_names, 403, json, socket), HTTP_AGAIN);
	CHECK_INT(verdict(hdfs_classify_names, 403, json, io), HTTP_FINAL);
	CHECK_INT(verdict(hdfs_classify, 401, "text/html", "<html>"), HTTP_REFRESH);
	CHECK_INT(verdict(hdfs_classify, 503, "text/html", "<html>"), HTTP_AGAIN);
	CHECK_INT(verdict(hdfs_classify, 404, "text/html", "<html>"), HTTP_FINAL);
}

int main(void)
{
	strbuf_init(&why);
	TEST(test_place);
	TEST(test_bad_places);
	TEST(test_no_answers);
	TEST(test_answers);
	TEST(test_listing);
	TEST(test_verdicts);
	strbuf_release(&why);
	return check_done();
}
