/* Statuses: see judge.h. */
#include "cmd/run/judge.h"

#include <signal.h>

#include "common/base/diag.h"

enum { BY_SIGNAL = 128, LAST_SIGNAL = BY_SIGNAL + 64 };

/* The status that a shell with pipefail returns for these statuses. */
static int pipefail(const struct outcome *o)
{
	for (size_t i = o->count; i-- > 0;)
		if (o->statuses[i])
			return o->statuses[i];
	return 0;
}

void outcome_reduce(struct outcome *o)
{
	if (o->shell != pipefail(o))
		o->count = 0;
}

static void weigh(struct run_verdict *v, int status, bool last, int stopped)
{
	if (status == 0 || (stopped && status == BY_SIGNAL + stopped) || (status == BY_SIGNAL + SIGPIPE && !last))
		return;
	if (status == EXIT_NO) {
		if (v->kind == VERDICT_WELL)
			v->status = EXIT_NO;
	} else if ((status == EXIT_TEMP || (status > BY_SIGNAL && status <= LAST_SIGNAL)) &&
		   status != BY_SIGNAL + SIGPIPE) {
		if (v->kind == VERDICT_WELL)
			*v = (struct run_verdict){VERDICT_AGAIN, EXIT_TEMP};
	} else if (v->kind != VERDICT_FAILED) {
		*v = (struct run_verdict){VERDICT_FAILED, status};
	}
}

struct run_verdict judge(const struct outcome *o, int stopped)
{
	struct run_verdict v = {VERDICT_WELL, EXIT_OK};
	if (!o->count)
		weigh(&v, o->shell, true, stopped);
	for (size_t i = 0; i < o->count; i++)
		weigh(&v, o->statuses[i], i + 1 == o->count, stopped);
	return v;
}
