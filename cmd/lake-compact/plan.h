/*
 * Which files are put together: a pure function of their sizes.
 *
 * Files of one group (a partition, and in a raw table a format) that are clearly smaller than the target are gathered,
 * in their order, until they have its size.  A file that has nothing to join stays as it is, unless rows of it are
 * deleted.  A larger file takes part only when more than a twentieth of its rows are deleted, as in Spark's OPTIMIZE.
 * So a second run, when nothing was added, finds nothing to do.
 */
#ifndef WEIR_LAKE_COMPACT_PLAN_H
#define WEIR_LAKE_COMPACT_PLAN_H

#include <stddef.h>
#include <stdint.h>

struct plan_file {
	const char *group; /* borrowed */
	uint64_t size;     /* bytes */
	uint64_t records;  /* 0: not known; only used with `deleted` */
	uint64_t deleted;  /* of them */
};

/* Files that become one, or a file that is written again without its deleted records. */
struct plan_bin {
	size_t *files; /* their numbers, ascending */
	size_t count;
	uint64_t bytes;
	uint64_t deleted; /* records of the files */
};

struct bins {
	struct plan_bin *bins; /* by group, in the order of its first file */
	size_t count, cap;
	size_t files;     /* in all bins */
	uint64_t deleted; /* records of them */
};

/* Plan with COUNT files and a TARGET in bytes; at most MAX files are planned for (0: any number).  Release RET. */
void plan_make(const struct plan_file *files, size_t count, uint64_t target, size_t max, struct bins *ret);
void plan_release(struct bins *plan);

#endif
