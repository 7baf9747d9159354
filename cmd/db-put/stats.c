/* db-put --stats: see stats.h. */
#include "stats.h"

#include "common/base/clock.h"
#include "common/data/table.h"
#include "common/io/file.h"

static int print_figures(struct outbuf *out, const struct db_sink *put, const struct sink_figures *f)
{
	const int64_t age = f->oldest_ms < 0 ? 0 : (clock_epoch_ms() - f->oldest_ms) / 1000;
	const struct {
		const char *name, *help;
		int64_t value;
	} all[] = {
		{"weir_db_put_oldest_uncommitted_seconds",
			"Age of the oldest record that is not committed, 0 when there is none.", age < 0 ? 0 : age},
		{"weir_db_put_commits_total", "Commits since the start.", (int64_t)f->commits},
		{"weir_db_put_conflicts_total", "Commits that were refused because another writer owns a partition.",
			(int64_t)f->conflicts},
		{"weir_db_put_retries_total", "Transactions that were tried again.", (int64_t)put->retries},
		{"weir_db_put_records_total", "Records committed since the start.", (int64_t)f->records},
		{"weir_db_put_rejected_total", "Records rejected since the start.", (int64_t)put->rejects->count},
		{"weir_db_put_rows_total", "Rows that were put or deleted since the start.", (int64_t)put->all_rows},
		{"weir_db_put_bytes_total", "Bytes of rows committed since the start.", (int64_t)f->bytes},
	};
	int r = 0;
	for (size_t i = 0; r == 0 && i < sizeof all / sizeof *all; i++) {
		r = prom_write_head(out, all[i].name, i ? "counter" : "gauge", all[i].help);
		if (r == 0)
			r = prom_write_sample(out, all[i].name, NULL, 0, all[i].value);
	}
	return r;
}

int stats_write(const char *path, const struct db_sink *put, const struct sink_figures *figures,
	const struct chain *chain, struct strbuf *err)
{
	struct file file;
	struct outbuf out;
	int r = file_begin(&file, path);
	if (r == 0) {
		outbuf_init(&out, file.fd, "the statistics");
		r = prom_write_positions(&out, "weir_db_put_committed_position",
			"Next offset of the partition, as the database has it.", chain->items, chain->count);
		if (r == 0)
			r = print_figures(&out, put, figures);
		if (r == 0)
			r = outbuf_flush(&out);
		outbuf_release(&out);
		if (r < 0)
			file_drop(&file);
		else
			r = file_commit(&file);
	}
	if (r < 0)
		strbuf_addf(err, "cannot write '%s': %s", path, file_strerror(r));
	return r;
}
