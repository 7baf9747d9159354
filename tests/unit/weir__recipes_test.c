/* weir: recipes from the text of a page. */
#include "cmd/weir/recipes.h"
#include "tests/unit/check.h"

static const char page[] = "NAME\n"
			   "     cookbook - recipes\n"
			   "\n"
			   "           weir not-a-recipe\n"
			   "\n"
			   "LOOKING\n"
			   "   The last ten\n"
			   "     Text that\n"
			   "     wraps.\n"
			   "\n"
			   "           weir consume |\n"
			   "               tail\n"
			   "\n"
			   "           weir more\n"
			   "\n"
			   "     After it.\n"
			   "\n"
			   "   Other\n"
			   "     -x      an item\n"
			   "             of a list\n"
			   "STORING\n"
			   "   A Table\n"
			   "\n"
			   "           weir lake-put t\n";

static void expect(int line, size_t count, const char *wanted, char *const *words)
{
	struct strbuf out = STRBUF_INIT;
	size_t n = recipes_add(page, words, &out);
	if (n != count || strcmp(out.s, wanted) != 0)
		printf("# line %d\n", line);
	CHECK_INT(n, count);
	CHECK_STR(out.s, wanted);
	strbuf_release(&out);
}
#define EXPECT(count, wanted, ...) expect(__LINE__, count, wanted, (char *[]){__VA_ARGS__})

static char tail[] = "TAIL", table[] = "table", list[] = "of a list", wraps[] = "that wraps", weir[] = "weir",
	    none[] = "none";
static char not_one[] = "not-a-recipe";

#define TEN   "# --- The last ten ---\n# Text that\n# wraps.\n\nweir consume |\n    tail\n\nweir more\n\n# After it.\n"
#define TABLE "# --- A Table ---\nweir lake-put t\n"

static void test_words(void)
{
	EXPECT(1, TEN, tail, NULL);
	EXPECT(1, TABLE, table, NULL);
	EXPECT(1, TEN, wraps, tail, NULL);
	EXPECT(1, "# --- Other ---\n# -x      an item\n# of a list\n", list, NULL);
	EXPECT(2, TEN "\n" TABLE, weir, NULL);
}

static void test_none(void)
{
	EXPECT(0, "", none, NULL);
	EXPECT(0, "", tail, table, NULL);
	EXPECT(0, "", not_one, NULL);
}

static void test_all(void)
{
	EXPECT(3, "LOOKING\n  The last ten\n  Other\nSTORING\n  A Table\n", NULL);
}

static void test_odd_pages(void)
{
	char *const all[] = {NULL};
	static const char *const pages[] = {"", "\n\n", "   ", "     text", "           command", "A\nB\nC", "   x"};
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
		struct strbuf out = STRBUF_INIT;
		CHECK_INT(recipes_add(pages[i], all, &out), i == 6);
		strbuf_release(&out);
	}
}

int main(void)
{
	TEST(test_words);
	TEST(test_none);
	TEST(test_all);
	TEST(test_odd_pages);
	return check_done();
}
