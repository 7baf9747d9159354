/* Several cores: see crew.h. */
#include "crew.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/base/sig.h"
#include "plan.h"

#define MEMORY_EACH (UINT64_C(64) << 20) /* with less a helper makes many small row groups */

struct helper {
	struct crew *crew;
	pthread_t thread;
	struct compact c; /* a copy of the crew's, with a store and a name of its own */
	void *self;       /* of the rewriter */
	struct lake_file **files;
	size_t count;
	int result;
	struct strbuf err;
};

struct crew {
	const struct rewriter *kind;
	const struct bins *plan;
	struct compact_options options; /* with the share of the memory that each has */
	struct helper *helpers;
	size_t count;
	atomic_size_t next; /* bin */
	atomic_bool failed; /* one of them: the others need not go on */
	struct lake_file **files;
};

/* --- a helper ----------------------------------------------------------------------------------------------------- */

static int put_together(struct helper *h)
{
	struct crew *crew = h->crew;
	size_t i;
	int r = crew->kind->begin(&h->c, &h->self, &h->err);
	while (r == 0 && !atomic_load(&crew->failed) && (i = atomic_fetch_add(&crew->next, 1)) < crew->plan->count)
		r = crew->kind->bin(h->self, &crew->plan->bins[i], &h->err);
	if (r == 0 && sig_stopped())
		r = -ECANCELED;
	if (r == 0 && !atomic_load(&crew->failed))
		r = crew->kind->finish(h->self, &h->files, &h->count, &h->err);
	return r;
}

static void *help(void *arg)
{
	struct helper *h = arg;
	h->result = put_together(h);
	if (h->result < 0)
		atomic_store(&h->crew->failed, true);
	return NULL;
}

/* --- all of them -------------------------------------------------------------------------------------------------- */

/* How many helpers PLAN is worth. */
static size_t helpers_for(const struct compact *c, const struct bins *plan)
{
	cpu_set_t cores;
	size_t count = sched_getaffinity(0, sizeof cores, &cores) == 0 ? (size_t)CPU_COUNT(&cores) : 1;
	size_t most = (size_t)(c->opt->memory / MEMORY_EACH);
	count = count < plan->count ? count : plan->count;
	count = count < most ? count : most;
	return count ? count : 1;
}

/* Give H what it needs for itself. */
static int equip(struct crew *crew, struct helper *h, const struct compact *c, struct strbuf *err)
{
	h->crew = crew;
	h->c = *c;
	h->c.opt = &crew->options;
	h->c.store = NULL;
	h->c.made = 0;
	return store_open_writer(c->store->url, h->c.uuid, &crew->options.store, &h->c.store, err);
}

static struct crew *new_crew(
	const struct compact *c, const struct rewriter *kind, const struct bins *plan, size_t count)
{
	struct crew *crew = xcalloc(1, sizeof *crew);
	crew->kind = kind;
	crew->plan = plan;
	crew->options = *c->opt;
	crew->options.memory /= count;
	crew->options.store.memory /= count;
	crew->helpers = xcalloc(count, sizeof *crew->helpers);
	for (; crew->count < count; crew->count++)
		strbuf_init(&crew->helpers[crew->count].err);
	return crew;
}

/* Let all helpers work, and wait for them; the caller is the first of them. */
static int work(struct crew *crew, struct strbuf *err)
{
	size_t begun = 1;
	sigset_t before;
	int r = 0;
	sig_block(&before); /* signals are the caller's: its handler must not run in two threads at once */
	for (; r == 0 && begun < crew->count; begun += r == 0)
		r = -pthread_create(&crew->helpers[begun].thread, NULL, help, &crew->helpers[begun]);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r == 0)
		help(&crew->helpers[0]);
	else
		atomic_store(&crew->failed, true);
	while (--begun)
		pthread_join(crew->helpers[begun].thread, NULL);
	if (r < 0) {
		strbuf_addf(err, "cannot create a thread: %s", diag_strerror(r));
		return -EAGAIN;
	}
	for (size_t i = 0; r == 0 && i < crew->count; i++) {
		r = crew->helpers[i].result;
		strbuf_addstr(err, r < 0 ? crew->helpers[i].err.s : "");
	}
	return r;
}

/* Equip all helpers, and let them work. */
static int equip_and_work(struct crew *crew, const struct compact *c, struct strbuf *err)
{
	int r = 0;
	for (size_t i = 0; r == 0 && i < crew->count; i++)
		r = equip(crew, &crew->helpers[i], c, err);
	return r == 0 ? work(crew, err) : r;
}

int crew_run(struct compact *c, const struct rewriter *kind, const struct bins *plan, struct crew **ret,
	struct lake_file ***ret_files, size_t *ret_count, struct strbuf *err)
{
	struct crew *crew = *ret = new_crew(c, kind, plan, helpers_for(c, plan));
	size_t count = 0, before = err->len;
	int r = equip_and_work(crew, c, err);
	if (r == -EFBIG && crew->count > 1) { /* one alone has all of the memory */
		crew_discard(crew);
		crew_free(crew);
		strbuf_setlen(err, before);
		crew = *ret = new_crew(c, kind, plan, 1);
		r = equip_and_work(crew, c, err);
	}
	for (size_t i = 0; r == 0 && i < crew->count; i++) {
		const struct helper *h = &crew->helpers[i];
		crew->files = xreallocarray(crew->files, count + h->count + 1, sizeof *crew->files);
		for (size_t j = 0; j < h->count; j++)
			crew->files[count++] = h->files[j];
	}
	*ret_files = crew->files;
	*ret_count = count;
	return r;
}

void crew_discard(struct crew *crew)
{
	struct strbuf ignored = STRBUF_INIT;
	for (size_t i = 0; i < crew->count; i++)
		if (crew->helpers[i].self && crew->kind->discard(crew->helpers[i].self, &ignored) < 0)
			strbuf_clear(&ignored);
	strbuf_release(&ignored);
}

void crew_free(struct crew *crew)
{
	for (size_t i = 0; i < crew->count; i++) {
		struct helper *h = &crew->helpers[i];
		if (h->self)
			crew->kind->end(h->self);
		store_close(h->c.store);
		strbuf_release(&h->err);
	}
	free(crew->helpers);
	free(crew->files);
	free(crew);
}
