/* Heads of Bloom filters: see bloom.h. */
#include <errno.h>

#include "common/parquet/bloom.h"
#include "common/parquet/reader_impl.h"

#define FILTER_MAX (128 << 20) /* bytes, as in other readers */

int pq_bloom_head_read(const void *data, size_t len, struct pq_bloom_head *ret)
{
	struct thrift_in t = {data, (const unsigned char *)data + len, false};
	struct thrift_field field = {0};
	int64_t size = 0;
	bool known = true;
	while (thrift_next(&t, &field)) {
		if (field.id == 1)
			size = thrift_get_int(&t, field.type);
		else if (field.id <= 4) /* split blocks, xxHash, uncompressed: each is the first member of a union */
			known &= pq_get_union(&t, field.type) == 1;
		else
			thrift_skip(&t, field.type);
	}
	if (t.bad || size < PQ_BLOOM_BLOCK || size > FILTER_MAX || size % PQ_BLOOM_BLOCK)
		return -EBADMSG;
	if (!known)
		return -ENOTSUP;
	*ret = (struct pq_bloom_head){(size_t)(t.p - (const unsigned char *)data), (size_t)size / PQ_BLOOM_BLOCK};
	return 0;
}
