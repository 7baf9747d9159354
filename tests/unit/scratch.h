/* Names of files and directories that a test makes, below $TMPDIR. */
#ifndef WEIR_TESTS_UNIT_SCRATCH_H
#define WEIR_TESTS_UNIT_SCRATCH_H

#include <stdio.h>
#include <stdlib.h>

#define SCRATCH_SIZE 512

/* Write the template of a name that begins with NAME, for mkstemp(3) and mkdtemp(3), to PATH; returns it. */
static inline char *scratch(char path[SCRATCH_SIZE], const char *name)
{
	const char *below = getenv("TMPDIR");
	int n = snprintf(path, SCRATCH_SIZE, "%s/%s-XXXXXX", below && *below ? below : "/tmp", name);

	if (n < 0 || n >= SCRATCH_SIZE)
		abort();
	return path;
}

#endif
