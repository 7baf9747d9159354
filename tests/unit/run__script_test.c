/* run: the commands of a pipeline's text. */
#include <stdlib.h>

#include "cmd/run/script.h"
#include "common/base/strbuf.h"
#include "tests/unit/check.h"

static char *environment(const char *name)
{
	static char home[] = "/home/u", two[] = "a b";
	return strcmp(name, "HOME") == 0 ? home : strcmp(name, "TWO") == 0 ? two : NULL;
}

/* Each command on a line: "LINE[flags]: [SET ]WORD|WORD", and "?RAW" when a word is not known. */
static void expect(int line, const char *text, const char *wanted)
{
	struct script s;
	struct strbuf b = STRBUF_INIT;
	script_read(&s, text, environment);
	for (size_t i = 0; i < s.count; i++) {
		const struct script_command *c = &s.items[i];
		strbuf_addf(&b, "%zu%s%s:", c->line, c->reads ? "r" : "", c->writes ? "w" : "");
		for (char **w = c->sets; w && *w; w++)
			strbuf_addf(&b, "{%s}", *w);
		for (char **w = c->words; *w; w++)
			strbuf_addf(&b, "%s%s", w == c->words ? "" : "|", *w);
		strbuf_addf(&b, "%s%s\n", c->unknown ? "?" : "", c->unknown ? c->unknown : "");
	}
	if (strcmp(b.s, wanted) != 0)
		printf("# line %d\n", line);
	CHECK_STR(b.s, wanted);
	strbuf_release(&b);
	script_release(&s);
}
#define EXPECT(text, wanted) expect(__LINE__, text, wanted)

static void test_pipes(void)
{
	EXPECT("", "");
	EXPECT(" # nothing\n\n", "");
	EXPECT("a b | c\n|| d", "1w:a|b\n1r:c\n2:d\n");
	EXPECT("a |\n\n  b |& c; d & e && f", "1w:a\n3rw:b\n3r:c\n3:d\n3:e\n3:f\n");
	EXPECT("a \\\n  b", "1:a|b\n");
	EXPECT("a#b # c | d", "1:a#b\n");
	EXPECT("(a | b; (c)) | d", "1w:a\n1r:b\n1:c\n1r:d\n");
}

static void test_quotes(void)
{
	EXPECT("a 'b c' \"d'e\" f\\ g '' \"\"", "1:a|b c|d'e|f g||\n");
	EXPECT("a 'x'\"y\"z", "1:a|xyz\n");
	EXPECT("a \"\\$x \\` \\\\ \\n\"", "1:a|$x ` \\ \\n\n");
	EXPECT("a $'t\\tn' $'\\x41'", "1:a|t\tn|$'\\x41'?$'\\x41'\n");
	EXPECT("a '|' \"; b\" \\& c", "1:a|||; b|&|c\n");
	EXPECT("'if' a", "1:if|a\n");
	EXPECT("a 'open", "1:a|open\n");
	EXPECT("a \"open", "1:a|open\n");
	EXPECT("a \\", "1:a|\\\n");
}

static void test_variables(void)
{
	EXPECT("t=clicks; a $t \"${t}s\"", "1:a|clicks|clickss\n");
	EXPECT("t='a b'\na $t \"$t\"", "2:a|$t|a b?$t\n");
	EXPECT("a ~/x ~ ~bob", "1:a|/home/u/x|/home/u|~bob?~bob\n");
	EXPECT("a $TWO \"$TWO\" \"$none\" $none", "1:a|$TWO|a b||$none?$TWO\n");
	EXPECT("t=$(date); a \"$t\"", "1:date\n1:a|\"$t\"?\"$t\"\n");
	EXPECT("export t=x; a $t", "1:export|t=x\n1:a|x\n");
	EXPECT("t=x; read t; a $t", "1:read|t\n1:a|$t?$t\n");
	EXPECT("for t in x y; do a $t; done", "1:a|$t?$t\n");
	EXPECT("t=x; t+=y; a $t", "1:a|$t?$t\n");
	EXPECT("t=(x y); a $t; b", "1:a|$t?$t\n1:b\n");
	EXPECT("K=v L='w x' a b=c", "1:{K=v}{L=w x}a|b=c\n");
	EXPECT("K=$(x) a", "1:a?K=$(x)\n1:x\n");
	EXPECT("a $1 ${t:-x} $((1 + 2)) `b c` d", "1:a|$1|${t:-x}|$((1 + 2))|`b c`|d?$1\n");
	EXPECT("a {x {x,y {,} {", "1:a|{x|{x,y|{,}|{?{x,y\n");
	EXPECT("a *.json {x,y} '{.x}' {.x}", "1:a|*.json|{x,y}|{.x}|{.x}?*.json\n");
}

static void test_nested(void)
{
	EXPECT("a | tee >(b | c) | d", "1w:a\n1rw:tee|>(b | c)?>(b | c)\n1w:b\n1r:c\n1r:d\n");
	EXPECT("a <(b)", "1:a|<(b)?<(b)\n1:b\n");
	EXPECT("a \"$(b\nc)\"", "1:a|\"$(b\nc)\"?\"$(b\nc)\"\n1:b\n2:c\n");
	EXPECT("if a; then b; else c; fi; { d; } ! e", "1:a\n1:b\n1:c\n1:d\n1:e\n");
	EXPECT("while a; do b; done", "1:a\n1:b\n");
	EXPECT("case x in a) b ;; c|d) e ;; esac; f", "1:b\n1:e\n1:f\n");
	EXPECT("((i++)); a", "1:a\n");
}

static void test_redirections(void)
{
	EXPECT("a <in >out 2>>err 2>&1 &>all b", "1:a|b\n");
	EXPECT("a > >(b) c", "1:a|c\n1:b\n");
	EXPECT("a <<'E F' | b\nc | d\nE F\ne", "1w:a\n1r:b\n4:e\n");
	EXPECT("a <<-E\n\tc\n\tE\nb", "1:a\n4:b\n");
	EXPECT("a <<<'x y' b", "1:a|b\n");
	EXPECT("a 2 >x", "1:a|2\n");
	EXPECT("a <<E", "1:a\n");
}

static void test_functions(void)
{
	struct script s;
	script_read(&s, "f() { a; }; function g { b; }; f | g", environment);
	CHECK(script_has(&s, "f"));
	CHECK(script_has(&s, "g"));
	CHECK(script_has(&s, "exec"));
	CHECK(!script_has(&s, "a"));
	CHECK_INT(s.count, 4);
	script_release(&s);
}

static void test_depth(void)
{
	struct strbuf b = STRBUF_INIT;
	struct script s;
	for (int i = 0; i < 10000; i++)
		strbuf_addstr(&b, "$(");
	script_read(&s, b.s, environment);
	CHECK(s.count <= SCRIPT_DEPTH);
	script_release(&s);
	strbuf_release(&b);
}

int main(void)
{
	TEST(test_pipes);
	TEST(test_quotes);
	TEST(test_variables);
	TEST(test_nested);
	TEST(test_redirections);
	TEST(test_functions);
	TEST(test_depth);
	return check_done();
}
