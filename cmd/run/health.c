/* The file of --health: see health.h. */
#include "cmd/run/health.h"

#include <inttypes.h>
#include <time.h>

#include "common/base/clock.h"
#include "common/io/file.h"

const char *health_state(const struct core *core)
{
	switch (core->state) {
	case CORE_RUNNING:
	case CORE_REST:
		return core->asked ? "stopping" : "running";
	case CORE_WAITING:
		return "waiting";
	case CORE_OVER:
		break;
	}
	return "ended";
}

static void add_time(struct strbuf *b, int64_t epoch_ms)
{
	time_t at = (time_t)(epoch_ms / 1000);
	struct tm tm;
	char text[40] = "";
	if (gmtime_r(&at, &tm))
		strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
	strbuf_addf(b, "\"%s\"", text);
}

int64_t health_since(const struct core *core)
{
	return core->asked && core->state != CORE_OVER ? core->asked_ms : core->since;
}

void health_add(struct strbuf *b, const struct core *core, const struct outcome *last, int64_t now)
{
	strbuf_addf(b, "{\"state\":\"%s\",\"since\":", health_state(core));
	add_time(b, clock_epoch_ms() - (now - health_since(core)));
	strbuf_addf(b, ",\"restarts\":%" PRIu64 ",\"statuses\":[", core->restarts);
	for (size_t i = 0; i < last->count; i++)
		strbuf_addf(b, "%s%d", i ? "," : "", last->statuses[i]);
	if (!last->count && last->shell >= 0)
		strbuf_addf(b, "%d", last->shell);
	strbuf_addstr(b, "]");
	if (core->state == CORE_OVER)
		strbuf_addf(b, ",\"status\":%d", core->verdict.status);
	strbuf_addstr(b, "}\n");
}

int health_write(const char *path, const struct core *core, const struct outcome *last, int64_t now)
{
	struct strbuf b = STRBUF_INIT;
	health_add(&b, core, last, now);
	int r = file_replace(path, b.s, b.len);
	strbuf_release(&b);
	return r;
}
