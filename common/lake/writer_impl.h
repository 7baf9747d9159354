/* Private to the writer: writer.c (partitions and their files), writer_blocks.c (the records on their way there). */
#ifndef WEIR_LAKE_WRITER_IMPL_H
#define WEIR_LAKE_WRITER_IMPL_H

#include "common/lake/part_index.h"
#include "common/lake/writer.h"

/*
 * 4 KiB with its link and malloc's header.  Small, so that thousands of partitions can have one each: 10,000 partitions
 * taken in turn needed 56 s of CPU within 64 MiB with blocks of 32 KiB, and 1.8 s with these; with few partitions there
 * is no difference.
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
	size_t bytes, used; /* raw bytes that are buffered; those in the last block */
	char **values;
	char *dir;
	bool named; /* the path is complete */
};

struct writer {
	struct writer_config config;
	struct codec *codec;
	struct block *free;
	size_t blocks, max_blocks;
	struct part **parts;
	size_t nparts, cap;
	size_t done; /* parts of earlier commits; the numbers in file names go on from there */
	struct part_index units, dirs;
	bool direct;       /* one partition, compressed as it comes */
	int64_t last_unit; /* of writer_part(): records mostly stay in a partition */
	struct part *last_part;
};

/* Free a list of blocks. */
void blocks_free(struct block *b);

/* Compress the rest of PART and note what goes into the log.  Errors of the store and the codec. */
int part_complete(struct part *part, struct strbuf *err) MUST_CHECK;

#endif
