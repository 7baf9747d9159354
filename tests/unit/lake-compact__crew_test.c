/* Unit tests of lake-compact's crew: each bin is put together once, whoever does it.  `make check-tsan` runs them, too.
 */
#include "cmd/lake-compact/crew.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "cmd/lake-compact/plan.h"
#include "common/base/alloc.h"
#include "tests/unit/check.h"

#define BINS 200

/* What the helpers do, instead of files. */
static struct {
	unsigned done[BINS]; /* how often; a bin is only one helper's */
	atomic_uint begun, ended, discarded;
	size_t bad;                  /* the bin that fails; BINS: none */
	uint64_t least;              /* memory that one helper needs */
	int begin;                   /* what to begin gives */
	atomic_uint_fast64_t memory; /* of all helpers together */
} did;

/* A helper's own. */
struct mine {
	struct lake_file *files[BINS], file[BINS];
	size_t count;
	uint64_t memory;
};

static int begin(struct compact *c, void **ret, struct strbuf *err)
{
	struct mine *mine = *ret = xcalloc(1, sizeof *mine);
	mine->memory = c->opt->memory;
	atomic_fetch_add(&did.begun, 1);
	atomic_fetch_add(&did.memory, c->opt->memory);
	CHECK(c->store != NULL);
	if (did.begin < 0)
		strbuf_addstr(err, "no beginning");
	return did.begin;
}

static int put_bin(void *self, const struct plan_bin *bin, struct strbuf *err)
{
	struct mine *mine = self;
	size_t i = bin->files[0];
	did.done[i]++;
	if (mine->memory < did.least) {
		strbuf_addstr(err, "more memory");
		return -EFBIG;
	}
	if (i == did.bad) {
		strbuf_addstr(err, "a bad bin");
		return -EIO;
	}
	mine->files[mine->count] = &mine->file[mine->count];
	mine->file[mine->count++].records = i;
	return 0;
}

static int finish(void *self, struct lake_file ***ret_files, size_t *ret_count, struct strbuf *err)
{
	struct mine *mine = self;
	(void)err;
	*ret_files = mine->files;
	*ret_count = mine->count;
	return 0;
}

static int discard(void *self, struct strbuf *err)
{
	(void)self;
	(void)err;
	atomic_fetch_add(&did.discarded, 1);
	return 0;
}

static void end(void *self)
{
	free(self);
	atomic_fetch_add(&did.ended, 1);
}

static const struct rewriter rewriter = {begin, put_bin, finish, discard, end};

/* Let the crew work with MEMORY: its result, and COUNT of the files of which each bin has one. */
static int work(uint64_t memory, size_t *count, struct strbuf *err)
{
	const struct compact_options opt = {.memory = memory};
	static struct plan_bin bin[BINS];
	static size_t number[BINS];
	size_t seen[BINS] = {0};
	const struct bins plan = {.bins = bin, .count = BINS, .files = BINS};
	struct compact c = {.opt = &opt};
	struct lake_file **made;
	struct crew *crew;
	for (size_t i = 0; i < BINS; i++) {
		number[i] = i;
		bin[i].files = &number[i];
		bin[i].count = 1;
		did.done[i] = 0;
	}
	did.begun = did.ended = did.discarded = 0;
	did.memory = 0;
	CHECK_INT(store_open("/tmp", NULL, NULL, &c.store, err), 0);
	int r = crew_run(&c, &rewriter, &plan, &crew, &made, count, err);
	for (size_t i = 0; r == 0 && i < *count; i++)
		CHECK_INT(seen[made[i]->records]++, 0);
	if (r < 0)
		crew_discard(crew);
	crew_free(crew);
	store_close(c.store);
	CHECK_INT(did.begun, did.ended);
	return r;
}

static void test_each_bin_once(void)
{
	static const uint64_t memory[] = {1 << 20, 64 << 20, 1 << 30};
	struct strbuf err = STRBUF_INIT;
	did.bad = BINS;
	for (size_t i = 0; i < sizeof memory / sizeof *memory; i++) {
		size_t count = 0;
		CHECK_INT(work(memory[i], &count, &err), 0);
		CHECK_INT(count, BINS);
		for (size_t bin = 0; bin < BINS; bin++)
			CHECK_INT(did.done[bin], 1);
		CHECK(did.memory <= memory[i]);
		CHECK(did.begun >= 1 && (memory[i] > 64 << 20 || did.begun == 1));
		CHECK_INT(did.discarded, 0);
	}
	strbuf_release(&err);
}

static void test_the_first_error_counts(void)
{
	struct strbuf err = STRBUF_INIT;
	size_t count = 0;
	for (did.bad = 0; did.bad < BINS; did.bad += 67) {
		CHECK_INT(work(1 << 30, &count, &err), -EIO);
		CHECK_STR(err.s, "a bad bin");
		strbuf_clear(&err);
		CHECK_INT(count, 0);
		CHECK_INT(did.discarded, did.begun); /* also of helpers that were not at fault */
		for (size_t i = 0; i < BINS; i++)
			CHECK(did.done[i] <= 1);
	}
	did.bad = BINS;
	did.begin = -ENOMEM;
	CHECK_INT(work(1 << 30, &count, &err), -ENOMEM);
	did.begin = 0;
	strbuf_release(&err);
}

static void test_one_alone_has_all_of_the_memory(void)
{
	struct strbuf err = STRBUF_INIT;
	size_t count = 0;
	did.bad = BINS;
	did.least = 1 << 30;
	CHECK_INT(work(1 << 30, &count, &err), 0);
	CHECK_INT(count, BINS);
	CHECK_INT(err.len, 0);
	CHECK_INT(did.discarded, did.begun - 1); /* on one core none was before it */
	did.least++;
	CHECK_INT(work(1 << 30, &count, &err), -EFBIG);
	CHECK_STR(err.s, "more memory");
	did.least = 0;
	strbuf_release(&err);
}

int main(void)
{
	TEST(test_each_bin_once);
	TEST(test_the_first_error_counts);
	TEST(test_one_alone_has_all_of_the_memory);
	return check_done();
}
