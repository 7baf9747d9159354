/* The output, from rows to bytes: see emit_write.h. */
#include "cmd/aggregate/emit_impl.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/color.h"
#include "common/data/columnsout.h"
#include "common/data/jsonout.h"

/* For texts up to this length, room is reserved for the longest possible output; longer texts are measured first. */
#define SHORT_TEXT (64u << 10)

void emit_write_init(struct emit *e)
{
	e->names = xcalloc(e->row.count, sizeof *e->names);
	for (size_t i = 0; i < e->row.count; i++) {
		size_t len = strlen(e->row.names[i]);
		strbuf_init(&e->names[i]);
		char *start = strbuf_grow(&e->names[i], JSONOUT_MAX(len) + 2), *p = start;
		*p++ = i ? ',' : '{';
		p = jsonout_bytes(p, e->row.names[i], len);
		*p++ = ':';
		strbuf_extend(&e->names[i], (size_t)(p - start));
	}
}

static char *copy(char *to, const char *s, size_t len)
{
	if (len)
		memcpy(to, s, len);
	return to + len;
}

static size_t json_room(const struct emit *e)
{
	size_t room = 4;

	for (size_t i = 0; i < e->row.count; i++) {
		const struct value *v = &e->row.values[i];
		room += e->names[i].len;
		if (v->type != VALUE_STRING)
			room += v->raw_len;
		else
			room += v->len < SHORT_TEXT ? JSONOUT_MAX(v->len) : jsonout_bytes_size(v->s, v->len);
	}
	return room;
}

static int write_json(struct emit *e, struct flow *flow)
{
	char *start = flow_reserve(flow, json_room(e)), *p = start;

	if (!p)
		return FLOW_STOP;
	for (size_t i = 0; i < e->row.count; i++) {
		const struct value *v = &e->row.values[i];
		p = copy(p, e->names[i].s, e->names[i].len);
		if (v->type == VALUE_STRING)
			p = jsonout_bytes(p, v->s, v->len);
		else
			p = copy(p, v->raw, v->raw_len);
	}
	*p++ = '}';
	*p++ = flow->delim;
	return flow_commit(flow, (size_t)(p - start));
}

static int write_tsv(struct emit *e, struct flow *flow)
{
	size_t room = 1;

	for (size_t i = 0; i < e->row.count; i++)
		room += COLUMNSOUT_MAX(e->row.values[i].len) + 1;
	char *start = flow_reserve(flow, room), *p = start;
	if (!p)
		return FLOW_STOP;
	for (size_t i = 0; i < e->row.count; i++) {
		const struct value *v = &e->row.values[i];
		if (i)
			*p++ = '\t';
		if (v->type > VALUE_NULL)
			p = columnsout_tsv(p, v->s, v->len);
	}
	if (flow->delim == '\0' && memchr(start, '\0', (size_t)(p - start))) {
		warn("a field holds a NUL, which TSV cannot have with -0");
		return EXIT_DATA;
	}
	*p++ = flow->delim;
	return flow_commit(flow, (size_t)(p - start));
}

static void add_cells(struct emit *e)
{
	struct table_cell *cells = xcalloc(e->row.count, sizeof *cells);

	for (size_t i = 0; i < e->row.count; i++) {
		const struct value *v = &e->row.values[i];
		bool number = v->type >= VALUE_INT && v->type <= VALUE_NUMBER;
		cells[i] = (struct table_cell){.type = v->type <= VALUE_NULL ? CELL_NONE
						       : number              ? CELL_NUMBER
									     : CELL_BYTES,
			.text = v->s,
			.count = v->len};
	}
	table_add(&e->table, cells);
	free(cells);
}

static int write_header(struct emit *e, struct flow *flow)
{
	struct strbuf line = STRBUF_INIT;

	e->header_done = true;
	for (size_t i = 0; i < e->row.count; i++) {
		size_t len = strlen(e->row.names[i]);
		if (i)
			strbuf_addch(&line, '\t');
		char *start = strbuf_grow(&line, COLUMNSOUT_MAX(len));
		strbuf_extend(&line, (size_t)(columnsout_tsv(start, e->row.names[i], len) - start));
	}
	int r = flow_put(flow, line.s, line.len);
	strbuf_release(&line);
	return r;
}

int emit_write_begin(struct emit *e, struct flow *flow)
{
	if (e->format == EMIT_TABLE && !e->table.columns)
		table_init(&e->table, (const char *const *)e->row.names, e->row.count);
	if (e->format == EMIT_TSV && !e->no_header && !e->header_done)
		return write_header(e, flow);
	return 0;
}

int emit_write_row(struct emit *e, struct flow *flow)
{
	if (e->format == EMIT_JSON)
		return write_json(e, flow);
	if (e->format == EMIT_TSV)
		return write_tsv(e, flow);
	add_cells(e);
	return 0;
}

int emit_flush(struct emit *e, struct flow *flow)
{
	if (!e->table.columns)
		return 0;
	struct strbuf text = STRBUF_INIT;
	table_render(&e->table, color_on(flow->out.fd), &text);
	table_release(&e->table);
	char *p = text.s, *end = text.s + text.len;
	if (e->no_header)
		p = (char *)memchr(p, '\n', text.len) + 1;
	for (char *c = p; flow->delim != '\n' && c < end; c++)
		if (*c == '\n')
			*c = flow->delim;
	int r = flow_put_span(flow, p, (size_t)(end - p));
	strbuf_release(&text);
	return r;
}
