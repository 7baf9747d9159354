/* Versions in names of files: 20 digits, so that names sort as versions do.  Layer: lake (uses base). */
#ifndef WEIR_LAKE_VERSION_H
#define WEIR_LAKE_VERSION_H

#include <stdint.h>

#define VERSION_DIGITS 20
#define VERSION_LIMIT  (INT64_C(1) << 53) /* weir never writes higher versions */

/* The version in the first VERSION_DIGITS bytes of S, which must exist; -1: they are not a version. */
int64_t version_parse(const char *s);

#endif
