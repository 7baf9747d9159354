/* common/io/xml: texts by path, and what is refused. */
#include <errno.h>
#include <stdlib.h>

#include "common/io/xml.h"
#include "tests/unit/check.h"

static int add(void *arg, const char *path, const struct strbuf *text)
{
	strbuf_addf(arg, "%s=%s;", path, text->s);
	return strcmp(text->s, "stop") == 0 ? 7 : strcmp(text->s, "bad") == 0 ? -EBADMSG : 0;
}

/* The elements, or what is wrong. */
static void check_read(const char *s, size_t len, int result, const char *elements, const char *why)
{
	struct strbuf out = STRBUF_INIT, err = STRBUF_INIT;
	CHECK_INT(xml_read(s, len, add, &out, &err), result);
	if (elements)
		CHECK_STR(out.s, elements);
	if (strncmp(err.s, why, strlen(why)) != 0 || !*why != !err.len)
		CHECK_STR(err.s, why);
	strbuf_release(&out);
	strbuf_release(&err);
}

static void good(const char *s, const char *elements)
{
	check_read(s, strlen(s), 0, elements, "");
}

static void bad(const char *s, const char *why)
{
	check_read(s, strlen(s), -EBADMSG, NULL, why);
}

static void test_paths(void)
{
	good("<a/>", "a=;");
	good("<a>x<b>y</b>z</a>", "a/b=y;a=xz;");
	good("<a><b><c>1</c></b><b><c>2</c><d/></b></a>", "a/b/c=1;a/b=;a/b/c=2;a/b/d=;a/b=;a=;");
	good("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<R "
	     "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><K>k</K></R>",
		"R/K=k;R=;");
	good("<s:a xmlns:s=\"u\"><s:b>1</s:b></s:a>", "a/b=1;a=;");
	good("<a:>1</a:>", "a:=1;");
	good("<a>&lt;&amp;&gt;&quot;&apos;&#34;&#xe9;</a>", "a=<&>\"'\"\xc3\xa9;");
	good("<a><![CDATA[<b>]]><!-- no --> x<?pi y?></a>", "a=<b> x;");
	good("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>", "a=\xc3\xa9;");
	good("<a> <b> x </b>\n</a>", "a/b= x ;a= \n;");
}

static void test_end(void)
{
	check_read("<a><b>stop</b><c/></a>", 22, 7, "a/b=stop;", "");
	check_read("<a><b>bad</b><c/></a>", 21, -EBADMSG, "a/b=bad;", ""); /* whose text is the caller's */
}

static void test_refused(void)
{
	bad("", "line 1: no element found");
	bad("   ", "line 1: no element found");
	bad("<a>\n<b>", "line 2: no element found");
	bad("<a>\n</b></a>", "line 2: mismatched tag");
	bad("<a/><b/>", "line 1: junk after document element");
	bad("{\"a\":1}", "line 1: not well-formed");
	bad("<a>&x;</a>", "line 1: undefined entity");
	bad("<a>\xff</a>", "line 1: not well-formed");
	bad("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "line 1: it has a document type");
	bad("<!DOCTYPE a SYSTEM \"/etc/passwd\"><a/>", "line 1: it has a document type");
	check_read("<a>\0</a>", 8, -EBADMSG, NULL, "line 1: not well-formed");
	check_read(NULL, 0, -EBADMSG, NULL, "line 1: no element found");
}

static void check_depth(size_t depth, int result)
{
	struct strbuf s = STRBUF_INIT;
	for (size_t i = 0; i < depth; i++)
		strbuf_addstr(&s, "<a>");
	for (size_t i = 0; i < depth; i++)
		strbuf_addstr(&s, "</a>");
	check_read(s.s, s.len, result, NULL, result ? "line 1: elements are nested too deep" : "");
	strbuf_release(&s);
}

static void check_text(size_t len, int result)
{
	struct strbuf s = STRBUF_INIT;
	strbuf_addstr(&s, "<a><b>");
	memset(strbuf_grow(&s, len), 'x', len);
	strbuf_extend(&s, len);
	strbuf_addstr(&s, "</b></a>");
	check_read(s.s, s.len, result, NULL, result ? "line 1: a string is too long" : "");
	strbuf_release(&s);
}

static void test_limits(void)
{
	check_depth(32, 0);
	check_depth(33, -EBADMSG);
	check_depth(5000, -EBADMSG);
	check_text(1 << 20, 0);
	check_text((1 << 20) + 1, -EBADMSG);
}

/* Anything missing at the end is noticed. */
static void test_cut(void)
{
	static const char whole[] =
		"<?xml version=\"1.0\"?><Error><Code>SlowDown</Code><Message>&amp;</Message></Error>";
	for (size_t len = 0; len < sizeof whole - 1; len++)
		check_read(whole, len, -EBADMSG, NULL, "line 1: ");
}

int main(void)
{
	TEST(test_paths);
	TEST(test_end);
	TEST(test_refused);
	TEST(test_limits);
	TEST(test_cut);
	return check_done();
}
