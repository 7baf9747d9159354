/*
 * A file of states: what a program knew after a batch, and what each batch after it added (see checkpoint.h).
 *
 * Layer: stream (uses base, mark, mark_offsets; XXH3 of xxhash.h, compiled in).  A file is a sequence of frames: the
 * first is a full state, and each of the others is a delta that builds on the frame before.  A frame is a head of 40
 * bytes, a text, and data:
 *
 *     8 bytes   "weirst2\n"
 *     4, 4      form (1 full, 2 delta); bytes of the text
 *     8, 8      bytes of the data; XXH3 (64 bits) of the data
 *     8         XXH3 of the head with zeros here, followed by the text
 *     text      the identity, a line of JSON that says what program and options the state belongs to; LF; then the
 *               text of the mark (B, or R for the state of a start) whose positions and cuts the state has, or
 *               nothing: a plain stream
 *     data      the program's
 *
 * Numbers are in the machine's byte order.  The head is written last, so a frame that a crash has cut short has none,
 * and for readers the file ends there.
 */
#ifndef WEIR_STREAM_CHECKPOINT_FILE_H
#define WEIR_STREAM_CHECKPOINT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"
#include "common/stream/mark_offsets.h"

enum checkpoint_form { CHECKPOINT_FULL = 1, CHECKPOINT_DELTA = 2 };

/* A frame as it was read. */
struct checkpoint_frame {
	enum checkpoint_form form;
	char *identity;           /* owned, without the LF */
	bool plain;               /* of a plain stream: without positions */
	uint64_t run, batch;      /* of the mark */
	struct mark_ranges parts; /* its positions, `to`, with their cuts; for R those after ranges_resume(); owned */
	uint64_t pos, len;        /* of the data in the file, bytes */
	uint64_t sum;             /* XXH3 of the data */
};

void checkpoint_frame_release(struct checkpoint_frame *frame);

/*
 * Read the frame at byte AT of FD into *ret, without its data.  Returns 1; 0 at the end of the file; -EBADMSG when
 * there is no frame or a damaged one; or -errno.  *ret is set only when it returns 1.
 */
int checkpoint_frame_read(int fd, uint64_t at, struct checkpoint_frame *ret) MUST_CHECK;

/* Where the next frame begins. */
uint64_t checkpoint_frame_end(const struct checkpoint_frame *frame);

/* Verify that FRAME's data is what was written.  0, -EBADMSG or -errno. */
int checkpoint_frame_verify(int fd, const struct checkpoint_frame *frame) MUST_CHECK;

/* The data of FRAME, which the caller frees; verified.  0, -EBADMSG, -ENOMEM or -errno. */
int checkpoint_frame_data(int fd, const struct checkpoint_frame *frame, char **ret) MUST_CHECK;

/* A frame that is being written. */
struct checkpoint_out {
	int fd;
	uint64_t at;   /* where it begins */
	uint64_t len;  /* bytes of data so far */
	int err;       /* 0, or the -errno of the first failure, after which the frame is lost */
	void *sum;     /* the running XXH3 */
	char *buf;     /* data that is not written yet */
	size_t in_buf; /* bytes in buf */
	struct strbuf text;
	enum checkpoint_form form;
};

/* Begin a frame at byte AT of FD with IDENTITY (a line without LF) and the mark's text of MARK_LEN bytes at MARK. */
void checkpoint_out_begin(struct checkpoint_out *out, int fd, uint64_t at, enum checkpoint_form form,
	const char *identity, const char *mark, size_t mark_len);

/*
 * Append LEN bytes to the data.  A failure is reported by checkpoint_out_end(), so programs need not check each call.
 */
void checkpoint_put(struct checkpoint_out *out, const void *data, size_t len);
static inline void checkpoint_put_u64(struct checkpoint_out *out, uint64_t v)
{
	checkpoint_put(out, &v, sizeof v);
}

/* Write what is buffered and the head, and fdatasync(2); OUT is released.  *ret_end is where the frame ends.  0 or
 * -errno. */
int checkpoint_out_end(struct checkpoint_out *out, uint64_t *ret_end) MUST_CHECK;

#endif
