/* Members of JSON objects: see json_in.h. */
#include "common/lake/json_in.h"

const char *text_in(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

int64_t number_in(const json_t *object, const char *key)
{
	const json_t *v = json_object_get(object, key);
	return json_is_integer(v) ? json_integer_value(v) : -1;
}

json_t *object_in(json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);
	if (!json_is_object(value)) {
		value = json_object();
		json_object_set_new(object, key, value);
	}
	return value;
}
