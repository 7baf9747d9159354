/* Where the running program lies. */
#include "common/base/self.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/check.h"

static char *argv0;

static void test_path(void)
{
	char path[PATH_MAX], dir[PATH_MAX];
	char *real = realpath(argv0, NULL);
	size_t n = self_path(path), m = self_directory(dir);
	CHECK(real && n == strlen(real) && strcmp(path, real) == 0);
	CHECK(m == strlen(dir) && m < n && memcmp(path, dir, m) == 0);
	CHECK(path[m] == '/' && strcmp(path + m + 1, "self_test") == 0);
	free(real);
}

int main(int argc, char **argv)
{
	(void)argc;
	argv0 = argv[0];
	TEST(test_path);
	return check_done();
}
