/*
 * simdjson's first stage, and from_chars, for C.  No exception leaves it: nothing that is
 * called here throws (simdjson's allocations are nothrow and reported as codes).
 *
 * The first stage is chosen for the processor when the program runs, and reads nothing past the bytes that it is
 * given: it copies the last incomplete block of 64.
 */
#include "common/data/json_index.h"

#include <cerrno>
#include <charconv>
#include <memory>
#include <new>

#include <simdjson.h>

struct json_index {
	std::unique_ptr<simdjson::internal::dom_parser_implementation> stage;
	size_t capacity = 0;
	bool portable = false; /* for processors without SIMD that simdjson knows */
};

/* Room for the tokens of LEN bytes, four bytes each; untouched memory costs nothing. */
static int grow(json_index *index, size_t len)
{
	size_t capacity = index->capacity * 2;

	if (capacity < len)
		capacity = len;
	if (capacity < (64u << 10))
		capacity = 64u << 10;
	if (capacity > simdjson::SIMDJSON_MAXSIZE_BYTES)
		capacity = simdjson::SIMDJSON_MAXSIZE_BYTES;
	if (capacity < len)
		return -EMSGSIZE;
	index->capacity = 0;
	if (index->stage->set_capacity(capacity) != simdjson::SUCCESS)
		return -ENOMEM;
	index->capacity = capacity;
	return 0;
}

extern "C" {

struct json_index *json_index_new(void)
{
	auto *index = new (std::nothrow) json_index;

	if (!index)
		return nullptr;
	const simdjson::implementation *active = simdjson::get_active_implementation();
	index->portable = active->name() == "fallback";
	if (active->create_dom_parser_implementation(0, 1, index->stage) != simdjson::SUCCESS) {
		delete index;
		return nullptr;
	}
	return index;
}

void json_index_free(struct json_index *index)
{
	delete index;
}

bool json_index_takes_lines(const struct json_index *index)
{
	return !index->portable;
}

int json_index_run(struct json_index *index, const char *s, size_t len, const uint32_t **ret)
{
	if (len > index->capacity || !index->capacity) {
		int r = grow(index, len);
		if (r < 0)
			return r;
	}
	auto r = index->stage->stage1(reinterpret_cast<const uint8_t *>(s), len, simdjson::stage1_mode::regular);
	if (r == simdjson::EMPTY)
		index->stage->n_structural_indexes = 0;
	else if (r != simdjson::SUCCESS)
		return r == simdjson::MEMALLOC ? -ENOMEM : -EBADMSG;
	index->stage->structural_indexes[index->stage->n_structural_indexes] = static_cast<uint32_t>(len);
	*ret = index->stage->structural_indexes.get();
	return 0;
}

size_t json_minify(const char *s, size_t len, char *dst)
{
	size_t ret = 0;
	auto *to = reinterpret_cast<uint8_t *>(dst);
	auto r = simdjson::get_active_implementation()->minify(reinterpret_cast<const uint8_t *>(s), len, to, ret);

	/* Its only error is a string without an end, which json_read() has excluded. */
	return r == simdjson::SUCCESS ? ret : 0;
}

bool json_strtod(const char *s, size_t len, double *ret)
{
	auto r = std::from_chars(s, s + len, *ret);

	return r.ec == std::errc();
}

} /* extern "C" */
