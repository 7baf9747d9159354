/*
 * The loops of byteset over blocks of 64 bytes, included once per level with these defined:
 *   TARGET                     attribute of the functions that may use the level's instructions
 *   BLOCK_MASK(set, s)         bit i: byte i of the 64 at S is a member
 *   BLOCK_REWRITE(set, s, how, out)  the same, and the rewritten block is stored at OUT
 *   BLOCK_COPY(out, s)         copy 64 bytes
 */
#include <string.h>

/*
 * Append BASE + the position of each set bit of MASK; bits are handled in groups of eight, with one branch per group.
 */
TARGET static inline uint32_t *flatten(uint32_t *pos, uint32_t base, uint64_t mask)
{
	uint32_t *end = pos + __builtin_popcountll(mask);
	for (; mask; pos += 8) {
#pragma GCC unroll 8
		for (int i = 0; i < 8; i++) {
			/*
			 * The top bit is set so that a mask without bits left still gives a position; it is
			 * overwritten.
			 */
			pos[i] = base + (uint32_t)__builtin_ctzll(mask | 1ull << 63);
			mask &= mask - 1;
		}
	}
	return end;
}

/* The mask of the last, incomplete block, of which the first N bytes count. */
static inline uint64_t low_bits(size_t n)
{
	return n < 64 ? (1ull << n) - 1 : ~0ull;
}

TARGET static size_t find(const struct byteset *set, const char *s, size_t len, uint32_t *pos)
{
	uint32_t *end = pos;
	for (size_t i = 0; i < len; i += 64)
		end = flatten(end, (uint32_t)i, BLOCK_MASK(set, s + i) & low_bits(len - i));
	return (size_t)(end - pos);
}

TARGET static size_t edges(const struct byteset *set, const char *s, size_t len, bool *in_run, uint32_t *pos)
{
	uint32_t *end = pos;
	uint64_t carry = *in_run;
	for (size_t i = 0; i < len; i += 64) {
		uint64_t mask = BLOCK_MASK(set, s + i);
		end = flatten(end, (uint32_t)i, (mask ^ (mask << 1 | carry)) & low_bits(len - i));
		carry = len - i < 64 ? mask >> (len - i - 1) & 1 : mask >> 63;
	}
	*in_run = carry;
	return (size_t)(end - pos);
}

/*
 * Copy those of the 64 bytes at S whose bit in KEEP is set; at least one bit is not.  Returns the end.  A run is copied
 * as a whole block, whose tail the next run overwrites.
 */
TARGET static char *compact(char *out, const char *s, uint64_t keep)
{
	while (keep) {
		int from = __builtin_ctzll(keep);
		int run = __builtin_ctzll(~(keep >> from));
		BLOCK_COPY(out, s + from);
		out += run;
		if (from + run >= 64)
			break;
		keep &= ~0ull << (from + run);
	}
	return out;
}

TARGET static size_t squeeze(
	const struct byteset *set, const char *s, size_t len, struct byteset_rewrite how, bool *in_run, char *out)
{
	char *p = out;
	uint64_t carry = *in_run;
	char block[128]; /* compact() reads the second half; what it writes from it is overwritten */
	memset(block, 0, sizeof block);
	for (size_t i = 0; i < len; i += 64) {
		uint64_t mask = BLOCK_REWRITE(set, s + i, how, p);
		uint64_t drop = mask & (mask << 1 | carry);
		if (drop || len - i < 64) {
			BLOCK_COPY(block, p);
			p = compact(p, block, ~drop & low_bits(len - i));
		} else {
			p += 64;
		}
		carry = len - i < 64 ? mask >> (len - i - 1) & 1 : mask >> 63;
	}
	*in_run = carry;
	return (size_t)(p - out);
}
