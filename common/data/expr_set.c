/* Expressions: the lines of a file as a set, for in @FILE. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/alloc.h"
#include "common/base/hash.h"
#include "common/base/whole.h"
#include "common/data/expr_impl.h"
#include "common/data/value_out.h"

/* Lines take 8 bytes each beside their text, and up to twice that when the table is half full. */
#define FILE_MAX (UINT32_C(1) << 30)

struct set_place {
	uint32_t start, len; /* of the line; len UINT32_MAX: the place is free */
};

struct expr_set {
	struct strbuf lines, text; /* the file, and the text of a value that is looked up */
	struct set_place *places;
	size_t mask;
	struct hash_seed seed;
};

/* The place of the text, or the free one where it belongs. */
static struct set_place *find(const struct expr_set *set, const char *s, size_t len)
{
	size_t i = hash_bytes(&set->seed, s, len) & set->mask;

	for (;; i = (i + 1) & set->mask) {
		struct set_place *p = &set->places[i];
		if (p->len == UINT32_MAX || (p->len == len && memcmp(set->lines.s + p->start, s, len) == 0))
			return p;
	}
}

static void fill(struct expr_set *set)
{
	const char *s = set->lines.s, *end = s + set->lines.len;
	size_t count = 1;

	for (const char *p = s; (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
		count++;
	for (set->mask = 16; set->mask < count * 2;)
		set->mask *= 2;
	set->places = xcalloc(set->mask, sizeof *set->places);
	memset(set->places, 0xff, set->mask * sizeof *set->places);
	set->mask--;
	while (s < end) {
		const char *lf = memchr(s, '\n', (size_t)(end - s)), *stop = lf ? lf : end;
		size_t len = (size_t)(stop - s);
		if (len && s[len - 1] == '\r')
			len--;
		if (len) /* an empty line is not an entry */
			*find(set, s, len) =
				(struct set_place){.start = (uint32_t)(s - set->lines.s), .len = (uint32_t)len};
		s = stop + 1;
	}
}

int expr_set_read(struct expr_set **ret, struct expr_lex *lex)
{
	struct expr_set *set = xcalloc(1, sizeof *set);
	struct stat st;
	int r = 0;

	strbuf_init(&set->lines);
	strbuf_init(&set->text);
	*ret = set; /* the node owns it, whatever happens */
	if (stat(lex->name.s, &st) < 0)
		r = -errno;
	else if (!S_ISREG(st.st_mode)) /* a pipe could keep the program waiting, or be endless */
		return expr_lex_fail(lex, lex->start, "'%s' is not a regular file", lex->name.s);
	if (r == 0)
		r = whole_read(lex->name.s, FILE_MAX, &set->lines);
	if (r == 0)
		r = hash_seed_random(&set->seed);
	if (r < 0)
		return expr_lex_fail(lex, lex->start, "cannot read '%s': %s", lex->name.s,
			r == -EFBIG ? "it is larger than 1 GiB" : whole_strerror(r));
	fill(set);
	return 0;
}

void expr_set_free(struct expr_set *set)
{
	if (!set)
		return;
	strbuf_release(&set->lines);
	strbuf_release(&set->text);
	free(set->places);
	free(set);
}

bool expr_set_has(struct expr_set *set, const struct value *v)
{
	if (expr_is_null(v))
		return false;
	if (expr_is_string(v))
		return find(set, v->s, v->len)->len != UINT32_MAX;
	strbuf_clear(&set->text);
	value_add_text(&set->text, v);
	return find(set, set->text.s, set->text.len)->len != UINT32_MAX;
}
