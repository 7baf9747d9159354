/*
 * Schemas as Delta Lake writes them: the JSON in `schemaString` of a metaData action.
 *
 * Layer: data (uses schema; jansson).  Source: delta-io/delta, PROTOCOL.md, "Schema Serialization Format".  The
 * metadata of a field has its id, as `weir.field.id`, its unit, as `weir.unit`, and the ids of elements, keys and
 * values below it, as `weir.field.nested.ids`.
 */
#ifndef WEIR_DATA_SCHEMA_DELTA_H
#define WEIR_DATA_SCHEMA_DELTA_H

#include "common/data/schema.h"

/*
 * Read the LEN bytes at JSON into S. Fields without an id get one, depth first, above all others.  Returns 0; or, with
 * the reason and the column in ERR and S untouched, -EINVAL: it is not such JSON; -ENOTSUP: it has a type that weir
 * does not read.
 */
int schema_from_delta(struct schema *s, const char *json, size_t len, struct strbuf *err) MUST_CHECK;

/* Append the JSON of S, compact. */
void schema_to_delta(const struct schema *s, struct strbuf *out);

/*
 * Whether rows can be appended to a table of schema S, even if another engine has made the table.  False: ERR names
 * each column that has something in its metadata that a writer must honour and weir does not (column mapping,
 * invariants, generated and identity columns, char(n) and varchar(n), defaults, collations).
 */
bool schema_delta_appendable(const struct schema *s, struct strbuf *err) MUST_CHECK;

/* Bytes in names that not all readers of Delta accept without column mapping. */
#define SCHEMA_DELTA_REFUSED " ,;{}()\n\t="

/*
 * Whether all readers of Delta accept a table of schema S. False: ERR names a column whose name has one of
 * SCHEMA_DELTA_REFUSED.
 */
bool schema_delta_creatable(const struct schema *s, struct strbuf *err) MUST_CHECK;

/* Whether S has a timestamp without zone, for which a table needs the feature timestampNtz (protocol 3/7). */
bool schema_delta_needs_ntz(const struct schema *s);

#endif
