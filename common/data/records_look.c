/* Records of JSON, TSV or CSV: guesses what an input is if it was taken for JSON and is not. */
#include <string.h>

#include "common/base/ascii.h"
#include "common/data/records_impl.h"

const char *records_other_format(const char *rec, size_t len)
{
	while (len && ascii_is_blank(rec[len - 1]))
		len--;
	if (len >= 3 && memcmp(rec, "\xef\xbb\xbf", 3) == 0)
		return "it begins with a byte order mark, which JSON does not have; `sed '1s/^\\xEF\\xBB\\xBF//'` "
		       "takes it off";
	if (len && *rec == '[' && (len == 1 || rec[len - 1] == ',' || rec[len - 1] == '{'))
		return "an array over several lines is not a record; `jq -c '.[]'` makes one of each element";
	if (len == 1 && *rec == '{')
		return "an object over several lines is not a record; `jq -c .` makes one of each";
	if (len && memchr("{[\"", *rec, 3))
		return NULL;
	return memchr(rec, ',', len)    ? "this is not JSON; CSV whose first line has names is read with --header"
	       : memchr(rec, '\t', len) ? "this is not JSON; TSV whose first line has names is read with --header"
					: NULL;
}
