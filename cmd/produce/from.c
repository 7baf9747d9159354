/* Parts of a record out of fields of its line: see from.h. */
#include "cmd/produce/from.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/path.h"

int from_parse_partitioner(const char *value, void *dest, struct strbuf *err)
{
	static const char *const names[][2] = {
		/* keys are hashed as by Kafka's own clients, and records without a key go anywhere */
		{"murmur2", "murmur2_random"},
		{"crc32", "consistent_random"},
		{"random", "random"},
	};
	struct from_opts *o = dest;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(value, names[i][0]) == 0)
			return o->partitioner = names[i][1], 0;
	if (*value != '.' && *value != '$')
		return strbuf_addstr(err, "is not murmur2, crc32, random or a field such as .user or $2"), -EINVAL;
	o->partition = value;
	return 0;
}

bool from_is_wanted(const struct from_opts *o)
{
	return o->key || o->value || o->timestamp || o->partition || o->headers.count;
}

/* Ask for the field S of OPTION, NULL for none. */
static int ask(struct from *f, const char *option, const char *s, int *ret_slot, struct strbuf *err)
{
	struct expr_field field;
	*ret_slot = -1;
	if (!s)
		return 0;
	size_t before = err->len;
	strbuf_addf(err, "option %s: ", option);
	int r = records_field(&field, s, err);
	if (r < 0)
		return r;
	r = records_add(f->records, &field, err);
	path_release(&field.path);
	if (r < 0)
		return r;
	*ret_slot = r;
	strbuf_setlen(err, before);
	return 0;
}

static int ask_headers(struct from *f, struct strbuf *err)
{
	const struct opt_list *list = &f->opts->headers;
	int r = 0;
	f->headers = xcalloc(list->count + 1, sizeof *f->headers);
	for (size_t i = 0; i < list->count && r == 0; i++) {
		const char *name = list->items[i], *equals = strchr(name, '=');
		if (!equals || equals == name) {
			strbuf_addf(err, "option --header-from: '%s' is not NAME=FIELD", name);
			return -EINVAL;
		}
		f->headers[i].header = (struct record_header){.name = name, .name_len = (size_t)(equals - name)};
		r = ask(f, "--header-from", equals + 1, &f->headers[i].slot, err);
	}
	return r;
}

int from_init(struct from *f, const struct from_opts *opts, const struct filter_opts *filter, struct strbuf *err)
{
	f->opts = opts;
	int r = records_new(&f->records, &opts->input, filter, err);
	if (r == 0)
		r = ask(f, "--key-from", opts->key, &f->key, err);
	if (r == 0)
		r = ask(f, "--value-from", opts->value, &f->value, err);
	if (r == 0)
		r = ask(f, "--timestamp-from", opts->timestamp, &f->timestamp, err);
	if (r == 0)
		r = ask(f, "--partitioner", opts->partition, &f->partition, err);
	return r == 0 ? ask_headers(f, err) : r;
}

void from_release(struct from *f)
{
	records_free(f->records);
	free(f->headers);
}

/* The bytes of the value with this index: text without quotes, all else as it is written; NULL: there is none. */
static const char *bytes_of(const struct from *f, int slot, size_t *ret_len)
{
	const struct value *v = slot < 0 ? NULL : &records_values(f->records)[slot];
	*ret_len = 0;
	if (!v || v->type <= VALUE_NULL)
		return NULL;
	*ret_len = v->len;
	return v->len ? v->s : "";
}

/* Kafka counts in milliseconds. */
static const char *fill_time(const struct from *f, struct record *r)
{
	struct timespec t;
	const struct value *v = f->timestamp < 0 ? NULL : &records_values(f->records)[f->timestamp];
	if (!v || value_is_null(v) || (v->type == VALUE_STRING && !v->len))
		return NULL;
	if (value_time(v, NULL, &t) < 0)
		return "the field of --timestamp-from is not a time";
	r->timestamp = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
	if (r->timestamp == 0 || r->timestamp == -1)
		return "the timestamps 0 and -1 mean the current time and none, so this time cannot be kept";
	return NULL;
}

const char *from_fill(const struct from *f, struct record *r)
{
	if (f->key >= 0)
		r->key = bytes_of(f, f->key, &r->key_len);
	if (f->value >= 0)
		r->value = bytes_of(f, f->value, &r->value_len);
	return fill_time(f, r);
}

size_t from_headers(const struct from *f, struct record_header *ret)
{
	size_t n = 0;
	for (size_t i = 0; i < f->opts->headers.count; i++) {
		struct record_header h = f->headers[i].header;
		h.value = bytes_of(f, f->headers[i].slot, &h.value_len);
		if (h.value)
			ret[n++] = h;
	}
	return n;
}

const char *from_partition(const struct from *f, size_t *ret_len)
{
	return bytes_of(f, f->partition, ret_len);
}
