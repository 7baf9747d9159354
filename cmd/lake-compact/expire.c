/* Which files are too old: see compact.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/alloc.h"
#include "common/data/schema_delta.h"
#include "common/lake/age.h"
#include "common/lake/json_in.h"
#include "compact.h"
#include "span.h"

/* Partitions by PATTERN, or by a list of columns and transforms; what cannot be read tells nothing of times. */
static int read_layout(struct expire *e, const char *pattern, const char *zone, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	int r = partition_by_is(pattern) ? layout_init_by(&e->layout, pattern, &why)
					 : layout_init(&e->layout, pattern, &why);
	if (r == 0 && zone && strcmp(zone, "UTC") != 0)
		r = time_zone_set(zone);
	if (r < 0)
		strbuf_addf(err, "the table's partitions, '%s' in the zone '%s', cannot be read%s%s", pattern,
			zone ? zone : "UTC", why.len ? ": it " : "", why.s);
	strbuf_release(&why);
	return r;
}

int expire_init(const struct compact *c, struct expire *ret, struct strbuf *err)
{
	const char *pattern = text_in(c->log.state, "pattern");
	*ret = (struct expire){.before_ms = store_now_ms(c->store) - c->opt->expire_ms};
	if (!pattern || !c->layout.count)
		return 0;
	int r = read_layout(ret, pattern, text_in(c->log.state, "zone"), err);
	ret->by_time = r == 0 && ret->layout.count == c->layout.count;
	return r;
}

void expire_release(struct expire *e)
{
	layout_release(&e->layout);
}

bool expire_is_due(const struct expire *e, const struct table_file *file)
{
	int64_t end;
	if (e->by_time && span_end(&e->layout, file->values, &end))
		return end * 1000 <= e->before_ms;
	return file->modified_ms && file->modified_ms <= e->before_ms;
}
