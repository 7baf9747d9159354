/* A file of states: see checkpoint_file.h. */
#include "common/stream/checkpoint_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "common/base/alloc.h"
#include "common/base/killpoint.h"
#include "common/io/file.h"

#define MAGIC    "weirst2\n"
#define TEXT_MAX (16u << 20)
#define BUF_SIZE (256u << 10)

struct checkpoint_head {
	char magic[8];
	uint32_t form, text_len;
	uint64_t data_len, data_sum, sum;
};

_Static_assert(sizeof(struct checkpoint_head) == 40, "the head has no gaps");

/* Read LEN bytes at AT.  0, -EBADMSG when there are fewer, or -errno. */
static int read_at(int fd, void *data, size_t len, uint64_t at)
{
	int r = file_read_at(fd, data, len, at);
	return r == -ENODATA ? -EBADMSG : r;
}

static uint64_t head_sum(const struct checkpoint_head *head, const char *text)
{
	struct checkpoint_head h = *head;
	XXH3_state_t state;
	h.sum = 0;
	XXH3_64bits_reset(&state);
	XXH3_64bits_update(&state, &h, sizeof h);
	XXH3_64bits_update(&state, text, h.text_len);
	return XXH3_64bits_digest(&state);
}

void checkpoint_frame_release(struct checkpoint_frame *frame)
{
	free(frame->identity);
	ranges_release(&frame->parts);
	*frame = (struct checkpoint_frame){0};
}

/* The identity, and the positions of the mark. */
static int take_text(struct checkpoint_frame *frame, const char *text, size_t len)
{
	struct mark mark;
	struct strbuf err = STRBUF_INIT;
	const char *lf = memchr(text, '\n', len);
	if (!lf)
		return -EBADMSG;
	size_t line = (size_t)(lf - text);
	frame->plain = line + 1 == len;
	if (!frame->plain) {
		if (mark_parse(lf + 1, len - line - 1, &mark) < 0 || ranges_read(&mark, &frame->parts, &err) < 0) {
			strbuf_release(&err);
			return -EBADMSG;
		}
		if (mark.kind == MARK_RESUME)
			ranges_resume(&frame->parts, &mark);
		frame->run = mark.run;
		frame->batch = mark.batch;
	}
	frame->identity = xstrndup(text, line);
	return 0;
}

int checkpoint_frame_read(int fd, uint64_t at, struct checkpoint_frame *ret)
{
	struct checkpoint_head head;
	off_t size = lseek(fd, 0, SEEK_END);
	if (size < 0)
		return -errno;
	if (at == (uint64_t)size)
		return 0;
	int r = read_at(fd, &head, sizeof head, at);
	if (r < 0)
		return r;
	uint64_t left = (uint64_t)size - at - sizeof head;
	if (memcmp(head.magic, MAGIC, 8) != 0 || (head.form != CHECKPOINT_FULL && head.form != CHECKPOINT_DELTA) ||
		head.text_len > TEXT_MAX || head.text_len > left || head.data_len > left - head.text_len)
		return -EBADMSG;
	char *text = xmalloc(head.text_len);
	struct checkpoint_frame frame = {
		.form = (enum checkpoint_form)head.form,
		.pos = at + sizeof head + head.text_len,
		.len = head.data_len,
		.sum = head.data_sum,
	};
	r = read_at(fd, text, head.text_len, at + sizeof head);
	if (r == 0 && head_sum(&head, text) != head.sum)
		r = -EBADMSG;
	if (r == 0)
		r = take_text(&frame, text, head.text_len);
	free(text);
	if (r < 0) {
		checkpoint_frame_release(&frame);
		return r;
	}
	*ret = frame;
	return 1;
}

uint64_t checkpoint_frame_end(const struct checkpoint_frame *frame)
{
	return frame->pos + frame->len;
}

int checkpoint_frame_verify(int fd, const struct checkpoint_frame *frame)
{
	char *buf = xmalloc(BUF_SIZE);
	XXH3_state_t sum;
	int r = 0;
	XXH3_64bits_reset(&sum);
	for (uint64_t done = 0; done < frame->len && r == 0;) {
		size_t n = frame->len - done < BUF_SIZE ? (size_t)(frame->len - done) : BUF_SIZE;
		r = read_at(fd, buf, n, frame->pos + done);
		if (r == 0)
			XXH3_64bits_update(&sum, buf, n);
		done += n;
	}
	free(buf);
	if (r == 0 && XXH3_64bits_digest(&sum) != frame->sum)
		r = -EBADMSG;
	return r;
}

int checkpoint_frame_data(int fd, const struct checkpoint_frame *frame, char **ret)
{
	char *data = malloc(frame->len ? frame->len : 1);
	if (!data)
		return -ENOMEM;
	int r = read_at(fd, data, frame->len, frame->pos);
	if (r == 0 && XXH3_64bits(data, frame->len) != frame->sum)
		r = -EBADMSG;
	if (r < 0)
		free(data);
	else
		*ret = data;
	return r;
}

void checkpoint_out_begin(struct checkpoint_out *out, int fd, uint64_t at, enum checkpoint_form form,
	const char *identity, const char *mark, size_t mark_len)
{
	*out = (struct checkpoint_out){.fd = fd, .at = at, .form = form, .text = STRBUF_INIT};
	strbuf_addstr(&out->text, identity);
	strbuf_addch(&out->text, '\n');
	strbuf_add(&out->text, mark, mark_len);
	out->buf = xmalloc(BUF_SIZE);
	out->sum = xaligned(64, 1, sizeof(XXH3_state_t));
	XXH3_64bits_reset(out->sum);
	if (out->text.len > TEXT_MAX)
		out->err = -E2BIG;
	else
		out->err = file_write_at(fd, out->text.s, out->text.len, at + sizeof(struct checkpoint_head));
}

static void flush(struct checkpoint_out *out)
{
	uint64_t at = out->at + sizeof(struct checkpoint_head) + out->text.len + out->len - out->in_buf;
	if (!out->err)
		XXH3_64bits_update(out->sum, out->buf, out->in_buf);
	if (!out->err)
		out->err = file_write_at(out->fd, out->buf, out->in_buf, at);
	out->in_buf = 0;
}

void checkpoint_put(struct checkpoint_out *out, const void *data, size_t len)
{
	for (const char *p = data; len && !out->err;) {
		size_t n = BUF_SIZE - out->in_buf < len ? BUF_SIZE - out->in_buf : len;
		memcpy(out->buf + out->in_buf, p, n);
		out->in_buf += n;
		out->len += n;
		p += n;
		len -= n;
		if (out->in_buf == BUF_SIZE)
			flush(out);
	}
}

int checkpoint_out_end(struct checkpoint_out *out, uint64_t *ret_end)
{
	flush(out);
	struct checkpoint_head head = {
		.magic = MAGIC,
		.form = out->form,
		.text_len = (uint32_t)out->text.len,
		.data_len = out->len,
		.data_sum = XXH3_64bits_digest(out->sum),
	};
	head.sum = head_sum(&head, out->text.s);
	KILL_POINT("state-before-head");
	if (!out->err)
		out->err = file_write_at(out->fd, &head, sizeof head, out->at);
	KILL_POINT("state-before-sync");
	if (!out->err && fdatasync(out->fd) < 0)
		out->err = -errno;
	if (!out->err)
		*ret_end = out->at + sizeof head + out->text.len + out->len;
	free(out->buf);
	free(out->sum);
	strbuf_release(&out->text);
	return out->err;
}
