/* Where records came from: see sink_places.h. */
#include "common/stream/sink_places.h"

#include <stdlib.h>

#include "common/base/alloc.h"

void sink_places_add(struct sink_places *p, uint64_t nr, const struct sink_place *place)
{
	const struct sink_places_run *last = p->count ? &p->all[p->count - 1] : NULL;
	if (last && last->place.input == place->input && last->place.batch == place->batch &&
		last->place.record + (nr - last->first) == place->record)
		return;
	p->all = xroom(p->all, p->count, sizeof *p->all);
	p->all[p->count++] = (struct sink_places_run){nr, *place};
}

struct sink_place sink_places_find(const struct sink_places *p, uint64_t nr)
{
	size_t low = 0, high = p->count;
	if (!p->count)
		return (struct sink_place){0};
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (p->all[middle].first <= nr)
			low = middle;
		else
			high = middle;
	}
	struct sink_place place = p->all[low].place;
	place.record += nr - p->all[low].first;
	return place;
}

void sink_places_release(struct sink_places *p)
{
	free(p->all);
	*p = (struct sink_places){0};
}
