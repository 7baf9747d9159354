/*
 * The text that weir commits with an offset of a group, its metadata.
 *
 * Layer: kafka (uses base; chain, mark_offsets of stream; jansson).  `weir:TABLE` names the table that has the records
 * before the offset; the offset is then a copy of what the table knows.  Of a sink that keeps its positions in the
 * group, the text is the rest of the position, too, after a blank:
 *     weir:topic:buys {"last":[1700000000000,"89abcdef",41],"cut":["0123456789abcdef",17],"parts":4}
 * with `last`, `cut` and `parts` as in marks, each where it is known.  Text without the prefix is by another program.
 */
#ifndef WEIR_KAFKA_OFFSET_TEXT_H
#define WEIR_KAFKA_OFFSET_TEXT_H

#include "common/base/strbuf.h"
#include "common/stream/chain.h"

/* Append the text for a copy of the position of TABLE. */
void offset_text_add_copy(struct strbuf *out, const char *table);

/* Append the text for P, the position of TABLE. */
void offset_text_add(struct strbuf *out, const char *table, const struct position *p);

/* The id of the table in the LEN bytes at S (may be NULL), *ret_len bytes; NULL when the text is not ours. */
const char *offset_text_table(const char *s, size_t len, size_t *ret_len);

/*
 * Whether the text is that of a position of TABLE.  If it is, set cut, has_last, last_ms, last_crc, last_offset and
 * topic_parts of RANGE, as far as it says them.
 */
bool offset_text_read(const char *s, size_t len, const char *table, struct mark_range *range);

#endif
