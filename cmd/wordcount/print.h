/* The form in which wordcount prints a word. */
#ifndef WEIR_WORDCOUNT_PRINT_H
#define WEIR_WORDCOUNT_PRINT_H

#include "cmd/wordcount/words.h"
#include "common/stream/filter.h"

enum word_format { FORMAT_TSV, FORMAT_JSON };

/* Write one record.  Returns 0 or FLOW_STOP. */
int word_print(const struct word *word, enum word_format format, struct flow *flow) MUST_CHECK;

#endif
