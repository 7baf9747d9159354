/* Time zones: see zone.h. */
#include "common/data/zone.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/whole.h"
#include "common/data/time.h"
#include "common/data/zone_rule.h"

#define US       1000000
#define HEADER   44
#define FILE_MAX (1u << 20)

struct zone {
	char *name; /* owned; NULL: the process' zone */
	/* Changes: from at[i] on, kinds[of[i]] holds. */
	int64_t *at;
	unsigned char *of;
	size_t count;
	struct zone_kind *kinds;
	size_t kind_count;
	bool has_rule;
	struct zone_rule rule; /* after the last change */
	/* The last question: the same kind holds from `from` to before `to`. */
	int64_t from, to;
	struct zone_kind now;
};

static uint32_t load4(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t load8(const unsigned char *p)
{
	return (int64_t)((uint64_t)load4(p) << 32 | load4(p + 4));
}

/* The sizes in a header; the numbers of RFC 8536, section 3.1. */
struct sizes {
	size_t isut, isstd, leap, time, type, chars;
};

static bool read_sizes(const unsigned char *p, size_t len, struct sizes *ret)
{
	if (len < HEADER || memcmp(p, "TZif", 4) != 0)
		return false;
	*ret = (struct sizes){load4(p + 20), load4(p + 24), load4(p + 28), load4(p + 32), load4(p + 36), load4(p + 40)};
	return ret->isut < 256 && ret->isstd < 256 && ret->leap < 1000 && ret->time < 10000 && ret->type &&
	       ret->type < 256 && ret->chars && ret->chars < 1000;
}

/* The bytes after the header, when times have WIDTH bytes. */
static size_t data_size(const struct sizes *n, size_t width)
{
	return n->time * (width + 1) + n->type * 6 + n->chars + n->leap * (width + 4) + n->isstd + n->isut;
}

static bool read_kind(struct zone_kind *kind, const unsigned char *p, const unsigned char *chars, size_t count)
{
	size_t at = p[5], len;

	if (at >= count)
		return false;
	len = strnlen((const char *)chars + at, count - at);
	if (len >= ZONE_NAME_SIZE)
		return false;
	kind->offset = (int32_t)load4(p);
	memcpy(kind->name, chars + at, len);
	return kind->offset > -100000 && kind->offset < 100000;
}

/* Read the second block of the file, whose times have 8 bytes, from P on. */
static bool read_block(struct zone *z, const unsigned char *p, const struct sizes *n)
{
	const unsigned char *of = p + n->time * 8, *kinds = of + n->time, *chars = kinds + n->type * 6;

	z->count = n->time;
	z->at = xcalloc(n->time + 1, sizeof *z->at);
	z->of = xcalloc(n->time + 1, 1);
	z->kind_count = n->type;
	z->kinds = xcalloc(n->type, sizeof *z->kinds);
	for (size_t i = 0; i < n->time; i++) {
		z->at[i] = load8(p + i * 8);
		z->of[i] = of[i];
		if (of[i] >= n->type || (i && z->at[i] <= z->at[i - 1]))
			return false;
	}
	for (size_t i = 0; i < n->type; i++)
		if (!read_kind(&z->kinds[i], kinds + i * 6, chars, n->chars))
			return false;
	return true;
}

static bool read_file(struct zone *z, const unsigned char *p, size_t len)
{
	struct sizes n;

	if (!read_sizes(p, len, &n) || p[4] < '2' || len - HEADER < data_size(&n, 4))
		return false;
	p += HEADER + data_size(&n, 4);
	len -= HEADER + data_size(&n, 4);
	if (!read_sizes(p, len, &n) || len - HEADER < data_size(&n, 8) || !read_block(z, p + HEADER, &n))
		return false;
	const char *footer = (const char *)p + HEADER + data_size(&n, 8);
	size_t rest = len - HEADER - data_size(&n, 8);
	if (rest < 2 || footer[0] != '\n' || footer[rest - 1] != '\n')
		return false;
	char *rule = xstrndup(footer + 1, rest - 2);
	z->has_rule = *rule;
	bool good = !*rule || zone_rule_read(&z->rule, rule) == 0;
	free(rule);
	return good;
}

/* Names lead into the directory of zones only. */
static bool name_is_safe(const char *name)
{
	return *name && *name != '/' && !strstr(name, "..") && strlen(name) < 100;
}

static bool open_file(struct zone *z)
{
	const char *dir = getenv("TZDIR");
	struct strbuf path = STRBUF_INIT, text = STRBUF_INIT;

	strbuf_addf(&path, "%s/%s", dir && *dir ? dir : "/usr/share/zoneinfo", z->name);
	bool good = name_is_safe(z->name) && whole_read(path.s, FILE_MAX, &text) == 0 &&
		    read_file(z, (const unsigned char *)text.s, text.len);
	strbuf_release(&path);
	strbuf_release(&text);
	return good;
}

int zone_open(struct zone **ret, const char *name, size_t len)
{
	struct zone *z = xcalloc(1, sizeof *z);
	int64_t offset;

	z->name = name ? xstrndup(name, len) : NULL;
	if (name && (strcmp(z->name, "UTC") == 0 || time_parse_offset(z->name, &offset))) {
		z->has_rule = true;
		z->rule.usual.offset = strcmp(z->name, "UTC") == 0 ? 0 : offset;
		memcpy(z->rule.usual.name, z->name, len < ZONE_NAME_SIZE ? len : ZONE_NAME_SIZE - 1);
	} else if (name && !open_file(z)) {
		zone_free(z);
		return -EINVAL;
	}
	*ret = z;
	return 0;
}

void zone_free(struct zone *z)
{
	if (!z)
		return;
	free(z->name);
	free(z->at);
	free(z->of);
	free(z->kinds);
	free(z);
}

bool zone_is(const struct zone *z, const char *name, size_t len)
{
	return z->name && strlen(z->name) == len && memcmp(z->name, name, len) == 0;
}

static void keep(struct zone *z, int64_t from, int64_t to, const struct zone_kind *kind)
{
	z->from = from;
	z->to = to;
	z->now = *kind;
}

/* What holds at S in a zone with a name. */
static void look_up(struct zone *z, int64_t s)
{
	size_t low = 0, high = z->count; /* the changes up to S */

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (z->at[middle] <= s)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == z->count && z->has_rule)
		keep(z, s, s + 1, zone_rule_at(&z->rule, s));
	else if (low)
		keep(z, z->at[low - 1], low < z->count ? z->at[low] : INT64_MAX, &z->kinds[z->of[low - 1]]);
	else
		keep(z, INT64_MIN, z->count ? z->at[0] : INT64_MAX, &z->kinds[0]);
}

static const struct zone_kind *kind_at(struct zone *z, int64_t s)
{
	struct tm tm;

	if (s >= z->from && s < z->to)
		return &z->now;
	if (z->name) {
		look_up(z, s);
		return &z->now;
	}
	time_zone_civil(s, &tm);
	struct zone_kind kind = {.offset = tm.tm_gmtoff};
	strncat(kind.name, tm.tm_zone ? tm.tm_zone : "UTC", ZONE_NAME_SIZE - 1);
	if (!time_zone_is_set())
		keep(z, INT64_MIN, INT64_MAX, &kind);
	else
		keep(z, s, s + 1, &kind);
	return &z->now;
}

int64_t zone_offset(struct zone *z, int64_t s)
{
	return kind_at(z, s)->offset;
}

static int64_t seconds(int64_t us)
{
	return us / US - (us % US < 0);
}

int64_t zone_utc(struct zone *z, int64_t local_us, int64_t not_after)
{
	/* Clocks are not changed twice within two days, so one of these offsets is right. */
	int64_t s = seconds(local_us), day = 86400;
	int64_t offsets[] = {zone_offset(z, s - day), zone_offset(z, s + day)};
	int64_t first = local_us - offsets[0] * US, second = local_us - offsets[1] * US;
	bool first_good = zone_offset(z, seconds(first)) == offsets[0];
	bool second_good = zone_offset(z, seconds(second)) == offsets[1];

	if (first_good && second_good)
		return second <= not_after && second > first ? second : first;
	if (first_good || second_good)
		return first_good ? first : second;
	/* Skipped: the change lies between the two readings. */
	int64_t low = seconds(second) - 1, high = seconds(first) + 1;
	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;
		if (zone_offset(z, middle) == offsets[1])
			high = middle;
		else
			low = middle;
	}
	return high * US;
}

void zone_print(struct zone *z, int64_t us, const char *pattern, struct strbuf *out)
{
	int64_t s = seconds(us);
	const struct zone_kind kind = *kind_at(z, s);
	struct tm tm;

	time_civil(s + kind.offset, &tm);
	tm.tm_gmtoff = (long)kind.offset;
	tm.tm_zone = kind.name;
	for (const char *c = pattern; *c; c++)
		if (*c != '%' || !c[1])
			strbuf_addch(out, *c);
		else if (*++c == 'f')
			strbuf_addf(out, "%06d", (int)(us - s * US));
		else
			time_add_conversion(out, *c, &tm, s);
}
