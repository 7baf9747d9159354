/* Formatting meter's figures: see report.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "cmd/meter/report.h"
#include "common/base/diag.h"
#include "common/data/jsonout.h"
#include "common/data/table.h"

#define BAR_CELLS 20

static void add_bytes(struct strbuf *b, double n)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
	size_t u = 0;
	for (; n >= 1024 && u < 5; u++)
		n /= 1024;
	strbuf_addf(b, u ? "%.1f %s" : "%.0f %s", n, units[u]);
}

/* 0.250 s, 12.5 s, 3:05, 1:03:05 */
static void add_duration(struct strbuf *b, int64_t ms)
{
	int64_t s = ms / 1000;
	if (ms < 60000)
		strbuf_addf(b, ms < 10000 ? "%.3f s" : "%.1f s", (double)ms / 1000);
	else if (s < 3600)
		strbuf_addf(b, "%" PRId64 ":%02" PRId64, s / 60, s % 60);
	else
		strbuf_addf(b, "%" PRId64 ":%02" PRId64 ":%02" PRId64, s / 3600, s / 60 % 60, s % 60);
}

static void add_delay(struct strbuf *b, const char *what, const struct delay *d)
{
	strbuf_addf(b, ", %s ", what);
	add_duration(b, d->last);
	strbuf_addstr(b, " (median ");
	add_duration(b, d->median);
	strbuf_addstr(b, ", p99 ");
	add_duration(b, d->p99);
	strbuf_addch(b, ')');
}

static void add_batch(struct strbuf *b, const struct figures *f)
{
	strbuf_addf(b, ", batch %" PRIu64 " in ", f->batch);
	add_duration(b, f->batch_ms);
	strbuf_addstr(b, " of ");
	add_duration(b, f->interval_ms);
	strbuf_addf(b, ", %" PRIu64 " not acknowledged", f->pending);
	if (!f->has_delay)
		return;
	add_delay(b, "delay oldest", &f->oldest);
	add_delay(b, "newest", &f->newest);
}

/* [=======>            ]  36.5 %, ETA 12.3 s; the bar is for terminals only. */
static void add_progress(struct strbuf *b, const struct figures *f, bool bar)
{
	char cells[BAR_CELLS + 1];
	int done = (int)(f->done * BAR_CELLS);

	memset(cells, ' ', BAR_CELLS);
	memset(cells, '=', (size_t)done);
	if (done < BAR_CELLS)
		cells[done] = '>';
	cells[BAR_CELLS] = '\0';
	strbuf_addstr(b, ", ");
	if (bar)
		strbuf_addf(b, "[%s] ", cells);
	strbuf_addf(b, "%.1f %%, ETA ", f->done * 100);
	if (f->eta_ms < 0)
		strbuf_addch(b, '-');
	else
		add_duration(b, f->eta_ms);
}

static void write_line(const struct meter_report *r, const struct figures *f, struct strbuf *b)
{
	for (const char *c = *r->name ? r->name : "meter"; *c; c++) /* a control character must not reach a terminal */
		strbuf_addch(b, (unsigned char)*c < ' ' || *c == 0x7f ? '?' : *c);
	strbuf_addstr(b, f->final ? ": total: " : ": ");
	add_duration(b, f->elapsed_ms);
	if (f->has_end && !f->final)
		add_progress(b, f, r->terminal);
	if (f->counts_records)
		strbuf_addf(b, ", %" PRIu64 " %s, %.0f/s", f->records, diag_plural(f->records, "record", "records"),
			f->records_per_s);
	strbuf_addf(b, ", %" PRIu64 " %s (", f->bytes, diag_plural(f->bytes, "byte", "bytes"));
	add_bytes(b, (double)f->bytes);
	strbuf_addstr(b, "), ");
	add_bytes(b, f->bytes_per_s);
	strbuf_addstr(b, "/s");
	if (f->batches)
		add_batch(b, f);
}

/* A line that wraps at the edge of the terminal could not be overwritten: cut it there, but not within a character. */
static void cut(const struct meter_report *r, struct strbuf *b, size_t start)
{
	struct winsize size;

	if (ioctl(r->fd, TIOCGWINSZ, &size) < 0 || size.ws_col < 2 || b->len - start < size.ws_col)
		return;
	size_t len = start + size.ws_col - 1;
	while (len > start && ((unsigned char)b->s[len] & 0xc0) == 0x80)
		len--;
	strbuf_setlen(b, len);
}

static void add_string(struct strbuf *b, const char *s)
{
	size_t len = strlen(s);
	char *p = strbuf_grow(b, JSONOUT_MAX(len));
	strbuf_extend(b, (size_t)(jsonout_bytes(p, s, len) - p));
}

static void add_json_delay(struct strbuf *b, const char *name, const struct delay *d)
{
	strbuf_addf(b, ",\"%s_ms\":{\"last\":%" PRId64 ",\"median\":%" PRId64 ",\"p99\":%" PRId64 "}", name, d->last,
		d->median, d->p99);
}

static void write_json(const struct meter_report *r, const struct figures *f, struct strbuf *b)
{
	strbuf_addstr(b, "{\"name\":");
	add_string(b, r->name);
	strbuf_addf(b, ",\"final\":%s,\"elapsed_ms\":%" PRId64, f->final ? "true" : "false", f->elapsed_ms);
	if (f->counts_records)
		strbuf_addf(b, ",\"records\":%" PRIu64 ",\"records_per_s\":%.1f", f->records, f->records_per_s);
	strbuf_addf(b, ",\"bytes\":%" PRIu64 ",\"bytes_per_s\":%.1f", f->bytes, f->bytes_per_s);
	if (f->has_end)
		strbuf_addf(b, ",\"done\":%.4f", f->done);
	if (f->has_end && f->eta_ms >= 0)
		strbuf_addf(b, ",\"eta_ms\":%" PRId64, f->eta_ms);
	if (f->batches)
		strbuf_addf(b,
			",\"batches\":%" PRIu64 ",\"batch\":%" PRIu64 ",\"batch_ms\":%" PRId64
			",\"interval_ms\":%" PRId64 ",\"unacknowledged\":%" PRIu64,
			f->batches, f->batch, f->batch_ms, f->interval_ms, f->pending);
	if (f->has_delay) {
		add_json_delay(b, "delay_oldest", &f->oldest);
		add_json_delay(b, "delay_newest", &f->newest);
	}
	strbuf_addch(b, '}');
}

/* Append a metric with one sample; its name is weir_meter_NAME. */
static void add_metric(struct strbuf *b, const struct meter_report *r, const char *name, const char *type,
	const char *help, const char *labels, const char *value)
{
	if (help)
		strbuf_addf(b, "# HELP weir_meter_%s %s\n# TYPE weir_meter_%s %s\n", name, help, name, type);
	strbuf_addf(b, "weir_meter_%s{", name);
	prom_add_label(b, &(struct prom_label){"name", r->name});
	strbuf_addf(b, "%s} %s\n", labels, value);
}

static void add_count(struct strbuf *b, const struct meter_report *r, const char *name, const char *help, uint64_t n)
{
	char value[24];
	snprintf(value, sizeof value, "%" PRIu64, n);
	size_t len = strlen(name);
	bool total = len > 6 && strcmp(name + len - 6, "_total") == 0;
	add_metric(b, r, name, total ? "counter" : "gauge", help, "", value);
}

static void add_seconds(struct strbuf *b, const struct meter_report *r, const char *name, const char *help,
	const char *labels, int64_t ms)
{
	char value[40];
	snprintf(value, sizeof value, "%.3f", (double)ms / 1000);
	add_metric(b, r, name, "gauge", help, labels, value);
}

static void add_delays(struct strbuf *b, const struct meter_report *r, const struct figures *f)
{
	static const char name[] = "delay_seconds";
	add_seconds(b, r, name, "Processing time minus record time of the latest batch.", ",record=\"oldest\"",
		f->oldest.last);
	add_seconds(b, r, name, NULL, ",record=\"newest\"", f->newest.last);
	static const char median[] = "delay_median_seconds", p99[] = "delay_p99_seconds";
	add_seconds(b, r, median, "Median of the delay over batches.", ",record=\"oldest\"", f->oldest.median);
	add_seconds(b, r, median, NULL, ",record=\"newest\"", f->newest.median);
	add_seconds(b, r, p99, "99th percentile of the delay over batches.", ",record=\"oldest\"", f->oldest.p99);
	add_seconds(b, r, p99, NULL, ",record=\"newest\"", f->newest.p99);
}

static void write_prometheus(const struct meter_report *r, const struct figures *f, struct strbuf *b)
{
	if (f->counts_records)
		add_count(b, r, "records_total", "Records that were passed on.", f->records);
	add_count(b, r, "bytes_total", "Bytes that were passed on.", f->bytes);
	add_seconds(b, r, "elapsed_seconds", "Time since the start.", "", f->elapsed_ms);
	if (!f->batches)
		return;
	add_count(b, r, "batches_total", "Batches that were passed on.", f->batches);
	add_count(b, r, "batches_unacknowledged", "Batches that not all sinks have acknowledged.", f->pending);
	add_seconds(b, r, "batch_seconds", "Time from the start of the latest batch until its end came here.", "",
		f->batch_ms);
	add_seconds(b, r, "batch_interval_seconds", "Time over which the latest batch was read.", "", f->interval_ms);
	if (f->has_delay)
		add_delays(b, r, f);
}

void report_write(const struct meter_report *r, const struct figures *f, struct strbuf *out)
{
	size_t start;

	switch (r->format) {
	case REPORT_LINE:
		if (r->terminal)
			strbuf_addch(out, '\r');
		start = out->len;
		write_line(r, f, out);
		if (r->terminal && !f->final)
			cut(r, out, start);
		strbuf_addstr(out, r->terminal ? "\033[K" : "\n");
		if (r->terminal && f->final)
			strbuf_addch(out, '\n');
		break;
	case REPORT_JSON:
		write_json(r, f, out);
		strbuf_addch(out, '\n');
		break;
	case REPORT_PROMETHEUS:
		write_prometheus(r, f, out);
		break;
	}
}
