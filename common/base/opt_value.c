/* Values of options: see opt_impl.h. */
#include "common/base/opt_impl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/num.h"

void opt_list_release(struct opt_list *list)
{
	free(list->items);
	*list = (struct opt_list){0};
}

static int set_choice(const struct opt *o, const char *value)
{
	size_t len = strlen(value);
	int index = 0;
	for (const char *w = o->arg; w; index++) {
		size_t n = strcspn(w, "|");
		if (n == len && memcmp(w, value, n) == 0) {
			*(int *)o->dest = index;
			return 0;
		}
		w = w[n] ? w + n + 1 : NULL;
	}
	return -EINVAL;
}

static int set_number(const struct opt *o, const char *value)
{
	uint64_t v = 0;
	int64_t ms = 0;
	int r = o->type == OPT_U64    ? num_u64(value, &v)
		: o->type == OPT_SIZE ? num_size(value, &v)
				      : num_duration(value, &ms);
	if (o->type == OPT_DURATION)
		v = (uint64_t)ms;
	if (r < 0)
		return r;
	if (v < o->min || (o->max && v > o->max))
		return o->max ? -ERANGE : -EDOM;
	if (o->type == OPT_DURATION)
		*(int64_t *)o->dest = ms;
	else
		*(uint64_t *)o->dest = v;
	return 0;
}

static int set(const struct opt *o, const char *value, struct strbuf *err)
{
	struct opt_list *list = o->dest;
	switch (o->type) {
	case OPT_FLAG:
		*(bool *)o->dest = true;
		return 0;
	case OPT_STRING:
		*(const char **)o->dest = value;
		return 0;
	case OPT_LIST:
		list->items = xreallocarray(list->items, list->count + 1, sizeof *list->items);
		list->items[list->count++] = value;
		return 0;
	case OPT_U64:
	case OPT_SIZE:
	case OPT_DURATION:
		return set_number(o, value);
	case OPT_CHOICE:
		return set_choice(o, value);
	case OPT_CALL:
		return o->parse(value, o->dest, err);
	}
	return -EINVAL;
}

static void add_bound(struct strbuf *b, enum opt_type type, uint64_t v)
{
	if (type == OPT_DURATION)
		num_add_duration(b, (int64_t)v);
	else if (type == OPT_SIZE)
		num_add_size(b, v);
	else
		strbuf_addf(b, "%" PRIu64, v);
}

static bool is_number(enum opt_type type)
{
	return type == OPT_U64 || type == OPT_SIZE || type == OPT_DURATION;
}

/* Append what is expected, unless parse() has done so. */
static void explain(const struct opt *o, const char *value, int r, struct strbuf *err)
{
	if (r == -ERANGE && o->max) {
		strbuf_addstr(err, "is not from ");
		add_bound(err, o->type, o->min);
		strbuf_addstr(err, " to ");
		add_bound(err, o->type, o->max);
	} else if (r == -EDOM || (is_number(o->type) && *value == '-' && value[1] >= '0' && value[1] <= '9')) {
		strbuf_addstr(err, "is below ");
		add_bound(err, o->type, o->min);
	} else if (r == -ERANGE) {
		strbuf_addstr(err, "is too large");
	} else {
		strbuf_addf(err, "is not %s%s",
			o->type == OPT_U64        ? "a whole number"
			: o->type == OPT_SIZE     ? "a size such as 64M"
			: o->type == OPT_DURATION ? "a duration such as 10s"
			: o->type == OPT_CHOICE   ? "one of "
						  : "valid",
			o->type == OPT_CHOICE ? o->arg : "");
	}
}

int opt_value_set(const struct opt *o, const char *value, struct strbuf *err)
{
	int r = set(o, value, err);
	if (r < 0 && !err->len)
		explain(o, value, r, err);
	return r;
}
