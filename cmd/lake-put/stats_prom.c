/* The text of lake-put --stats: see stats.h. */
#include "common/base/clock.h"
#include "common/data/table.h"
#include "stats.h"

static int put(struct outbuf *out, const char *name, const char *type, const char *help, int64_t value)
{
	int r = prom_write_head(out, name, type, help);
	return r < 0 ? r : prom_write_sample(out, name, NULL, 0, value);
}

/* What each of several tables has got. */
static int put_tables(struct outbuf *out, const struct stats_table *tables, size_t count)
{
	static const char records[] = "weir_lake_put_table_records_total", bytes[] = "weir_lake_put_table_bytes_total";
	int r = count ? prom_write_head(out, records, "counter", "Records committed to the table since the start.") : 0;
	for (size_t i = 0; r == 0 && i < count; i++)
		r = prom_write_sample(
			out, records, &(struct prom_label){"table", tables[i].name}, 1, (int64_t)tables[i].records);
	if (r == 0 && count)
		r = prom_write_head(out, bytes, "counter", "Bytes of files committed to the table since the start.");
	for (size_t i = 0; r == 0 && i < count; i++)
		r = prom_write_sample(
			out, bytes, &(struct prom_label){"table", tables[i].name}, 1, (int64_t)tables[i].bytes);
	return r;
}

/* The requests to a remote store; REQUESTS is NULL for a directory. */
static int put_requests(struct outbuf *out, const struct http_counters *requests)
{
	if (!requests)
		return 0;
	int r = put(out, "weir_lake_put_requests_total", "counter", "Requests to the store, with repetitions.",
		(int64_t)requests->tries);
	if (r == 0)
		r = put(out, "weir_lake_put_repeated_requests_total", "counter",
			"Requests that were sent again after a failure.", (int64_t)(requests->tries - requests->calls));
	if (r == 0)
		r = put(out, "weir_lake_put_sent_bytes_total", "counter", "Bytes sent to the store.",
			(int64_t)requests->sent);
	if (r == 0)
		r = put(out, "weir_lake_put_received_bytes_total", "counter", "Bytes received from the store.",
			(int64_t)requests->received);
	return r;
}

int stats_print(int fd, const struct put_stats *stats)
{
	const struct sink_figures *s = stats->figures;
	struct outbuf out;
	int64_t age = s->oldest_ms < 0 ? 0 : (clock_epoch_ms() - s->oldest_ms) / 1000;
	outbuf_init(&out, fd, "the statistics");
	int r = prom_write_positions(&out, "weir_lake_put_committed_position",
		"Next offset of the partition, as the lake has it.", stats->positions, stats->npositions);
	if (r == 0)
		r = put(&out, "weir_lake_put_oldest_uncommitted_seconds", "gauge",
			"Age of the oldest record that is not committed, 0 when there is none.", age < 0 ? 0 : age);
	if (r == 0)
		r = put(&out, "weir_lake_put_commits_total", "counter", "Commits since the start.",
			(int64_t)s->commits);
	if (r == 0)
		r = put(&out, "weir_lake_put_conflicts_total", "counter",
			"Commits that were refused because another writer owns a partition.", (int64_t)s->conflicts);
	if (r == 0)
		r = put(&out, "weir_lake_put_records_total", "counter", "Records committed since the start.",
			(int64_t)s->records);
	if (r == 0)
		r = put(&out, "weir_lake_put_bytes_total", "counter", "Bytes of committed files since the start.",
			(int64_t)s->bytes);
	if (r == 0)
		r = put_tables(&out, stats->tables, stats->ntables);
	if (r == 0)
		r = put_requests(&out, stats->requests);
	if (r == 0)
		r = outbuf_flush(&out);
	outbuf_release(&out);
	return r;
}
