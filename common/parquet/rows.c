/* Rows of a file: see rows.h.  They are written as text, which jansson reads. */
#include "common/parquet/rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/parquet/text.h"

struct pq_rows {
	const struct pq_file *file;
	struct pq_source source;
	struct pq_want want;
	struct pq_scan *scan;
	struct pq_text *text;
	size_t group; /* the next one */
	bool in_group;
	uint32_t number[PQ_BATCH_ROWS]; /* of the rows of a batch */
	size_t done;                    /* rows of the batch that are text, or were returned */
	const char *lines;              /* the next ones */
	size_t len;
	bool bad;
};

static int read_memory(void *arg, uint64_t at, void *to, size_t n, struct strbuf *err)
{
	const struct pq_rows *rows = arg;
	if (at > rows->file->len || n > rows->file->len - at) {
		strbuf_addstr(err, "a column chunk is cut");
		return -EBADMSG;
	}
	memcpy(to, rows->file->data + at, n);
	return 0;
}

int pq_rows_new(const struct pq_file *file, const struct schema *want, struct pq_rows **ret, struct strbuf *err)
{
	struct pq_rows *rows = xcalloc(1, sizeof *rows);
	rows->file = file;
	rows->source = (struct pq_source){.read = read_memory, .arg = rows, .size = file->len};
	rows->want.schema = want;
	for (uint32_t i = 0; i < PQ_BATCH_ROWS; i++)
		rows->number[i] = i;
	int r = pq_scan_new(file, &rows->source, &rows->want, &rows->scan, err);
	if (r == 0 && !rows->scan->leaves) {
		strbuf_addstr(err, "it has none of the columns that it has to have");
		r = -EBADMSG;
	}
	if (r < 0) {
		pq_rows_free(rows);
		return r;
	}
	rows->text = pq_text_new(rows->scan, want->root.count, PQ_TEXT_JSON, false);
	*ret = rows;
	return 0;
}

void pq_rows_free(struct pq_rows *rows)
{
	if (!rows)
		return;
	pq_text_free(rows->text);
	pq_scan_free(rows->scan);
	free(rows);
}

/* Go to the next batch: 1; 0 at the end. */
static int next_batch(struct pq_rows *rows, struct strbuf *err)
{
	int r = rows->in_group ? pq_scan_next(rows->scan, err) : 0;
	while (r == 0 && rows->group < rows->file->groups) {
		r = pq_scan_group(rows->scan, rows->group++, NULL, err);
		rows->in_group = true;
		if (r == 0)
			r = pq_scan_next(rows->scan, err);
	}
	rows->done = 0;
	return r;
}

/* Have lines: 1; 0 at the end. */
static int next_lines(struct pq_rows *rows, struct strbuf *err)
{
	int r = 1;
	if (rows->len)
		return 1;
	if (rows->done == rows->scan->rows)
		r = next_batch(rows, err);
	if (r <= 0)
		return r;
	r = pq_text_rows(
		rows->text, rows->number + rows->done, rows->scan->rows - rows->done, &rows->lines, &rows->len, err);
	if (r > 0)
		rows->done += (size_t)r;
	return r;
}

int pq_rows_next(struct pq_rows *rows, json_t **ret, struct strbuf *err)
{
	json_error_t why;
	int r = rows->bad ? -EBADMSG : next_lines(rows, err);
	if (r <= 0) {
		rows->bad = r < 0;
		return r;
	}
	size_t line = (size_t)((const char *)memchr(rows->lines, '\n', rows->len) - rows->lines);
	*ret = json_loadb(rows->lines, line, JSON_ALLOW_NUL, &why);
	rows->lines += line + 1;
	rows->len -= line + 1;
	if (*ret)
		return 1;
	strbuf_addf(err, "a row cannot be read: %s", why.text); /* a name of a map has a NUL */
	rows->bad = true;
	return -EBADMSG;
}
