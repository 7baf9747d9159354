/* Records of JSON, TSV or CSV: going through spans. */
#include <errno.h>
#include <string.h>

#include "common/data/json.h"
#include "common/data/records_impl.h"

static const char not_closed[] = "the quote is not closed";
static const char in_lines[] = "the quote is not closed, and the record ends with its line";
static const char in_marked[] = "the quote is not closed (in a marked stream no field holds a record's end)";
static const char too_long[] = "with quotes over several lines it is longer than --max-record";

void records_span(struct records *r, const char *s, size_t len, const struct flow *flow)
{
	r->flow = flow;
	r->later = s;
	r->later_end = s + len;
	r->closing = flow->inputs != r->inputs; /* an open record was the last one of the previous input */
}

void records_end(struct records *r)
{
	r->closing = true;
}

static int malformed(struct records *r, size_t pos, const char *what)
{
	r->error = (struct records_error){.number = r->number, .pos = pos, .what = what};
	return -EBADMSG;
}

/* The record at S is malformed: return its first line.  The result is its length with the delimiter. */
static size_t give_line(struct records *r, const char *s, const char *end, const char **ret_rec, size_t *ret_len)
{
	const char *line = memchr(s, r->delim, (size_t)(end - s));

	*ret_rec = s;
	*ret_len = (size_t)(line - s);
	return *ret_len + 1;
}

/* The record in `open` is malformed: read its other lines again, before the rest of the span. */
static void reopen(struct records *r, const char **ret_rec, size_t *ret_len)
{
	struct strbuf old = r->again;

	r->again = r->open;
	r->open = old;
	strbuf_clear(&r->open);
	if (r->next < r->end) {
		r->later = r->next;
		r->later_end = r->end;
	}
	r->end = r->again.s + r->again.len;
	r->next = r->again.s + give_line(r, r->again.s, r->end, ret_rec, ret_len);
}

/*
 * A record failed at AT, and its quotes were open at the end of each line before.  Records that start in one of these
 * lines with an open quote would fail in the same way: they are not tried, so that a file of a"," lines is read in
 * linear time.  ERROR: the mistake is at AT; otherwise AT is the end of what may be tried.
 */
static void fail_until(struct records *r, const char *at, bool error)
{
	r->fails_until = at;
	r->fails_there = error;
	r->fails_why = r->error.what;
}

/* Continue a record that was open: add lines until it is complete.  Returns the same as read_row. */
static int read_open(struct records *r, struct columns *c, const char **ret_rec, size_t *ret_len)
{
	int n = 0;

	while (n == 0 && r->next < r->end && r->open.len <= r->max_record + 1) {
		const char *line = memchr(r->next, r->delim, (size_t)(r->end - r->next));
		strbuf_add(&r->open, r->next, (size_t)(line + 1 - r->next));
		r->next = line + 1;
		n = columns_read(c, r->open.s, r->open.len);
	}
	size_t at = n < 0 ? c->pos : r->open.len - 1;
	bool error = n < 0 && at <= r->max_record;
	if (at > r->max_record)
		n = malformed(r, 0, too_long);
	else if (n == 0 && r->closing && r->next == r->end)
		n = malformed(r, c->start, not_closed);
	else if (n < 0)
		n = malformed(r, c->pos, c->what);
	if (n < 0) {
		c->pos = 0;
		reopen(r, ret_rec, ret_len);
		fail_until(r, r->again.s + at, error);
	} else if (n > 0) {
		r->taken = true;
		*ret_rec = r->open.s;
		*ret_len = c->len;
	}
	return n;
}

/* How far a record at r->next may reach: to the end of its line, or of the line that exceeds --max-record. */
static const char *reach(const struct records *r, bool line)
{
	size_t left = (size_t)(r->end - r->next), least = line ? 0 : (size_t)r->max_record;

	return least >= left ? r->end : (const char *)memchr(r->next + least, r->delim, left - least) + 1;
}

/* The record at r->next, of which LEN bytes were read, is malformed: columns_read() has returned N. */
static int malformed_row(struct records *r, const struct columns *c, int n, size_t len, bool alone)
{
	bool over = len > r->max_record && (n != 0 || !alone);

	if (over)
		(void)malformed(r, 0, too_long);
	else if (n < 0)
		(void)malformed(r, c->pos, c->what);
	else if (r->marked || r->lines)
		(void)malformed(r, c->start, r->marked ? in_marked : in_lines);
	else
		(void)malformed(r,
			r->fails_there             ? (size_t)(r->fails_until - r->next)
			: r->fails_why == too_long ? 0
						   : c->start,
			r->fails_why);
	if (!alone)
		fail_until(r, r->next + len, n < 0 && !over);
	return -EBADMSG;
}

/* Read a record of TSV or CSV into C: 1, 0 when its quote is still open (it is kept), -EBADMSG. */
static int read_row(struct records *r, struct columns *c, const char **ret_rec, size_t *ret_len)
{
	if (r->open.len)
		return read_open(r, c, ret_rec, ret_len);
	bool lines = r->marked || r->lines, alone = lines || r->next < r->fails_until;
	const char *stop = reach(r, alone);
	int n = columns_read(c, r->next, (size_t)(stop - r->next));
	if (n == 0 && alone && !lines && stop > r->fails_until) {
		alone = false;
		stop = reach(r, false);
		n = columns_read(c, r->next, (size_t)(stop - r->next));
	}
	/* Behave as if lines came one by one, so that nothing depends on where spans end. */
	size_t len = n > 0 ? c->len : n < 0 ? c->pos : (size_t)(stop - r->next) - 1;
	r->number++;
	if (n > 0 && len <= r->max_record) {
		*ret_rec = r->next;
		*ret_len = len;
		r->next += len + 1;
		return n;
	}
	if (n == 0 && !alone && len <= r->max_record) {
		strbuf_add(&r->open, r->next, (size_t)(stop - r->next));
		r->next = stop;
		return 0;
	}
	n = malformed_row(r, c, n, len, alone);
	c->pos = 0;
	r->next += give_line(r, r->next, r->end, ret_rec, ret_len);
	return n;
}

/* Set the values where the fields look for them: those of a row or, without ROW, none. */
static void give_values(struct records *r, bool row)
{
	for (size_t i = 0; i < r->field_count; i++)
		r->values[i] = row && r->fields[i].slot >= 0 ? r->row.values[r->fields[i].slot]
							     : (struct value){.type = VALUE_MISSING};
}

/* A whole row was read: 1, -EBADMSG. */
static int check_row(struct records *r)
{
	if (!r->header || r->row.count == r->columns) {
		give_values(r, true);
		return 1;
	}
	strbuf_clear(&r->text);
	strbuf_addf(&r->text, "the header has %zu %s, but this is a record of %zu", r->columns,
		diag_plural(r->columns, "column", "columns"), r->row.count);
	give_values(r, false);
	return malformed(r, r->row.len, r->text.s);
}

/* The same results as records_next, but 0 means: find more to read. */
static int next_row(struct records *r, const char **ret_rec, size_t *ret_len)
{
	struct columns *c = r->header_due ? &r->head : &r->row;
	int n = read_row(r, c, ret_rec, ret_len);

	if (n < 0 && r->header_due)
		return records_unfit(r, "the header is malformed", NULL, 0);
	if (n < 0)
		give_values(r, false);
	if (n <= 0)
		return n;
	if (!r->header_due)
		return check_row(r);
	r->header_due = false;
	r->number = 0;
	n = records_read_header(r);
	return n < 0 ? n : 2;
}

/* Find something to read when [next, end) is empty: 1, 0 when there is nothing, -ENOENT. */
static int refill(struct records *r)
{
	if (r->later == r->later_end || (r->closing && r->open.len))
		return r->closing && r->open.len ? 1 : 0;
	if (r->flow->inputs != r->inputs) {
		r->inputs = r->flow->inputs;
		r->input = r->flow->input;
		r->marked = r->flow->input_marked;
		r->number = 0;
		r->begun = false;
	}
	r->closing = false;
	r->fails_until = NULL;
	r->next = r->later;
	r->end = r->later_end;
	r->later = r->later_end;
	int e = r->begun ? 0 : records_begin(r);
	if (e < 0)
		return e;
	if (r->format == RECORDS_JSON) {
		json_span(r->json, r->next, (size_t)(r->end - r->next), r->delim);
		r->in_json = true;
	}
	return 1;
}

/* The same results as records_next, but 0 means: find more to read. */
static int next_json(struct records *r, const char **ret_rec, size_t *ret_len)
{
	int n = json_next(r->json, ret_rec, ret_len);

	if (n == 0) {
		r->in_json = false;
		r->next = r->end;
		return 0;
	}
	r->number++;
	if (n >= 0)
		return n;
	const char *like = n == -EBADMSG && r->number == 1 ? records_guess(r, *ret_rec, *ret_len) : NULL;
	r->error = (struct records_error){
		.number = r->number, .pos = json_error(r->json)->pos, .what = like ? like : json_error(r->json)->what};
	return n;
}

static int next_record(struct records *r, const char **ret_rec, size_t *ret_len)
{
	int n = 0;

	if (r->taken)
		strbuf_clear(&r->open);
	r->taken = false;
	if (r->unfit)
		return -ENOENT;
	while (n == 0) {
		if (r->in_json) {
			n = next_json(r, ret_rec, ret_len);
			continue;
		}
		if (r->next == r->end) {
			n = refill(r);
			if (n <= 0)
				break;
		}
		n = r->format == RECORDS_JSON ? 0 : next_row(r, ret_rec, ret_len);
	}
	return n;
}

int records_next(struct records *r, const char **ret_rec, size_t *ret_len)
{
	r->rec = NULL;
	int n = next_record(r, &r->rec, &r->rec_len);
	if (r->rec) {
		*ret_rec = r->rec;
		*ret_len = r->rec_len;
	}
	return n;
}

const char *records_current(const struct records *r, size_t *ret_len)
{
	*ret_len = r->rec ? r->rec_len : 0;
	return r->rec;
}

void records_refuse(const struct records *r, struct flow *flow)
{
	if (r->rec)
		flow_refuse(flow, r->rec, r->rec_len);
}
