/* Shredding: what is wrong with a column's value.  See shred_impl.h. */
#include "common/base/visible.h"
#include "common/parquet/shred_impl.h"

#define SHOWN_MAX 64 /* bytes of a value in a message */

bool shred_refuse_value(struct shred *sh, const struct shred_node *node, const char *s, size_t len, const char *why)
{
	sh->status = -EINVAL;
	strbuf_addstr(sh->err, "column ");
	schema_path(sh->schema, node->field, sh->err);
	strbuf_addstr(sh->err, ": ");
	visible_add_start(sh->err, s, len, SHOWN_MAX);
	strbuf_addf(sh->err, " %s", why);
	return false;
}

bool shred_refuse_null(struct shred *sh, const struct shred_node *node)
{
	sh->status = -EINVAL;
	strbuf_addstr(sh->err, "column ");
	schema_path(sh->schema, node->field, sh->err);
	strbuf_addstr(sh->err, ": it is null or missing, and must not be");
	return false;
}
