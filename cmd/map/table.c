/* A file that is looked into: see table.h. */
#include "cmd/map/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/alloc.h"
#include "common/base/hash.h"
#include "common/base/whole.h"
#include "common/data/json.h"
#include "common/data/records.h"
#include "common/data/value_out.h"

/* A key and its record, both in `text`; length 0 of the record: the place is free. */
struct lookup_place {
	uint32_t key, key_len, record, record_len;
};

struct lookup_table {
	char *path;
	const struct expr_field *key;
	struct stat seen;
	struct strbuf text; /* keys and records, one after the other */
	struct lookup_place *places;
	size_t mask, count;
	struct hash_seed seed;
	struct strbuf asked;
};

static uint64_t hash_of(const struct lookup_table *t, const char *s, size_t len)
{
	uint64_t word[2], state = t->seed.k[2];
	size_t left = len;

	for (; left > 16; s += 16, left -= 16)
		state = hash_step(&t->seed, state, hash_load8(s), hash_load8(s + 8));
	hash_load_short(word, s, left);
	return hash_end(&t->seed, hash_step(&t->seed, state, word[0], word[1]), len);
}

static struct lookup_place *find(const struct lookup_table *t, const char *s, size_t len)
{
	size_t i = hash_of(t, s, len) & t->mask;

	for (;; i = (i + 1) & t->mask) {
		struct lookup_place *p = &t->places[i];
		if (!p->record_len || (p->key_len == len && memcmp(t->text.s + p->key, s, len) == 0))
			return p;
	}
}

static void grow(struct lookup_table *t)
{
	struct lookup_place *old = t->places;
	size_t size = old ? t->mask + 1 : 0;

	t->mask = size ? size * 2 - 1 : 1023;
	t->places = xcalloc(t->mask + 1, sizeof *t->places);
	for (size_t i = 0; i < size; i++)
		if (old[i].record_len)
			*find(t, t->text.s + old[i].key, old[i].key_len) = old[i];
	free(old);
}

/* The record from RECORD on in `text` has the key V. */
static int insert(struct lookup_table *t, const struct value *v, size_t record)
{
	size_t end = t->text.len;

	if (v->type <= VALUE_NULL) {
		strbuf_setlen(&t->text, record);
		return 0;
	}
	value_add_text(&t->text, v);
	if (t->text.len > UINT32_MAX)
		return -EFBIG;
	if (t->count * 2 >= t->mask)
		grow(t);
	struct lookup_place *p = find(t, t->text.s + end, t->text.len - end);
	t->count += !p->record_len;
	*p = (struct lookup_place){.key = (uint32_t)end,
		.key_len = (uint32_t)(t->text.len - end),
		.record = (uint32_t)record,
		.record_len = (uint32_t)(end - record)};
	return 0;
}

/* Append the columns of the record as an object. */
static void add_row(struct lookup_table *t, const struct records *r)
{
	size_t count, named = records_columns(r);
	const struct value *row = records_row(r, &count), *names = named ? records_names(r) : NULL;
	struct value v;

	strbuf_addch(&t->text, '{');
	for (size_t i = 0; i < count && (!named || i < named); i++) {
		if (i)
			strbuf_addch(&t->text, ',');
		if (named)
			value_add_name(&t->text, names[i].s, names[i].len);
		else
			strbuf_addf(&t->text, "\"%zu\"", i + 1);
		strbuf_addch(&t->text, ':');
		if (row[i].len && value_of_text(row[i].s, row[i].len, &v))
			value_add_json(&t->text, &v);
		else
			value_add_json(&t->text, &row[i]);
	}
	strbuf_addch(&t->text, '}');
}

static int fail(const struct lookup_table *t, struct strbuf *err, int r, const char *what)
{
	strbuf_addf(err, "cannot look into '%s': %s", t->path, what ? what : whole_strerror(r));
	return r;
}

/* Take the records that R has. */
static int take(struct lookup_table *t, struct records *r, int slot, struct strbuf *err)
{
	const char *rec;
	size_t len;
	int n, e = 0;

	while (e == 0 && (n = records_next(r, &rec, &len)) != 0) {
		if (n == 2)
			continue;
		if (n < 0) {
			strbuf_addf(err, "cannot look into '%s': ", t->path);
			if (records_error(r)->number) /* 0: the header */
				strbuf_addf(err, "record %llu: ", (unsigned long long)records_error(r)->number);
			strbuf_addstr(err, records_error(r)->what);
			return -EBADMSG;
		}
		if (records_format(r) == RECORDS_JSON && rec[strspn(rec, " \t\r")] != '{') {
			strbuf_addf(err, "cannot look into '%s': record %llu: it is not an object", t->path,
				(unsigned long long)records_number(r));
			return -EBADMSG;
		}
		size_t record = t->text.len;
		if (records_format(r) == RECORDS_JSON)
			strbuf_add(&t->text, rec, len);
		else
			add_row(t, r);
		e = insert(t, &records_values(r)[slot], record);
	}
	return e < 0 ? fail(t, err, e, NULL) : 0;
}

static int take_all(struct lookup_table *t, struct records *r, int slot, const struct strbuf *text, struct strbuf *err)
{
	struct flow flow = {.delim = '\n', .input = t->path, .inputs = 1};

	records_span(r, text->s, text->len, &flow);
	int e = take(t, r, slot, err);
	records_end(r); /* a quote that is still open is a mistake */
	return e < 0 ? e : take(t, r, slot, err);
}

static int parse(struct lookup_table *t, struct strbuf *text, struct strbuf *err)
{
	static const struct filter_opts plain;
	struct records_opts opts = {.format = RECORDS_JSON};
	struct records *r = NULL;
	struct strbuf why = STRBUF_INIT;

	if (text->len && text->s[text->len - 1] != '\n')
		strbuf_addch(text, '\n');
	if (text->len && *text->s != '{') {
		const char *tab = memchr(text->s, '\t', strcspn(text->s, "\n"));
		opts.format = tab ? RECORDS_TSV : RECORDS_CSV;
		opts.header = !t->key->column;
	}
	int slot, e = records_new(&r, &opts, &plain, &why);
	if (e == 0) {
		records_want_row(r, RECORDS_ALL);
		records_within(r, JSON_MAX_DEPTH / 2); /* it becomes a part of a record */
		slot = records_add(r, t->key, &why);
		e = slot < 0 ? slot : text->len ? take_all(t, r, slot, text, err) : 0;
	}
	if (why.len)
		(void)fail(t, err, e, why.s);
	records_free(r);
	strbuf_release(&why);
	return e;
}

/* Read the file into T, which is empty. */
static int load(struct lookup_table *t, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	int r = 0;

	if (stat(t->path, &t->seen) < 0)
		return fail(t, err, -errno, NULL);
	if (!S_ISREG(t->seen.st_mode)) /* a pipe can be read once, and could keep the program waiting */
		return fail(t, err, -EINVAL, "it is not a regular file");
	r = whole_read(t->path, TABLE_FILE_MAX, &text);
	if (r < 0)
		r = fail(t, err, r, r == -EFBIG ? "it is larger than 1 GiB" : NULL);
	grow(t);
	if (r == 0)
		r = parse(t, &text, err);
	strbuf_release(&text);
	return r;
}

static void clear(struct lookup_table *t)
{
	free(t->places);
	strbuf_release(&t->text);
	t->places = NULL;
	t->count = t->mask = 0;
}

int table_open(struct lookup_table **ret, const char *path, const struct expr_field *key, struct strbuf *err)
{
	struct lookup_table *t = xcalloc(1, sizeof *t);

	t->path = xstrdup(path);
	t->key = key;
	strbuf_init(&t->text);
	strbuf_init(&t->asked);
	int r = hash_seed_random(&t->seed);
	r = r < 0 ? fail(t, err, r, NULL) : load(t, err);
	if (r < 0)
		table_free(t);
	else
		*ret = t;
	return r;
}

void table_free(struct lookup_table *t)
{
	if (!t)
		return;
	clear(t);
	strbuf_release(&t->asked);
	free(t->path);
	free(t);
}

int table_refresh(struct lookup_table *t, struct strbuf *err)
{
	struct lookup_table next = *t;
	struct stat st;

	if (stat(t->path, &st) < 0)
		return fail(t, err, -errno, NULL);
	if (st.st_mtim.tv_sec == t->seen.st_mtim.tv_sec && st.st_mtim.tv_nsec == t->seen.st_mtim.tv_nsec &&
		st.st_size == t->seen.st_size && st.st_ino == t->seen.st_ino && st.st_dev == t->seen.st_dev)
		return 0;
	next.places = NULL;
	next.count = next.mask = 0;
	strbuf_init(&next.text);
	int r = load(&next, err);
	if (r < 0) {
		clear(&next);
		return r;
	}
	clear(t);
	*t = next;
	return 1;
}

bool table_find(struct lookup_table *t, const struct value *v, const char **ret, size_t *ret_len)
{
	const char *s = v->s;
	size_t len = v->len;

	if (v->type <= VALUE_NULL)
		return false;
	if (v->type != VALUE_STRING && v->type != VALUE_TEXT) {
		strbuf_clear(&t->asked);
		value_add_text(&t->asked, v);
		s = t->asked.s;
		len = t->asked.len;
	}
	const struct lookup_place *p = find(t, s, len);
	if (!p->record_len)
		return false;
	*ret = t->text.s + p->record;
	*ret_len = p->record_len;
	return true;
}
