/* What all databases share: see db.h. */
#include "common/db/db.h"

#include <stdlib.h>
#include <string.h>

void db_answer_release(struct db_answer *a)
{
	for (size_t i = 0; i < a->rows * a->columns; i++)
		free(a->cells[i]);
	free(a->cells);
	*a = (struct db_answer){0};
}

void db_table_release(struct db_table *t)
{
	for (size_t i = 0; i < t->count; i++) {
		free(t->columns[i].name);
		free(t->columns[i].type);
		free(t->columns[i].collation);
	}
	free(t->columns);
	free(t->name);
	free(t->quoted);
	free(t->beside);
	free(t->object);
	*t = (struct db_table){0};
}

size_t db_table_column(const struct db_table *t, const char *name, size_t len)
{
	for (size_t i = 0; i < t->count; i++)
		if (strlen(t->columns[i].name) == len && memcmp(t->columns[i].name, name, len) == 0)
			return i;
	return SIZE_MAX;
}
