/* Private to the writer of Delta tables: delta_writer.c (partitions and their files), delta_pool.c (memory). */
#ifndef WEIR_LAKE_DELTA_WRITER_IMPL_H
#define WEIR_LAKE_DELTA_WRITER_IMPL_H

#include "common/lake/delta_writer.h"
#include "common/lake/part_index.h"

struct delta_part {
	struct lake_file file; /* must be first: delta_writer_finish() returns pointers to it */
	struct delta_writer *writer;
	struct pq_columns *columns;
	struct pq_writer *parquet;
	struct stage *stage; /* NULL: nothing was written yet */
	char **values;
	char *dir;
	struct strbuf stats;
	size_t bytes;  /* bytes of memory when last measured */
	bool complete; /* the file is complete: `columns` and `parquet` are freed */
	bool published;
};

struct delta_pool {
	struct pq_codec *codec;
	uint64_t memory;              /* bytes that all columns may have */
	uint64_t bytes;               /* and have, of all writers */
	struct delta_writer *writers; /* linked by their `next` */
};

struct delta_writer {
	struct delta_writer_config config;
	struct delta_pool *pool, *own_pool; /* the second: freed with the writer, or NULL */
	struct delta_writer *next;          /* in the pool */
	struct delta_part **parts;
	size_t nparts, cap;
	size_t files; /* begun so far, by all commits: the number in the next one's name, without config.number */
	struct part_index dirs;
};

/*
 * PART's columns have another record: if they, or all columns together, are too large, make a row group of some.  *RET
 * is a partition that is to go on in another file, or NULL.  Errors of pq_writer_flush().
 */
int delta_pool_row(struct delta_part *part, struct delta_part **ret, struct strbuf *err) MUST_CHECK;

/* PART has no columns any more, or goes: give back the memory that it had. */
void delta_pool_forget(struct delta_part *part);

#endif
