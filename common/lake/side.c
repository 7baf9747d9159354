/* Files beside the entries of a log: see side.h. */
#include "common/lake/side.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "common/lake/json_in.h"
#include "common/base/uuid.h"
#include "common/lake/version.h"

#define SIZE_LIMIT (UINT64_C(1) << 34) /* bytes: no table has that many files or ids */

static void crc_of(const struct strbuf *text, char ret[9])
{
	uLong crc = crc32_z(crc32_z(0, NULL, 0), (const unsigned char *)text->s, text->len);
	snprintf(ret, 9, "%08lx", (unsigned long)crc);
}

int side_write(struct store *store, const char *dir, const char *kind, int64_t version, const struct strbuf *text,
	json_t **ret_ref, struct strbuf *err)
{
	char uuid[UUID_LEN + 1], crc[9];
	struct strbuf path = STRBUF_INIT;
	int r = uuid_new(uuid, err);
	if (r < 0)
		return r;
	strbuf_addf(&path, "%s/%s-%020" PRId64 "-%s", dir, kind, version, uuid);
	r = store_put_if_absent(store, path.s, text, err);
	crc_of(text, crc);
	if (r == 0)
		*ret_ref = json_pack(
			"{s:s,s:I,s:s}", "name", path.s + strlen(dir) + 1, "size", (json_int_t)text->len, "crc", crc);
	strbuf_release(&path);
	return r;
}

int side_read(struct store *store, const char *dir, json_t *ref, struct strbuf *ret, struct strbuf *err)
{
	char crc[9];
	struct strbuf path = STRBUF_INIT;
	strbuf_clear(ret);
	strbuf_addf(&path, "%s/%s", dir, text_in(ref, "name"));
	int r = store_get(store, path.s, SIZE_LIMIT, ret, err);
	crc_of(ret, crc);
	if (r == -ENOENT) {
		strbuf_addstr(err, ", though the log names it");
		r = -EBADMSG;
	} else if (r == 0 && ((int64_t)ret->len != number_in(ref, "size") || strcmp(crc, text_in(ref, "crc")) != 0)) {
		strbuf_addf(err, "'%s/%s' is not as it was written: the log says another size or checksum", store->url,
			path.s);
		r = -EBADMSG;
	}
	strbuf_release(&path);
	return r;
}

int side_damaged(const struct store *store, const char *dir, json_t *ref, const char *what, struct strbuf *err)
{
	strbuf_addf(err, "'%s/%s/%s' %s", store->url, dir, text_in(ref, "name"), what);
	return -EBADMSG;
}

int64_t side_version(const char *name)
{
	size_t kind = strspn(name, "abcdefghijklmnopqrstuvwxyz");
	const char *number = name + kind + 1;
	if (!kind || strlen(name) != kind + VERSION_DIGITS + UUID_LEN + 2 || name[kind] != '-' ||
		number[VERSION_DIGITS] != '-' || !uuid_begins(number + VERSION_DIGITS + 1))
		return -1;
	return version_parse(number);
}

bool side_is_ref(json_t *ref, const char *kind)
{
	const char *name = text_in(ref, "name");
	const char *crc = text_in(ref, "crc");
	size_t len = strlen(kind);
	return name && strncmp(name, kind, len) == 0 && name[len] == '-' && side_version(name) >= 0 && crc &&
	       strlen(crc) == 8 && number_in(ref, "size") >= 0;
}
