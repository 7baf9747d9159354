/* For unit tests of code that reads ~/.aws: an empty home, and an environment without AWS variables. */
#ifndef WEIR_TESTS_AWS_FILES_H
#define WEIR_TESTS_AWS_FILES_H

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/strbuf.h"
#include "tests/unit/check.h"

extern char **environ;

static char aws_home[] = "/tmp/weir-aws.XXXXXX";

/* Make the home the current directory and $HOME, and remove all AWS_… from the environment. */
static inline void aws_files_begin(void)
{
	for (char **e = environ; *e;) {
		char name[64];
		size_t len = strcspn(*e, "=");
		if (strncmp(*e, "AWS_", 4) == 0 && len < sizeof name) {
			memcpy(name, *e, len);
			name[len] = '\0';
			unsetenv(name);
		} else {
			e++;
		}
	}
	CHECK(mkdtemp(aws_home) && chdir(aws_home) == 0 && mkdir(".aws", 0700) == 0);
	CHECK_INT(setenv("HOME", aws_home, 1), 0);
}

static inline void aws_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	CHECK(f && fputs(text, f) >= 0 && fclose(f) == 0);
}

/* Remove the home with the two files in it, if they are there. */
static inline void aws_files_end(void)
{
	unlink(".aws/config");
	unlink(".aws/credentials");
	CHECK_INT(rmdir(".aws") + chdir("/") + rmdir(aws_home), 0);
}

#endif
