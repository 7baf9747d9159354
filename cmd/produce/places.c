/* Which record of which input a record is: see places.h. */
#include "cmd/produce/places.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/base/alloc.h"

static void add(struct places *p, const char *input, uint64_t before, uint64_t number)
{
	if (p->count == p->room) {
		p->room = p->room ? 2 * p->room : 16;
		p->all = xreallocarray(p->all, p->room, sizeof *p->all);
	}
	p->all[p->count++] = (struct produce_place){input, before, number};
}

void places_begin(struct places *p, const char *input, uint64_t before)
{
	add(p, input, before, 0);
}

static uint64_t number_at(const struct produce_place *place, uint64_t record)
{
	return record - place->before + place->number;
}

uint64_t places_next(const struct places *p, uint64_t before)
{
	return number_at(&p->all[p->count - 1], before + 1);
}

void places_skip(struct places *p, uint64_t before)
{
	struct produce_place *last = &p->all[p->count - 1];
	const uint64_t number = places_next(p, before);

	if (last->before < before)
		add(p, last->input, before, number);
	else
		last->number = number; /* one after another: no run lies between */
}

void places_describe(const struct places *p, uint64_t record, struct strbuf *text)
{
	size_t i = p->count;

	while (i && p->all[i - 1].before >= record)
		i--;
	if (i)
		strbuf_addf(text, "record %" PRIu64 " of %s", number_at(&p->all[i - 1], record), p->all[i - 1].input);
}

void places_forget(struct places *p)
{
	if (p->count > 1)
		p->all[0] = p->all[p->count - 1];
	p->count = p->count > 0;
}

void places_release(struct places *p)
{
	free(p->all);
	*p = (struct places){0};
}
