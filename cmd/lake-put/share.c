/* The parts that tables have of a commit: see share.h. */
#include "share.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

void share_take(const struct sink_commit *commit, const char *topic, struct share *ret)
{
	*ret = (struct share){.positions = xcalloc(commit->count + commit->stay, sizeof *ret->positions)};
	for (size_t i = 0; i < commit->count + commit->stay; i++) {
		const struct position *p = &commit->positions[i];
		if (strcmp(p->topic, topic) != 0)
			continue;
		ret->positions[ret->count + ret->stay] = *p;
		*(i < commit->count ? &ret->count : &ret->stay) += 1;
		ret->read += p->records;
	}
}

void share_release(struct share *share)
{
	free(share->positions);
	*share = (struct share){0};
}

int share_check(const struct share *share, const char *topic, uint64_t rows, bool exact, struct strbuf *err)
{
	if (rows && !share->count)
		strbuf_addf(err,
			"%" PRIu64
			" %s for the topic '%s', of which no position moves: what is upstream changes the field "
			"that names the table, or holds rows back",
			rows, diag_plural(rows, "row is", "rows are"), topic);
	else if (exact && rows != share->read)
		strbuf_addf(err,
			"the table has %" PRIu64 " %s of the %" PRIu64 " %s of the topic '%s': what is upstream "
			"changes the field that names the table",
			rows, diag_plural(rows, "row", "rows"), share->read,
			diag_plural(share->read, "record", "records"), topic);
	else
		return 0;
	return -EBADMSG;
}

bool share_moves(const struct mark_ranges *ranges, const char *topic)
{
	for (size_t i = 0; i < ranges->count; i++)
		if (ranges->items[i].from != ranges->items[i].to && strcmp(ranges->items[i].topic, topic) == 0)
			return true;
	return false;
}
