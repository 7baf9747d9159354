/* Tables, JSON rows and Prometheus samples: see table.h. */
#include "common/data/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/color.h"
#include "common/base/control.h"
#include "common/data/jsonout.h"
#include "common/data/utf8.h"
#include "common/data/width.h"

#define GAP 2 /* blanks between columns */

struct table_cell cell_int(int64_t n)
{
	return (struct table_cell){.type = CELL_INT, .number = n};
}

struct table_cell cell_known(int64_t n)
{
	return (struct table_cell){.type = n < 0 ? CELL_NONE : CELL_INT, .number = n};
}

struct table_cell cell_text(const char *s)
{
	return (struct table_cell){.type = s ? CELL_TEXT : CELL_NONE, .text = s};
}

struct table_cell cell_list(const int32_t *list, size_t count)
{
	return (struct table_cell){.type = CELL_LIST, .list = list, .count = count};
}

static void add_list(struct strbuf *b, const struct table_cell *cell)
{
	for (size_t i = 0; i < cell->count; i++)
		strbuf_addf(b, "%s%" PRId32, i ? "," : "", cell->list[i]);
}

/* Append S in its visible form. */
static void add_text(struct strbuf *b, const char *s, size_t len)
{
	if (!len)
		strbuf_addstr(b, "\"\"");
	for (const char *end = s + len; s < end;) {
		size_t n = utf8_char_len(s, (size_t)(end - s));
		if (!n || control_len(s, (size_t)(end - s), '\0')) {
			strbuf_addf(b, "\\x%02x", (unsigned char)*s);
			s++;
		} else {
			strbuf_add(b, s, n);
			s += n;
		}
	}
}

static void add_cell(struct strbuf *b, const struct table_cell *cell)
{
	if (cell->type == CELL_INT)
		strbuf_addf(b, "%" PRId64, cell->number);
	else if (cell->type == CELL_LIST && cell->count)
		add_list(b, cell);
	else if (cell->type == CELL_TEXT)
		add_text(b, cell->text, strlen(cell->text));
	else if (cell->type == CELL_BYTES || cell->type == CELL_NUMBER)
		add_text(b, cell->text, cell->count);
	else
		strbuf_addch(b, '-');
}

/* The text of TABLE from START on is a cell of COLUMN: note its width. */
static void end_cell(struct text_table *table, size_t column, size_t start)
{
	size_t width = width_of(table->utf8, table->text.s + start, table->text.len - start);
	if (width > table->widths[column])
		table->widths[column] = width;
	strbuf_addch(&table->text, '\0');
}

void table_init(struct text_table *table, const char *const *names, size_t columns)
{
	*table = (struct text_table){.columns = columns, .utf8 = width_begin()};
	strbuf_init(&table->text);
	table->widths = xcalloc(columns, sizeof *table->widths);
	table->numeric = xcalloc(columns, sizeof *table->numeric);
	for (size_t i = 0; i < columns; i++) {
		size_t start = table->text.len;
		table->numeric[i] = true;
		add_text(&table->text, names[i], strlen(names[i]));
		end_cell(table, i, start);
	}
}

void table_release(struct text_table *table)
{
	strbuf_release(&table->text);
	width_end(table->utf8);
	free(table->widths);
	free(table->numeric);
	*table = (struct text_table){0};
}

void table_add(struct text_table *table, const struct table_cell *cells)
{
	for (size_t i = 0; i < table->columns; i++) {
		size_t start = table->text.len;
		add_cell(&table->text, &cells[i]);
		end_cell(table, i, start);
		if (cells[i].type == CELL_TEXT || cells[i].type == CELL_LIST || cells[i].type == CELL_BYTES)
			table->numeric[i] = false;
	}
	table->rows++;
}

static void add_padded(struct strbuf *line, const struct text_table *table, size_t column, const char *text)
{
	size_t pad = table->widths[column] - width_of(table->utf8, text, strlen(text));
	if (column)
		strbuf_addf(line, "%*s", GAP, "");
	if (table->numeric[column])
		strbuf_addf(line, "%*s", (int)pad, "");
	strbuf_addstr(line, text);
	if (!table->numeric[column] && column + 1 < table->columns)
		strbuf_addf(line, "%*s", (int)pad, "");
}

void table_mark_worst(struct text_table *table, size_t n)
{
	table->worst = n + 1;
}

void table_render(const struct text_table *table, bool color, struct strbuf *out)
{
	const char *text = table->text.s;

	for (size_t row = 0; row <= table->rows; row++) { /* the line of names comes first */
		const char *begin = !color ? NULL : !row ? COLOR_BOLD : row == table->worst ? COLOR_WORST : NULL;
		if (begin)
			strbuf_addstr(out, begin);
		for (size_t i = 0; i < table->columns; i++, text += strlen(text) + 1)
			add_padded(out, table, i, text);
		strbuf_addstr(out, begin ? COLOR_END "\n" : "\n");
	}
}

int table_write(const struct text_table *table, struct outbuf *out)
{
	struct strbuf text = STRBUF_INIT;

	table_render(table, color_on(out->fd), &text);
	int r = outbuf_write(out, text.s, text.len);
	strbuf_release(&text);
	return r;
}

/* S as a JSON value: a string, or {"base64":"…"} when it is not UTF-8. */
static void add_json_text(struct strbuf *b, const char *s, size_t len)
{
	const char *end = jsonout_bytes(strbuf_grow(b, JSONOUT_MAX(len)), s, len);
	b->len = (size_t)(end - b->s);
	b->s[b->len] = '\0';
}

static void add_json(struct strbuf *b, const struct table_cell *cell)
{
	switch (cell->type) {
	case CELL_NONE:
		strbuf_addstr(b, "null");
		break;
	case CELL_INT:
		strbuf_addf(b, "%" PRId64, cell->number);
		break;
	case CELL_TEXT:
		add_json_text(b, cell->text, strlen(cell->text));
		break;
	case CELL_LIST:
		strbuf_addch(b, '[');
		add_list(b, cell);
		strbuf_addch(b, ']');
		break;
	case CELL_BYTES:
		add_json_text(b, cell->text, cell->count);
		break;
	case CELL_NUMBER:
		strbuf_add(b, cell->text, cell->count);
		break;
	}
}

int json_write_row(struct outbuf *out, const char *const *names, const struct table_cell *cells, size_t columns)
{
	struct strbuf row = STRBUF_INIT;
	for (size_t i = 0; i < columns; i++) {
		strbuf_addch(&row, i ? ',' : '{');
		add_json_text(&row, names[i], strlen(names[i]));
		strbuf_addch(&row, ':');
		add_json(&row, &cells[i]);
	}
	strbuf_addstr(&row, "}\n");
	int r = outbuf_write(out, row.s, row.len);
	strbuf_release(&row);
	return r;
}

int prom_write_head(struct outbuf *out, const char *name, const char *type, const char *help)
{
	struct strbuf head = STRBUF_INIT;
	strbuf_addf(&head, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
	int r = outbuf_write(out, head.s, head.len);
	strbuf_release(&head);
	return r;
}

void prom_add_label(struct strbuf *b, const struct prom_label *label)
{
	strbuf_addf(b, "%s=\"", label->name);
	const char *s = label->value, *end = s + strlen(s);
	while (s < end) {
		size_t n = utf8_char_len(s, (size_t)(end - s));
		if (*s == '\n' || *s == '\\' || *s == '"')
			strbuf_addf(b, "\\%c", *s == '\n' ? 'n' : *s);
		else if (n)
			strbuf_add(b, s, n);
		else
			strbuf_addstr(b, "\xef\xbf\xbd");
		s += n ? n : 1;
	}
	strbuf_addch(b, '"');
}

int prom_write_sample(
	struct outbuf *out, const char *name, const struct prom_label *labels, size_t count, int64_t value)
{
	struct strbuf line = STRBUF_INIT;
	strbuf_addstr(&line, name);
	for (size_t i = 0; i < count; i++) {
		strbuf_addch(&line, i ? ',' : '{');
		prom_add_label(&line, &labels[i]);
	}
	strbuf_addf(&line, "%s %" PRId64 "\n", count ? "}" : "", value);
	int r = outbuf_write(out, line.s, line.len);
	strbuf_release(&line);
	return r;
}

int prom_write_positions(
	struct outbuf *out, const char *name, const char *help, const struct position *positions, size_t count)
{
	int r = prom_write_head(out, name, "gauge", help);
	for (size_t i = 0; r == 0 && i < count; i++) {
		const struct position *p = &positions[i];
		char number[16];
		snprintf(number, sizeof number, "%d", (int)p->partition);
		const struct prom_label set[] = {{"group", p->group}, {"topic", p->topic}, {"partition", number}};
		if (p->was >= 0)
			r = prom_write_sample(out, name, set, 3, p->was);
	}
	return r;
}
