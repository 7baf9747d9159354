/* A raw table: records as they come, compressed, each in the partition of its time. */
#ifndef WEIR_LAKE_PUT_RAW_H
#define WEIR_LAKE_PUT_RAW_H

#include "table_ops.h"

extern const struct table_ops raw_table_ops;

#endif
