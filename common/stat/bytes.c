#include "common/stat/bytes.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define NAN_BITS 0x7ff8000000000000u

void stat_put_u64(struct strbuf *out, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		strbuf_addch(out, (char)(v | 0x80));
	strbuf_addch(out, (char)v);
}

void stat_put_i64(struct strbuf *out, int64_t v)
{
	stat_put_u64(out, (uint64_t)v << 1 ^ (uint64_t)(v < 0 ? -1 : 0));
}

void stat_put_double(struct strbuf *out, double v)
{
	uint64_t bits = NAN_BITS;
	unsigned char le[8];

	if (!isnan(v))
		memcpy(&bits, &v, sizeof(bits));
	for (int i = 0; i < 8; i++)
		le[i] = (unsigned char)(bits >> 8 * i);
	strbuf_add(out, le, sizeof(le));
}

void stat_put_bytes(struct strbuf *out, const void *s, size_t len)
{
	stat_put_u64(out, len);
	strbuf_add(out, s, len);
}

int stat_get_u64(struct stat_in *in, uint64_t *ret)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		if (in->s == in->end)
			return -EBADMSG;
		unsigned char c = *in->s++;
		if (shift == 63 && c > 1)
			return -EBADMSG; /* more than 64 bits */
		v |= (uint64_t)(c & 0x7f) << shift;
		if (c < 0x80) {
			if (c == 0 && shift > 0)
				return -EBADMSG; /* longer than needed */
			*ret = v;
			return 0;
		}
	}
	return -EBADMSG;
}

int stat_get_i64(struct stat_in *in, int64_t *ret)
{
	uint64_t v;

	if (stat_get_u64(in, &v) < 0)
		return -EBADMSG;
	*ret = (int64_t)(v >> 1 ^ (0 - (v & 1)));
	return 0;
}

int stat_get_double(struct stat_in *in, double *ret)
{
	uint64_t bits = 0;
	double v;

	if (in->end - in->s < 8)
		return -EBADMSG;
	for (int i = 0; i < 8; i++)
		bits |= (uint64_t)in->s[i] << 8 * i;
	memcpy(&v, &bits, sizeof(v));
	if (isnan(v) && bits != NAN_BITS)
		return -EBADMSG;
	in->s += 8;
	*ret = v;
	return 0;
}

int stat_get_bytes(struct stat_in *in, const unsigned char **ret_s, size_t *ret_len)
{
	uint64_t len;

	if (stat_get_u64(in, &len) < 0 || len > (size_t)(in->end - in->s))
		return -EBADMSG;
	*ret_s = in->s;
	*ret_len = (size_t)len;
	in->s += len;
	return 0;
}
