/* Private to byteset*.c: one table of kernels per level. */
#ifndef WEIR_BASE_BYTESET_IMPL_H
#define WEIR_BASE_BYTESET_IMPL_H

#include "common/base/byteset.h"

/* How squeeze rewrites a byte. */
struct byteset_rewrite {
	uint8_t delim;
	bool lower;
};

struct byteset_ops {
	size_t (*find)(const struct byteset *set, const char *s, size_t len, uint32_t *pos);
	size_t (*edges)(const struct byteset *set, const char *s, size_t len, bool *in_run, uint32_t *pos);
	size_t (*squeeze)(const struct byteset *set, const char *s, size_t len, struct byteset_rewrite how,
		bool *in_run, char *out);
};

extern const struct byteset_ops byteset_portable;
#if defined(__x86_64__)
extern const struct byteset_ops byteset_sse2, byteset_avx2;
#endif

#endif
