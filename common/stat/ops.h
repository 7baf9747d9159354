/*
 * The operations of a statistic, as a table: for code that keeps statistics of any type.
 *
 * Layer: stat (uses bytes).  Each type X of common/stat has a table X_ops; bytes.h describes the functions.
 */
#ifndef WEIR_STAT_OPS_H
#define WEIR_STAT_OPS_H

#include "common/stat/bytes.h"

struct stat_ops {
	size_t size;                                 /* of a struct X */
	void (*release)(void *stat);                 /* NULL: it owns nothing */
	void (*merge)(void *into, const void *from); /* NULL: two of them cannot be merged */
	void (*save)(const void *stat, struct strbuf *out);
	int (*load)(void *stat, struct stat_in *in);
};

/* Define X_ops by the four functions of struct X. */
#define STAT_OPS(X)                                                    \
	static void X##_release_any(void *stat)                        \
	{                                                              \
		X##_release(stat);                                     \
	}                                                              \
	static void X##_merge_any(void *into, const void *from)        \
	{                                                              \
		X##_merge(into, from);                                 \
	}                                                              \
	static void X##_save_any(const void *stat, struct strbuf *out) \
	{                                                              \
		X##_save(stat, out);                                   \
	}                                                              \
	static int X##_load_any(void *stat, struct stat_in *in)        \
	{                                                              \
		return X##_load(stat, in);                             \
	}                                                              \
	const struct stat_ops X##_ops = {.size = sizeof(struct X),     \
		.release = X##_release_any,                            \
		.merge = X##_merge_any,                                \
		.save = X##_save_any,                                  \
		.load = X##_load_any}

#endif
