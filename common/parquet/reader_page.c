/* Headers of pages: see reader_impl.h. */
#include "common/parquet/reader_impl.h"

/* A header of field ID: 5 data page, 7 dictionary page (only the first two members are alike), 8 data page V2. */
static void read_data_head(struct thrift_in *t, struct pq_page_head *head, int id)
{
	bool first = id == 5, second = id == 8;
	struct thrift_field field = {0};
	while (thrift_next(t, &field)) {
		if (field.id == 1)
			head->entries = thrift_get_int(t, field.type);
		else if (field.id == (second ? 4 : 2))
			head->encoding = (int)thrift_get_int(t, field.type);
		else if (field.id == 3 && second)
			head->rows = thrift_get_int(t, field.type);
		else if (field.id == 3 && first)
			head->def_encoding = (int)thrift_get_int(t, field.type);
		else if (field.id == 4 && first)
			head->rep_encoding = (int)thrift_get_int(t, field.type);
		else if (field.id == 5 && second)
			head->def_len = thrift_get_int(t, field.type);
		else if (field.id == 6 && second)
			head->rep_len = thrift_get_int(t, field.type);
		else if (field.id == 7 && second)
			head->compressed = thrift_get_bool(t, field.type);
		else
			thrift_skip(t, field.type);
	}
}

void pq_page_head_read(struct thrift_in *t, struct pq_page_head *head)
{
	struct thrift_field field = {0};
	*head = (struct pq_page_head){.type = -1,
		.rows = -1,
		.encoding = -1,
		.def_encoding = PQ_RLE,
		.rep_encoding = PQ_RLE,
		.compressed = true};
	while (thrift_next(t, &field)) {
		if (field.id == 1) {
			head->type = (int)thrift_get_int(t, field.type);
		} else if (field.id == 2) {
			head->size = thrift_get_int(t, field.type);
		} else if (field.id == 3) {
			head->len = thrift_get_int(t, field.type);
		} else if (field.id == 4) {
			head->crc = (uint32_t)thrift_get_int(t, field.type);
			head->has_crc = true;
		} else if ((field.id == 5 || field.id == 7 || field.id == 8) && field.type == THRIFT_STRUCT) {
			read_data_head(t, head, field.id);
		} else {
			thrift_skip(t, field.type);
		}
	}
	if (head->size < 0 || head->len < 0 || head->entries < 0 || head->def_len < 0 || head->rep_len < 0)
		t->bad = true;
}
