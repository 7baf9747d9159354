/* Pages of --metrics: see view.h. */
#include "cmd/run/view.h"

#include <inttypes.h>
#include <string.h>

#include "cmd/run/health.h"
#include "cmd/run/metrics_dir.h"
#include "common/base/clock.h"

enum { HTTP_OK = 200, HTTP_NOT_FOUND = 404, HTTP_UNAVAILABLE = 503 };

static void add_head(struct strbuf *b, const char *name, const char *type, const char *help)
{
	strbuf_addf(b, "# HELP weir_run_%s %s\n# TYPE weir_run_%s %s\n", name, help, name, type);
}

static void add_own(const struct view *v, int64_t now, struct strbuf *b)
{
	static const char *const states[] = {"running", "stopping", "waiting", "ended"};
	const char *state = health_state(v->core);
	add_head(b, "state", "gauge", "1 for the state in which the pipeline is, 0 for the others.");
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		strbuf_addf(b, "weir_run_state{state=\"%s\"} %d\n", states[i], strcmp(states[i], state) == 0);
	add_head(b, "state_seconds", "gauge", "For how long the pipeline has been in that state.");
	strbuf_addf(b, "weir_run_state_seconds %.3f\n", (double)(now - health_since(v->core)) / 1000);
	add_head(b, "restarts_total", "counter", "How often the pipeline was started again.");
	strbuf_addf(b, "weir_run_restarts_total %" PRIu64 "\n", v->core->restarts);
	add_head(b, "last_status", "gauge", "The statuses of the programs at the last end, from left to right.");
	for (size_t i = 0; i < v->last->count; i++)
		strbuf_addf(b, "weir_run_last_status{position=\"%zu\"} %d\n", i + 1, v->last->statuses[i]);
	if (!v->last->count && v->last->shell >= 0)
		strbuf_addf(b, "weir_run_last_status{position=\"shell\"} %d\n", v->last->shell);
}

static void add_metrics(const struct view *v, int64_t now, struct strbuf *body)
{
	struct metrics all = {0};
	struct strbuf own = STRBUF_INIT;
	add_own(v, now, &own);
	metrics_add(&all, own.s, "");
	metrics_dir_read(v->dir, &all);
	metrics_write(&all, body);
	metrics_release(&all);
	strbuf_release(&own);
}

unsigned view_answer(void *arg, const char *path, struct strbuf *body, const char **ret_type)
{
	const struct view *v = arg;
	int64_t now = clock_ms();
	if (strcmp(path, "/metrics") == 0) {
		*ret_type = "text/plain; version=0.0.4; charset=utf-8";
		add_metrics(v, now, body);
		return HTTP_OK;
	}
	if (strcmp(path, "/healthz") == 0) {
		*ret_type = "application/json";
		health_add(body, v->core, v->last, now);
		return v->core->state == CORE_RUNNING || v->core->state == CORE_REST ? HTTP_OK : HTTP_UNAVAILABLE;
	}
	strbuf_addstr(body, "/metrics and /healthz are here\n");
	return strcmp(path, "/") == 0 ? HTTP_OK : HTTP_NOT_FOUND;
}
