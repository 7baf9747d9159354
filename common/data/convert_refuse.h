/*
 * Private to convert*.c.
 */
#ifndef WEIR_DATA_CONVERT_REFUSE_H
#define WEIR_DATA_CONVERT_REFUSE_H

#include <errno.h>

#include "common/base/diag.h"

/* *WHY becomes TEXT.  Returns R. */
MUST_CHECK static inline int convert_refuse(int r, const char **why, const char *text)
{
	*why = text;
	return r;
}

#endif
