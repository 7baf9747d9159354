/* Shredding: what is wrong with a column's value.  See shred_impl.h. */
#include "common/base/visible.h"
#include "common/data/utf8.h"
#include "common/parquet/shred_impl.h"

#define SHOWN_MAX 64 /* bytes of a value in a message */

bool shred_refuse_value(struct shred *sh, const struct shred_node *node, const char *s, size_t len, const char *why)
{
	struct strbuf shown = STRBUF_INIT;

	utf8_add_valid(&shown, s, len < SHOWN_MAX + 4 ? len : SHOWN_MAX + 4);
	sh->status = -EINVAL;
	strbuf_addstr(sh->err, "column ");
	schema_path(sh->schema, node->field, sh->err);
	strbuf_addstr(sh->err, ": ");
	visible_add_start(sh->err, shown.s, shown.len, SHOWN_MAX);
	strbuf_addf(sh->err, " %s", why);
	strbuf_release(&shown);
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
