/* Indexes of pages: see page_index.h. */
#include "common/parquet/page_index.h"

#include <errno.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/parquet/thrift.h"

static void read_place(struct thrift_in *t, struct pq_page_place *place)
{
	struct thrift_field field = {0};
	int64_t number[3] = {0};
	while (thrift_next(t, &field)) {
		if (field.id <= 3)
			number[field.id - 1] = thrift_get_int(t, field.type);
		else
			thrift_skip(t, field.type);
	}
	if (number[0] < 0 || number[1] < 0 || number[2] < 0)
		t->bad = true;
	*place = (struct pq_page_place){(uint64_t)number[0], (uint64_t)number[1], (uint64_t)number[2]};
}

static void read_places(struct thrift_in *t, enum thrift_type type, uint64_t rows, struct pq_places *ret)
{
	size_t count = thrift_get_list(t, type, THRIFT_STRUCT);
	if (ret->page) {
		t->bad = true;
		return;
	}
	ret->page = xcalloc(count, sizeof *ret->page);
	for (; ret->count < count && !t->bad; ret->count++) {
		struct pq_page_place *place = &ret->page[ret->count];
		read_place(t, place);
		if (place->row >= rows || (ret->count ? place->row < place[-1].row : place->row > 0))
			t->bad = true;
	}
}

int pq_places_read(const void *data, size_t len, uint64_t rows, struct pq_places *ret)
{
	struct thrift_in t = {data, (const unsigned char *)data + len, false};
	struct thrift_field field = {0};
	*ret = (struct pq_places){0};
	while (thrift_next(&t, &field)) {
		if (field.id == 1)
			read_places(&t, field.type, rows, ret);
		else
			thrift_skip(&t, field.type);
	}
	if (!t.bad && ret->count)
		return 0;
	pq_places_release(ret);
	return -EBADMSG;
}

void pq_places_release(struct pq_places *places)
{
	free(places->page);
	*places = (struct pq_places){0};
}

/* Every list of the index has an element for each page. */
static size_t get_list(struct thrift_in *t, struct thrift_field field, enum thrift_type type, struct pq_page_index *ret)
{
	size_t count = thrift_get_list(t, field.type, type);
	if (!ret->page && !t->bad) {
		ret->page = xcalloc(count, sizeof *ret->page);
		ret->count = count;
		for (size_t i = 0; i < count; i++)
			ret->page[i].nulls = -1;
	}
	if (count != ret->count)
		t->bad = true;
	return t->bad ? 0 : count;
}

static void read_field(struct thrift_in *t, struct thrift_field field, struct pq_page_index *ret)
{
	size_t n;
	int64_t order;
	bool no = t->p < t->end && (*t->p & 15) == THRIFT_FALSE;
	switch (field.id) {
	case 1: /* in a list a boolean is a byte, and the type of either is used for both */
		n = get_list(t, field, no ? THRIFT_FALSE : THRIFT_TRUE, ret);
		for (size_t i = 0; i < n; i++)
			ret->page[i].nulls_only = thrift_get_int(t, THRIFT_BYTE) == 1;
		break;
	case 2:
		n = get_list(t, field, THRIFT_BINARY, ret);
		for (size_t i = 0; i < n; i++)
			ret->page[i].min = thrift_get_binary(t, THRIFT_BINARY, &ret->page[i].min_len);
		break;
	case 3:
		n = get_list(t, field, THRIFT_BINARY, ret);
		for (size_t i = 0; i < n; i++)
			ret->page[i].max = thrift_get_binary(t, THRIFT_BINARY, &ret->page[i].max_len);
		break;
	case 4: /* one that is not known here says nothing */
		order = thrift_get_int(t, field.type);
		ret->order =
			order == PQ_ASCENDING || order == PQ_DESCENDING ? (enum pq_boundary_order)order : PQ_UNORDERED;
		break;
	case 5:
		n = get_list(t, field, THRIFT_I64, ret);
		for (size_t i = 0; i < n; i++)
			ret->page[i].nulls = thrift_get_int(t, THRIFT_I64);
		break;
	default:
		thrift_skip(t, field.type);
	}
}

int pq_page_index_read(const void *data, size_t len, struct pq_page_index *ret)
{
	struct thrift_in t = {data, (const unsigned char *)data + len, false};
	struct thrift_field field = {0};
	*ret = (struct pq_page_index){0};
	while (thrift_next(&t, &field))
		read_field(&t, field, ret);
	if (!t.bad && ret->count)
		return 0;
	pq_page_index_release(ret);
	return -EBADMSG;
}

void pq_page_index_release(struct pq_page_index *index)
{
	free(index->page);
	*index = (struct pq_page_index){0};
}
