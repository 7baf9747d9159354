/*
 * The files of one commit while they are being written: one for each partition, any number of partitions, and one
 * memory budget.
 *
 * Layer: lake (uses store, codec, layout).  The records of a partition are gathered, uncompressed, in blocks of a
 * common pool, and are compressed as a frame when there are CHUNK bytes.  When the pool is used up, the partition that
 * holds the most is compressed and its blocks are freed.  So there is only one compression context, however many
 * partitions are open (at zstd's level 3 it takes 3 MB), and the frames stay long: with NDJSON, chunks of 512 KiB
 * compressed as well as one frame, and chunks of 32 KiB 2 to 3 % worse.  The records of a table without partitions are
 * compressed as they come, in one frame, without being copied, unless several tables are written at once: their writers
 * share a pool.
 */
#ifndef WEIR_LAKE_WRITER_H
#define WEIR_LAKE_WRITER_H

#include "common/lake/codec.h"
#include "common/lake/entry.h"
#include "common/lake/layout.h"
#include "common/lake/store.h"

struct part;
struct writer;
struct writer_pool;

/* What writers share: a compression context and the blocks, of MEMORY bytes that the program may use in all. */
struct writer_pool_config {
	struct codec_spec codec;
	uint64_t memory;
};

/* -EINVAL with the reason in ERR when the codec is not available, or does not fit into the memory. */
int writer_pool_new(const struct writer_pool_config *config, struct writer_pool **ret, struct strbuf *err) MUST_CHECK;

/* After its writers; POOL may be NULL. */
void writer_pool_free(struct writer_pool *pool);

struct writer_config {
	struct store *store; /* borrowed, like layout and pool */
	struct layout *layout;
	struct writer_pool *pool; /* of the writers of several tables; NULL: the writer makes one of its own */
	struct codec_spec codec;  /* that of the pool, too */
	uint64_t memory;          /* bytes that the whole program may use; not with a pool */
	const char *uuid;         /* in the names of the files; borrowed */
	/* the part of file names that shows the format, without a dot; NULL: the first record decides; borrowed */
	const char *suffix;
	char delim; /* of records */
};

/* Errors of writer_pool_new(). */
int writer_new(const struct writer_config *config, struct writer **ret_writer, struct strbuf *err) MUST_CHECK;

/* Frees WRITER.  Its stages remain, so discard them before unless they are committed. */
void writer_free(struct writer *writer);

/*
 * The partition of a record with the time T and, if the layout names fields, these VALUES of theirs.  -EINVAL: a value
 * can be no name; -ENAMETOOLONG; with the reason in ERR.
 */
int writer_part(struct writer *writer, const struct timespec *t, const struct value *values, struct part **ret_part,
	struct strbuf *err) MUST_CHECK;

/* The partition in which all columns have the value VALUE. */
int writer_part_constant(
	struct writer *writer, const char *value, struct part **ret_part, struct strbuf *err) MUST_CHECK;

/* Append LEN bytes to a partition.  Errors of the store and the codec. */
int writer_put(struct writer *writer, struct part *part, const char *s, size_t len, struct strbuf *err) MUST_CHECK;

/* Note that RECORDS more records were put. */
void part_count(struct part *part, uint64_t records);

/*
 * Everything was put: compress the rest, and make all files durable.  *ret_files, like the files, belongs to WRITER.
 * Nothing may be put afterwards.
 */
int writer_finish(
	struct writer *writer, struct lake_file ***ret_files, size_t *ret_count, struct strbuf *err) MUST_CHECK;

/* The files of writer_finish() are committed: begin the files of the next commit. */
void writer_next(struct writer *writer);

/* Discard all stages; the first error is returned, later ones are ignored. */
int writer_discard(struct writer *writer, struct strbuf *err) MUST_CHECK;

#endif
