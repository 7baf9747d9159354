/* What of a record is printed, and how: --columns, --format, --header. */
#ifndef WEIR_LAKE_CAT_FORM_H
#define WEIR_LAKE_CAT_FORM_H

#include <stdbool.h>

#include "common/parquet/text_format.h"

#define CAT_FORMAT_NONE (-1) /* there is no --format: rows are JSON, raw records what they are */

struct cat_form {
	const char *columns; /* NULL: all */
	int format;          /* enum pq_text_format, or CAT_FORMAT_NONE */
	bool header;         /* first their names; `format` is TSV or CSV then */
};

/* How rows of Parquet are printed. */
static inline enum pq_text_format cat_form_rows(const struct cat_form *form)
{
	return form->format < 0 ? PQ_TEXT_JSON : (enum pq_text_format)form->format;
}

#endif
