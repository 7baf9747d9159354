/* Files that the log of a Delta table names: see audit_delta_impl.h. */
#include <string.h>

#include "common/lake/audit_delta_impl.h"
#include "common/lake/elsewhere.h"
#include "common/lake/json_in.h"

void audit_delta_add(struct audit *a, int64_t version, const char *name, json_t *add)
{
	struct strbuf path = STRBUF_INIT;
	if (elsewhere_is(text_in(add, "path"))) {
		elsewhere_spare(a->delta.spared, text_in(add, "path"));
		a->delta.outside++;
		return;
	}
	if (snapshot_path(add, &path) == 0) /* it may say more of a file that is there */
		json_object_del(a->files, path.s);
	audit_add(a, version, name, add, NULL);
	strbuf_release(&path);
}

void audit_delta_mention(struct audit *a, json_t *action)
{
	struct strbuf path = STRBUF_INIT;
	if (elsewhere_is(text_in(action, "path")))
		elsewhere_spare(a->delta.spared, text_in(action, "path"));
	if (snapshot_path(action, &path) == 0)
		json_object_set_new_nocheck(a->removed, path.s, json_true());
	strbuf_release(&path);
}
