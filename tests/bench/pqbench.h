/* For benchmarks of common/parquet: the time, and a file to write to. */
#ifndef WEIR_TESTS_PQBENCH_H
#define WEIR_TESTS_PQBENCH_H

#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "common/base/strbuf.h"

/* The CPU time of this process, in seconds. */
static double cpu(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A pq_writer's output: SELF is a FILE. */
static int to_file(void *self, const void *data, size_t len, struct strbuf *err)
{
	if (fwrite(data, 1, len, self) == len)
		return 0;
	strbuf_addstr(err, "the file cannot be written");
	return -EIO;
}

#endif
