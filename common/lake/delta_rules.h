/*
 * Which Delta tables we can append to, and which entries of other writers make our positions void.
 *
 * Layer: lake (uses entry, jansson).  By Delta Lake's PROTOCOL.md: a writer must refuse a table that needs a feature
 * that it does not know, and must honour those that it knows.  We only append files, so a feature that says what to do
 * with changed or removed rows asks nothing of us, and one about values (constraints, invariants, generated columns) is
 * no obstacle as long as no column has any.
 */
#ifndef WEIR_LAKE_DELTA_RULES_H
#define WEIR_LAKE_DELTA_RULES_H

#include "common/lake/entry.h"

/* The protocols that we write. */
#define DELTA_READER      1
#define DELTA_WRITER      2
#define DELTA_READER_LIST 3 /* from these on features are listed by name */
#define DELTA_WRITER_LIST 7

/*
 * Whether we can append under the action PROTOCOL: 0; or -EINVAL, and the reason is appended to WHY as the end of "the
 * table needs …".
 */
int delta_rules_protocol(json_t *protocol, struct strbuf *why) MUST_CHECK;

/*
 * Whether we can append under the metaData action META, by the format of the files and the table's properties
 * (delta_meta_schema() looks at the columns): 0; or -EINVAL, and the reason is appended to WHY as the end of "the table
 * has …".
 */
int delta_rules_meta(json_t *meta, struct strbuf *why) MUST_CHECK;

/*
 * Why the positions that a table of the id TABLE had before ENTRY, by a foreign writer, say nothing about it any more:
 * appended to WHY, in words, and true.
 */
bool delta_rules_misfit(const struct entry *entry, const char *table, struct strbuf *why);

/* What follows in APP, the appId of a transaction, if it is one of ours: the NAME of an id, or GROUP/TOPIC/PARTITION.
 */
const char *delta_rules_id(const char *app);
const char *delta_rules_position(const char *app);

#endif
