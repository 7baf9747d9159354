/* The forms of rows as text: see text.h. */
#ifndef WEIR_PARQUET_TEXT_FORMAT_H
#define WEIR_PARQUET_TEXT_FORMAT_H

enum pq_text_format { PQ_TEXT_JSON, PQ_TEXT_TSV, PQ_TEXT_CSV };

#endif
