/* Records of JSON, TSV or CSV: guesses what an input is if it was taken for JSON and is not. */
#include <string.h>

#include "common/base/ascii.h"
#include "common/data/records_impl.h"

static size_t without_blanks(const char *rec, size_t len)
{
	while (len && ascii_is_blank(rec[len - 1]))
		len--;
	return len;
}

const char *records_other_format(const char *rec, size_t len)
{
	len = without_blanks(rec, len);
	if (len >= 3 && memcmp(rec, "\xef\xbb\xbf", 3) == 0)
		return "it begins with a byte order mark, which JSON does not have; `sed '1s/^\\xEF\\xBB\\xBF//'` "
		       "takes it off";
	if (len && *rec == '[' && (len == 1 || rec[len - 1] == ',' || rec[len - 1] == '{'))
		return "an array over several lines is not a record; `jq -c '.[]'` makes one of each element";
	if (len == 1 && *rec == '{')
		return "an object over several lines is not a record; `jq -c .` makes one of each";
	return NULL;
}

const char *records_guess(struct records *r, const char *rec, size_t len)
{
	const char *json = records_other_format(rec, len);
	len = without_blanks(rec, len);
	const char *columns = memchr(rec, ',', len) ? "CSV" : memchr(rec, '\t', len) ? "TSV" : NULL;
	if (json || !columns || memchr("{[\"", *rec, 3))
		return json;
	strbuf_clear(&r->text);
	strbuf_addf(
		&r->text, "this is not JSON; %s whose first line has names is read with %s", columns, r->header_option);
	return r->text.s;
}
