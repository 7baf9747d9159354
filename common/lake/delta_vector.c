/* Deletion vectors of the files of a table: see delta_vector.h. */
#include "common/lake/delta_vector.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <zlib.h>

#include "common/data/z85.h"
#include "common/lake/beneath.h"
#include "common/lake/json_in.h"

#define UUID_CHARS 20 /* of Z85 */
#define UUID_BYTES 16
#define FRAME      4 /* bytes of the size before, and of the CRC after the data in a file; big-endian */

static int bad(struct strbuf *err, const char *why)
{
	strbuf_addf(err, "its deletion vector %s", why);
	return -EBADMSG;
}

bool delta_vector_is_there(const json_t *add)
{
	return json_object_size(json_object_get(add, "deletionVector"));
}

void delta_vector_id(const json_t *action, struct strbuf *ret)
{
	const json_t *vector = json_object_get(action, "deletionVector");
	const char *kind = text_in(vector, "storageType"), *where = text_in(vector, "pathOrInlineDv");
	int64_t at = number_in(vector, "offset");
	if (!kind || !where)
		return;
	strbuf_addf(ret, "%s%s", kind, where);
	if (at >= 0)
		strbuf_addf(ret, "@%" PRId64, at);
}

uint64_t delta_vector_count(const json_t *add)
{
	int64_t count = number_in(json_object_get(add, "deletionVector"), "cardinality");
	return count > 0 ? (uint64_t)count : 0;
}

/* Decode the vector of SIZE bytes that is TEXT itself. */
static int read_inline(const char *text, size_t size, struct strbuf *data, struct strbuf *err)
{
	size_t len = strlen(text), room = len / 5 * 4;
	if (room < size || room - size > 3 || z85_decode(strbuf_grow(data, room), text, len) < 0)
		return bad(err, "is damaged: it is not in base 85, or has another size");
	strbuf_extend(data, size);
	return 0;
}

/* The path of the file that NAME, a prefix and a UUID, means. */
static int path_of(const char *name, struct strbuf *path, struct strbuf *err)
{
	unsigned char uuid[UUID_BYTES];
	size_t len = strlen(name), prefix = len - UUID_CHARS;
	if (len < UUID_CHARS || z85_decode(uuid, name + prefix, UUID_CHARS) < 0)
		return bad(err, "is in a file without a UUID");
	strbuf_add(path, name, prefix);
	strbuf_addstr(path, prefix ? "/deletion_vector_" : "deletion_vector_");
	for (int i = 0; i < UUID_BYTES; i++)
		strbuf_addf(path, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", uuid[i]);
	strbuf_addstr(path, ".bin");
	return beneath_ok(path->s) ? 0 : bad(err, "is in a file that is not in the table");
}

bool delta_vector_path(const json_t *action, struct strbuf *ret)
{
	const json_t *vector = json_object_get(action, "deletionVector");
	const char *kind = text_in(vector, "storageType"), *where = text_in(vector, "pathOrInlineDv");
	struct strbuf ignored = STRBUF_INIT;
	bool found = kind && where && strcmp(kind, "u") == 0 && path_of(where, ret, &ignored) == 0;
	strbuf_release(&ignored);
	return found;
}

static uint32_t big_endian(const char *s)
{
	uint32_t n = 0;
	for (int i = 0; i < FRAME; i++)
		n = n << 8 | (unsigned char)s[i];
	return n;
}

/* Read the vector of SIZE bytes at byte AT of the file that NAME means, or the URI that it is if OUTSIDE. */
static int read_file(struct elsewhere *places, const char *name, bool outside, uint64_t at, size_t size,
	struct strbuf *data, struct strbuf *err)
{
	struct strbuf path = STRBUF_INIT, framed = STRBUF_INIT;
	struct store *store = places->table;
	size_t len = FRAME + size + FRAME;
	int r = outside ? elsewhere_find(places, name, &store, &path, err) : path_of(name, &path, err);
	if (r == 0)
		r = store_read_all(store, path.s, at, strbuf_grow(&framed, len), len, err);
	strbuf_release(&path);
	if (r == 0) {
		const char *s = framed.s + FRAME;
		if (big_endian(framed.s) != size || big_endian(s + size) != (uint32_t)crc32_z(0, (const void *)s, size))
			r = bad(err, "is damaged: its size or its CRC is another one");
		else
			strbuf_add(data, s, size);
	}
	strbuf_release(&framed);
	return r == -ENOENT ? -EBADMSG : r;
}

int delta_vector_read(
	const json_t *add, struct store *store, uint64_t rows, struct delta_vector *ret, struct strbuf *err)
{
	struct elsewhere places = {.table = store};
	return delta_vector_find(add, &places, rows, ret, err);
}

int delta_vector_find(
	const json_t *add, struct elsewhere *places, uint64_t rows, struct delta_vector *ret, struct strbuf *err)
{
	const json_t *vector = json_object_get(add, "deletionVector");
	const char *kind = text_in(vector, "storageType"), *where = text_in(vector, "pathOrInlineDv");
	int64_t size = number_in(vector, "sizeInBytes"), count = number_in(vector, "cardinality");
	int64_t at = number_in(vector, "offset");
	*ret = (struct delta_vector){.data = STRBUF_INIT};
	if (!kind || !where || size < 0 || size > DELETION_VECTOR_MAX || count < 0)
		return bad(err, "is not described as the protocol wants it");
	int r;
	if (strcmp(kind, "i") == 0) {
		r = read_inline(where, (size_t)size, &ret->data, err);
	} else if (strcmp(kind, "u") == 0 || (strcmp(kind, "p") == 0 && places->options)) {
		/* the first byte of a file is its version */
		r = read_file(places, where, *kind == 'p', at > 0 ? (uint64_t)at : 1, (size_t)size, &ret->data, err);
	} else {
		r = bad(err, "is outside of the table, where nothing is read");
		r = strcmp(kind, "p") == 0 ? -ENOTSUP : r;
	}
	if (r == 0)
		r = deletion_vector_parse(ret->data.s, ret->data.len, rows, &ret->rows, err);
	if (r == 0 && ret->rows.rows != (uint64_t)count)
		r = bad(err, "has another number of rows than the log says");
	return r;
}

void delta_vector_release(struct delta_vector *v)
{
	deletion_vector_release(&v->rows);
	strbuf_release(&v->data);
}
