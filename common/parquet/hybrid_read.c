/* Run lengths and bit packing, read: see hybrid.h. */
#include <errno.h>
#include <string.h>

#include "common/parquet/bits.h"
#include "common/parquet/hybrid.h"

#define GROUP 8

void hybrid_begin(struct hybrid_reader *in, const unsigned char *p, size_t len, unsigned width)
{
	*in = (struct hybrid_reader){.p = p, .end = p + len, .width = width, .after = p};
}

static int malformed(struct hybrid_reader *in)
{
	in->after = in->end;
	in->run = in->packed = 0;
	return -EBADMSG;
}

/* Read the head of a run or of packed groups; there are none left of those before.  -EBADMSG */
static int next(struct hybrid_reader *in)
{
	uint64_t head, bytes;
	in->p = in->after;
	in->bit = 0;
	if (!bits_varint(&in->p, in->end, &head) || head < 2 || head >> 32)
		return malformed(in);
	if (head & 1) {
		uint64_t there = (uint64_t)(in->end - in->p);
		in->packed = (head >> 1) * GROUP;
		bytes = (head >> 1) * in->width;
		if (bytes > there) { /* some writers leave out the padding of the last group */
			in->packed = there * 8 / in->width;
			bytes = there;
		}
		in->after = in->p + bytes;
		return in->packed ? 0 : malformed(in);
	}
	bytes = (in->width + 7) / 8;
	if ((uint64_t)(in->end - in->p) < bytes)
		return malformed(in);
	in->value = 0;
	for (size_t i = 0; i < bytes; i++)
		in->value |= (uint32_t)*in->p++ << 8 * i;
	in->after = in->p;
	if (in->width < 32 && in->value >> in->width)
		return malformed(in);
	in->run = head >> 1;
	return 0;
}

/* How many of the next N values lie together in one run or in packed groups; 0: the input is malformed. */
static size_t together(struct hybrid_reader *in, size_t n)
{
	if (!in->run && !in->packed && next(in) < 0)
		return 0;
	uint64_t have = in->run ? in->run : in->packed;
	return have < n ? (size_t)have : n;
}

/* N values have been taken of those together. */
static void pass(struct hybrid_reader *in, size_t n)
{
	if (in->run) {
		in->run -= n;
	} else {
		in->packed -= n;
		in->bit += (uint64_t)n * in->width;
	}
}

/* A group of values of up to 14 bits: four of them, and 4 bits before them, fit into a word.  Up to 15 bytes are read.
 */
static inline void unpack(const unsigned char *p, unsigned width, uint32_t v[GROUP])
{
	const uint32_t mask = (UINT32_C(1) << width) - 1;
	uint64_t a, b;
	memcpy(&a, p, 8);
	memcpy(&b, p + width / 2, 8);
	b >>= width % 2 * 4;
	for (unsigned k = 0; k < 4; k++) {
		v[k] = (uint32_t)(a >> k * width) & mask;
		v[4 + k] = (uint32_t)(b >> k * width) & mask;
	}
}

/*
 * N packed values.  By groups where they begin with a byte and nothing is read beyond the end: 10 M rows of 20 columns,
 * of which 1 % are wanted, take a tenth less CPU time than value by value.
 */
static void take_packed(const struct hybrid_reader *in, uint32_t *v, size_t n)
{
	for (size_t i = 0; i < n;) {
		uint64_t bit = in->bit + i * in->width;
		const unsigned char *p = in->p + bit / 8;
		if (bit % 8 == 0 && in->width <= 14 && n - i >= GROUP && in->end - p >= 16) {
			unpack(p, in->width, v + i);
			i += GROUP;
		} else {
			v[i++] = (uint32_t)bits_at(in->p, in->end, bit, in->width);
		}
	}
}

int hybrid_take(struct hybrid_reader *in, uint32_t *v, size_t n)
{
	while (n) {
		size_t some = together(in, n);
		if (!some)
			return -EBADMSG;
		const uint32_t value = in->value;
		if (in->run || !in->width)
			for (size_t i = 0; i < some; i++)
				v[i] = in->run ? value : 0;
		else
			take_packed(in, v, some);
		pass(in, some);
		v += some;
		n -= some;
	}
	return 0;
}

int hybrid_take_levels(struct hybrid_reader *in, uint8_t *v, size_t n)
{
	while (n) {
		size_t some = together(in, n);
		if (!some)
			return -EBADMSG;
		if (in->run || !in->width)
			memset(v, in->run ? (int)in->value : 0, some);
		else
			for (size_t i = 0; i < some; i++)
				v[i] = (uint8_t)bits_at(in->p, in->end, in->bit + i * in->width, in->width);
		pass(in, some);
		v += some;
		n -= some;
	}
	return 0;
}

int hybrid_skip(struct hybrid_reader *in, size_t n)
{
	while (n) {
		size_t some = together(in, n);
		if (!some)
			return -EBADMSG;
		pass(in, some);
		n -= some;
	}
	return 0;
}

bool hybrid_take_run(struct hybrid_reader *in, uint32_t value, size_t n)
{
	if (!in->run && !in->packed) {
		struct hybrid_reader before = *in;
		if (next(in) < 0)
			*in = before;
	}
	if (in->run < n || in->value != value)
		return false;
	in->run -= n;
	return true;
}

/* Count those of N packed values that are VALUE. */
static int count_packed(struct hybrid_reader *in, size_t n, uint32_t value, size_t *count, uint32_t *greatest)
{
	uint8_t v[256];
	while (n) {
		size_t some = n < sizeof v ? n : sizeof v;
		if (hybrid_take_levels(in, v, some) < 0)
			return -EBADMSG;
		for (const uint8_t *p = v; p < v + some; p++) {
			*count += *p == value;
			*greatest = *p > *greatest ? *p : *greatest;
		}
		n -= some;
	}
	return 0;
}

int hybrid_count(const struct hybrid_reader *in, size_t n, uint32_t value, size_t *ret_count, uint32_t *ret_greatest)
{
	struct hybrid_reader copy = *in;
	size_t count = 0;
	uint32_t greatest = 0;
	while (n) {
		size_t some = together(&copy, n);
		if (!some)
			return -EBADMSG;
		if (copy.run) {
			count += copy.value == value ? some : 0;
			greatest = copy.value > greatest ? copy.value : greatest;
			pass(&copy, some);
		} else if (count_packed(&copy, some, value, &count, &greatest) < 0) {
			return -EBADMSG;
		}
		n -= some;
	}
	*ret_count = count;
	*ret_greatest = greatest;
	return 0;
}
