/* Which files are put together: see plan.h. */
#include "plan.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

/* A file of three quarters of the target is large enough: to write it again would gain little. */
static bool is_small(uint64_t size, uint64_t target)
{
	return size < target - target / 4;
}

/* So many of the rows of FILE are deleted that it is worth to write it again, whatever its size is. */
static bool is_holed(const struct plan_file *file)
{
	return file->deleted && (!file->records || file->deleted > file->records / 20);
}

/* A file and its place in the order of groups. */
struct plan_item {
	const struct plan_file *file;
	size_t nr;
};

static int by_group(const void *a, const void *b)
{
	const struct plan_item *x = a, *y = b;
	int r = strcmp(x->file->group, y->file->group);
	return r ? r : (x->nr > y->nr) - (x->nr < y->nr);
}

static void bin_add(struct plan_bin *bin, size_t nr, const struct plan_file *file)
{
	bin->files = xreallocarray(bin->files, bin->count + 1, sizeof *bin->files);
	bin->files[bin->count++] = nr;
	bin->bytes += file->size;
	bin->deleted += file->deleted;
}

/* BIN is full: it goes into PLAN, if it has more than one file, or deleted records. */
static void bin_end(struct bins *plan, struct plan_bin *bin)
{
	if (bin->count < 2 && !bin->deleted) {
		free(bin->files);
	} else {
		if (plan->count == plan->cap) {
			plan->cap = plan->cap ? 2 * plan->cap : 16;
			plan->bins = xreallocarray(plan->bins, plan->cap, sizeof *plan->bins);
		}
		plan->bins[plan->count++] = *bin;
		plan->files += bin->count;
		plan->deleted += bin->deleted;
	}
	*bin = (struct plan_bin){0};
}

void plan_make(const struct plan_file *files, size_t count, uint64_t target, size_t max, struct bins *ret)
{
	struct plan_item *items = xcalloc(count + 1, sizeof *items);
	struct plan_bin bin = {0};
	size_t small = 0;
	*ret = (struct bins){0};
	for (size_t i = 0; i < count; i++)
		if (is_small(files[i].size, target) || is_holed(&files[i]))
			items[small++] = (struct plan_item){&files[i], i};
	qsort(items, small, sizeof *items, by_group);
	for (size_t i = 0; i < small; i++) {
		bool other = i && strcmp(items[i].file->group, items[i - 1].file->group) != 0;
		if (other || bin.bytes + items[i].file->size > target)
			bin_end(ret, &bin);
		if (max && ret->files + bin.count >= max)
			break;
		bin_add(&bin, items[i].nr, items[i].file);
	}
	bin_end(ret, &bin);
	free(items);
}

void plan_release(struct bins *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		free(plan->bins[i].files);
	free(plan->bins);
	*plan = (struct bins){0};
}
