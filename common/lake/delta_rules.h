/*
 * Which Delta tables we can append to, and which entries of other writers make our positions void.
 *
 * Layer: lake (uses entry, jansson).  By Delta Lake's PROTOCOL.md: a writer must refuse a table that needs a feature
 * that it does not know, and must honour those that it knows.  We only append files, so a feature about changed or
 * removed rows requires nothing of us.  A feature about values (constraints, invariants, generated columns) does not
 * prevent us from appending as long as no column uses it.
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
 * Whether ENTRY, by a foreign writer, makes the positions that the table with the id TABLE had before it void.  If so,
 * the reason is appended to WHY.
 */
bool delta_rules_misfit(const struct entry *entry, const char *table, struct strbuf *why);

/*
 * Whether ENTRY replaces the table's rows as a whole, by the name of its operation (RESTORE, REPLACE TABLE, CLONE and
 * the like), so that what it adds may have been there before.
 */
bool delta_rules_replaces(const struct entry *entry);

/*
 * The rest of APP, the appId of a transaction, if that belongs to weir: the NAME of an id, or GROUP/TOPIC/PARTITION;
 * otherwise NULL.
 */
const char *delta_rules_id(const char *app);
const char *delta_rules_position(const char *app);

#endif
