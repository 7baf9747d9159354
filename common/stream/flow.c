/* What a filter writes: see flow.h. */
#include "common/stream/flow.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/base/killpoint.h"
#include "common/base/visible.h"
#include "common/stream/scan.h"

#define SHOWN       60         /* bytes of a record in a message */
#define REFUSED_MAX (1u << 20) /* bytes that are kept of a refused record */

void flow_init(struct flow *flow, char delim, bool any)
{
	struct stat st;
	*flow = (struct flow){.delim = delim, .forged = STRBUF_INIT, .refused = STRBUF_INIT};
	flow->guarded = !any && fstat(STDOUT_FILENO, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode));
	outbuf_init(&flow->out, STDOUT_FILENO, "standard output");
	outbuf_color(&flow->out);
}

int flow_close(struct flow *flow)
{
	return outbuf_close(&flow->out);
}

void flow_release(struct flow *flow)
{
	strbuf_release(&flow->forged);
	strbuf_release(&flow->refused);
}

void flow_forged_text(const struct flow *flow, struct strbuf *text)
{
	strbuf_addstr(text, "the output would begin with ETB, as only marked streams do, by the record '");
	visible_add_start(text, flow->forged.s, flow->forged.len, SHOWN);
	strbuf_addstr(text, "'");
}

void flow_refuse(struct flow *flow, const char *rec, size_t len)
{
	if (!flow->has_refused)
		strbuf_add(&flow->refused, rec, len < REFUSED_MAX ? len : REFUSED_MAX);
	flow->has_refused = true;
}

/* The guarded output is about to begin with the LEN bytes at S. */
static int begin(struct flow *flow, const char *s, size_t len)
{
	if (!len)
		return 0;
	flow->guarded = false;
	if (*s != MARK_ETB || flow->marked)
		return 0;
	const char *end = memchr(s, flow->delim, len);
	strbuf_add(&flow->forged, s, end ? (size_t)(end - s) : len);
	flow->out.err = -ECANCELED;
	return FLOW_STOP;
}

/* The same with a record that has no delimiter yet. */
static int begin_record(struct flow *flow, const char *rec, size_t len)
{
	return len ? begin(flow, rec, len) : begin(flow, &flow->delim, 1);
}

void flow_fail(struct flow *flow, int status)
{
	if (status > flow->status)
		flow->status = status;
}

int flow_header(struct flow *flow)
{
	if (!flow->header_due)
		return 0;
	flow->header_due = false;
	time_t at = (time_t)(flow->batch_ms / 1000);
	struct tm tm;
	char line[64];
	if (!gmtime_r(&at, &tm))
		return 0;
	size_t n = strftime(line, sizeof line, "-- %Y-%m-%dT%H:%M:%SZ --\n", &tm);
	return outbuf_write(&flow->out, line, n) < 0 ? FLOW_STOP : 0;
}

/* Write whole records of a marked stream, escaped and counted. */
static int put_marked(struct flow *flow, const char *s, size_t len)
{
	static const char dle = MARK_DLE;
	while (len) {
		uint64_t records;
		size_t clean = scan_records(s, len, flow->delim, &records);
		flow->wrote += records;
		if (outbuf_write(&flow->out, s, clean) < 0)
			return FLOW_STOP;
		s += clean;
		len -= clean;
		if (!len)
			break;
		const char *end = memchr(s, flow->delim, len);
		size_t record = (size_t)(end - s) + 1;
		flow->wrote++;
		if (outbuf_write(&flow->out, &dle, 1) < 0 || outbuf_write(&flow->out, s, record) < 0)
			return FLOW_STOP;
		s += record;
		len -= record;
	}
	return 0;
}

char *flow_reserve(struct flow *flow, size_t size)
{
	if (flow->header_due && flow_header(flow))
		return NULL;
	return outbuf_reserve(&flow->out, size);
}

int flow_commit(struct flow *flow, size_t len)
{
	if (flow->marked) {
		const char *s = flow->out.buf + flow->out.len;
		uint64_t records;
		if (scan_records(s, len, flow->delim, &records) < len) {
			/* Rare: the reserved bytes lie where the escaped records will go. */
			struct strbuf copy = STRBUF_INIT;
			strbuf_add(&copy, s, len);
			int r = put_marked(flow, copy.s, copy.len);
			strbuf_release(&copy);
			return r;
		}
		flow->wrote += records;
	} else if (flow->guarded && begin(flow, flow->out.buf + flow->out.len, len)) {
		return FLOW_STOP;
	}
	outbuf_commit(&flow->out, len);
	return 0;
}

int flow_put_span(struct flow *flow, const char *s, size_t len)
{
	if (flow->marked)
		return put_marked(flow, s, len);
	if ((flow->header_due && flow_header(flow)) || (flow->guarded && begin(flow, s, len)))
		return FLOW_STOP;
	return outbuf_write(&flow->out, s, len) < 0 ? FLOW_STOP : 0;
}

int flow_put(struct flow *flow, const char *rec, size_t len)
{
	static const char dle = MARK_DLE;
	if (flow->marked) {
		flow->wrote++;
		if (len && (*rec == MARK_ETB || *rec == MARK_DLE) && outbuf_write(&flow->out, &dle, 1) < 0)
			return FLOW_STOP;
	} else if ((flow->header_due && flow_header(flow)) || (flow->guarded && begin_record(flow, rec, len))) {
		return FLOW_STOP;
	}
	if (outbuf_write(&flow->out, rec, len) < 0)
		return FLOW_STOP;
	return outbuf_write(&flow->out, &flow->delim, 1) < 0 ? FLOW_STOP : 0;
}

int flow_put_mark(struct flow *flow, const struct mark *mark, const char *program)
{
	struct strbuf b = STRBUF_INIT;
	mark_rehop(&b, mark, flow->wrote, program);
	strbuf_addch(&b, flow->delim);
	KILL_POINT("before-mark");
	int r = outbuf_write(&flow->out, b.s, b.len);
	strbuf_release(&b);
	flow->wrote = 0;
	if (r < 0 || outbuf_flush(&flow->out) < 0)
		return FLOW_STOP;
	KILL_POINT("after-mark");
	return 0;
}
