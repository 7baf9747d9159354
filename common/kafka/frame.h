/*
 * How bytes that may contain the record delimiter are written to a stream of records (weir-stream(7)).
 *
 * Layer: kafka (libc only).
 */
#ifndef WEIR_KAFKA_FRAME_H
#define WEIR_KAFKA_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum frame_policy {
	FRAME_ERROR,  /* a record with the delimiter is an error */
	FRAME_SPACE,  /* the delimiter in it becomes a space */
	FRAME_ESCAPE, /* the delimiter becomes \n, or \0 when it is NUL */
};

struct frame {
	char delim; /* LF or NUL */
	enum frame_policy policy;
};

/* Whether the LEN bytes at S cannot be written under F. */
static inline bool frame_refuses(const struct frame *f, const char *s, size_t len)
{
	return f->policy == FRAME_ERROR && len && memchr(s, f->delim, len);
}

/* This many bytes suffice for LEN bytes under F. */
static inline size_t frame_size(const struct frame *f, size_t len)
{
	return f->policy == FRAME_ESCAPE ? 2 * len : len;
}

/* Write the LEN bytes at S, which F does not refuse, at P; returns where they end. */
char *frame_put(const struct frame *f, char *p, const char *s, size_t len);

#endif
