/* Private to the writer: writer.c (partitions and their files), writer_blocks.c (records that wait for compression). */
#ifndef WEIR_LAKE_WRITER_IMPL_H
#define WEIR_LAKE_WRITER_IMPL_H

#include "common/base/arena.h"
#include "common/lake/part_index.h"
#include "common/lake/writer.h"

/*
 * 4 KiB with its link and malloc's header.  Blocks are small so that each of thousands of partitions can have one: with
 * 64 MiB, writing to 10,000 partitions in turn took 56 s of CPU with blocks of 32 KiB, and 1.8 s with these.  With few
 * partitions there is no difference.
 */
#define BLOCK_DATA ((4u << 10) - 16)

struct block {
	struct block *next;
	char data[BLOCK_DATA];
};

struct part {
	struct lake_file file; /* first: writer_finish() hands out pointers to it */
	struct writer *writer;
	struct stage *stage; /* NULL: nothing was flushed yet */
	struct block *first, *last;
	size_t bytes, used; /* raw bytes that are buffered, and how many of them are in the last block */
	char **values;
	char *dir;
	bool named; /* the path is complete */
};

struct writer_pool {
	struct codec *codec;
	struct block *free;
	size_t blocks, max_blocks;
	struct writer *writers; /* linked by their `next` */
};

struct writer {
	struct writer_config config;
	struct writer_pool *pool, *own_pool; /* the second: freed with the writer, or NULL */
	struct writer *next;                 /* in the pool */
	struct part **parts;
	size_t nparts, cap;
	size_t done;                         /* parts of earlier commits; the numbers in file names go on from there */
	struct part_index units, keys, dirs; /* by layout_unit() or, with fields, layout_key(); by directory */
	struct arena key_texts;              /* of keys */
	bool direct;                         /* there is one partition, and its records are compressed as they come */
	int64_t last_unit; /* the last result of writer_part(): successive records are mostly in the same partition */
	struct strbuf key, last_key;
	struct part *last_part;
};

/* Free a list of blocks. */
void blocks_free(struct block *b);

/* Compress the rest of PART and note what goes into the log.  Errors of the store and the codec. */
int part_complete(struct part *part, struct strbuf *err) MUST_CHECK;

#endif
