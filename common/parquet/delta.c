/* Whole numbers as differences: see delta.h. */
#include "common/parquet/delta.h"

#include <errno.h>

#include "common/parquet/bits.h"

#define BLOCK_MAX (1u << 24) /* limit for the values of a block */

int delta_begin(struct delta_reader *in, const unsigned char *p, size_t len)
{
	uint64_t block, first;
	*in = (struct delta_reader){.p = p, .end = p + len};
	if (!bits_varint(&in->p, in->end, &block) || !bits_varint(&in->p, in->end, &in->miniblocks) ||
		!bits_varint(&in->p, in->end, &in->count) || !bits_varint(&in->p, in->end, &first))
		return -EBADMSG;
	if (!block || block > BLOCK_MAX || !in->miniblocks || in->miniblocks > block || block % in->miniblocks ||
		block / in->miniblocks % 8)
		return -EBADMSG;
	in->each = block / in->miniblocks;
	in->left = in->count;
	in->value = (uint64_t)bits_unzigzag(first);
	return 0;
}

/* Begin the next miniblock; in the last one the bytes of values that do not exist may be missing. */
static int next_miniblock(struct delta_reader *in)
{
	uint64_t least;
	if (!in->unbegun) {
		if (!bits_varint(&in->p, in->end, &least) || (uint64_t)(in->end - in->p) < in->miniblocks)
			return -EBADMSG;
		in->least = (uint64_t)bits_unzigzag(least);
		in->widths = in->p;
		in->unbegun = in->miniblocks;
		in->p += in->miniblocks;
	}
	in->width = *in->widths++;
	in->unbegun--;
	uint64_t bytes = in->each / 8 * in->width, there = (uint64_t)(in->end - in->p);
	uint64_t values = in->left < in->each ? in->left : in->each;
	if (in->width > 64 || (values * in->width + 7) / 8 > there)
		return -EBADMSG;
	in->mini = in->p;
	in->p += bytes < there ? bytes : there;
	in->mini_end = in->p;
	in->mini_left = in->each;
	in->bit = 0;
	return 0;
}

static inline uint64_t next_difference(struct delta_reader *in)
{
	uint64_t d = in->width ? bits_at(in->mini, in->mini_end, in->bit, in->width) : 0;
	in->bit += in->width;
	return d + in->least;
}

int delta_take(struct delta_reader *in, int64_t *v, size_t n)
{
	size_t i = 0;
	if (n > in->left)
		return -EBADMSG;
	if (n && in->left == in->count) { /* the first value is in the head */
		if (v)
			v[0] = (int64_t)in->value;
		in->left--;
		i = 1;
	}
	while (i < n) {
		if (!in->mini_left && next_miniblock(in) < 0)
			return -EBADMSG;
		size_t some = in->mini_left < n - i ? (size_t)in->mini_left : n - i;
		for (size_t k = 0; k < some; k++) {
			in->value += next_difference(in);
			if (v)
				v[i + k] = (int64_t)in->value;
		}
		in->mini_left -= some;
		in->left -= some;
		i += some;
	}
	return 0;
}

int delta_end(struct delta_reader *in, const unsigned char **ret)
{
	while (in->left) {
		int r = delta_take(in, NULL, in->left < SIZE_MAX ? (size_t)in->left : SIZE_MAX);
		if (r < 0)
			return r;
	}
	*ret = in->p;
	return 0;
}
