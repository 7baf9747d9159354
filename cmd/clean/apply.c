/* What each rule does to a record: see apply.h. */
#include "cmd/clean/apply.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/byteset.h"
#include "common/base/clock.h"
#include "common/base/num.h"
#include "common/data/utf8.h"

static bool is_text(const struct cell *c)
{
	return c->v.type == VALUE_STRING || c->v.type == VALUE_TEXT;
}

static bool as_number(const struct cell *c, long double *ret)
{
	switch (c->v.type) {
	case VALUE_INT:
	case VALUE_DOUBLE:
	case VALUE_NUMBER:
		return rules_number(c->v.raw, c->v.raw_len, ret);
	case VALUE_TEXT:
		return rules_number(c->v.s, c->v.len, ret);
	default:
		return false;
	}
}

/* A string that holds just that becomes the number or truth value; a column is text and stays so. */
static bool cast(struct doc *d, struct cell *c, enum value_type type)
{
	if (c->v.type == VALUE_STRING)
		doc_set_json(d, c, type, c->v.s, c->v.len, c->v.s, c->v.len);
	return true;
}

static bool to_int(struct doc *d, struct cell *c)
{
	if (c->v.type == VALUE_INT)
		return true;
	return is_text(c) && rules_is_int(c->v.s, c->v.len) && cast(d, c, VALUE_INT);
}

static bool to_float(struct doc *d, struct cell *c)
{
	long double n;
	if (c->v.type == VALUE_INT || c->v.type == VALUE_DOUBLE)
		return true;
	if (!is_text(c) || !rules_number(c->v.s, c->v.len, &n) || __builtin_isinf((double)n))
		return false;
	return cast(d, c, rules_is_int(c->v.s, c->v.len) ? VALUE_INT : VALUE_DOUBLE);
}

static bool to_bool(struct doc *d, struct cell *c)
{
	if (c->v.type == VALUE_BOOL)
		return true;
	bool yes = c->v.len == 4 && memcmp(c->v.s, "true", 4) == 0;
	bool no = c->v.len == 5 && memcmp(c->v.s, "false", 5) == 0;
	return is_text(c) && (yes || no) && cast(d, c, VALUE_BOOL);
}

static bool to_string(struct doc *d, struct cell *c)
{
	if (c->v.type == VALUE_ARRAY || c->v.type == VALUE_OBJECT)
		return false;
	if (!is_text(c))
		doc_set_string(d, c, c->v.raw, c->v.raw_len);
	return true;
}

static bool apply_type(struct doc *d, const struct rule *r, struct cell *c)
{
	struct timespec t;
	switch ((enum rule_type)r->choice) {
	case RULE_INT:
		return to_int(d, c);
	case RULE_FLOAT:
		return to_float(d, c);
	case RULE_BOOL:
		return to_bool(d, c);
	case RULE_STRING:
		return to_string(d, c);
	case RULE_TIMESTAMP:
		return value_time(&c->v, &t) == 0;
	}
	return false;
}

static bool apply_match(const struct plan *p, const struct rule *r, const struct cell *c)
{
	if (!is_text(c) || !p->match || !p->limits)
		return false;
	/* Also one that takes more than MATCH_LIMIT steps has not matched. */
	return pcre2_match(r->re, (PCRE2_SPTR)c->v.s, c->v.len, 0, 0, p->match, p->limits) >= 0;
}

static bool is_word(const struct cell *c, const struct rule_word *w)
{
	long double n;
	if (w->is_number && as_number(c, &n))
		return n == w->number;
	if (c->v.type != VALUE_BOOL && !is_text(c))
		return false;
	return (is_text(c) || !w->quoted) && c->v.len == w->len && memcmp(c->v.s, w->s, w->len) == 0;
}

static bool apply_one_of(const struct rule *r, const struct cell *c)
{
	for (size_t i = 0; i < r->word_count; i++)
		if (is_word(c, &r->words[i]))
			return true;
	return false;
}

static void apply_trim(struct doc *d, struct cell *c)
{
	static const char blanks[] = BYTESET_SPACE;
	const char *s = c->v.s, *end = s + c->v.len;
	while (s < end && *s && strchr(blanks, *s))
		s++;
	while (end > s && end[-1] && strchr(blanks, end[-1]))
		end--;
	if ((size_t)(end - s) < c->v.len)
		doc_set_string(d, c, s, (size_t)(end - s));
}

/* LOW to HIGH become the other case. */
static void apply_case(struct doc *d, struct cell *c, char low, char high)
{
	size_t i = 0;
	while (i < c->v.len && (c->v.s[i] < low || c->v.s[i] > high))
		i++;
	if (i == c->v.len)
		return;
	char *text = scratch_take(&d->scratch, c->v.len);
	for (i = 0; i < c->v.len; i++)
		text[i] = (char)(c->v.s[i] >= low && c->v.s[i] <= high ? c->v.s[i] ^ 0x20 : c->v.s[i]);
	doc_set_string(d, c, text, c->v.len);
}

static bool apply_time(struct doc *d, const struct rule *r, struct cell *c)
{
	struct timespec t;
	size_t used;
	if (!r->has_format) {
		if (value_time(&c->v, &t) < 0)
			return false;
	} else {
		if (c->v.type >= VALUE_ARRAY && c->v.type != VALUE_TEXT)
			return false;
		if (time_format_parse(&r->format, c->v.s, c->v.len, &used, &t) < 0 || used < c->v.len)
			return false;
	}
	char *text = scratch_take(&d->scratch, TIME_RFC3339_SIZE);
	doc_set_string(d, c, text, time_write_rfc3339(&t, text));
	return true;
}

static bool apply_hash(const struct plan *p, struct doc *d, struct cell *c)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char sum[EVP_MAX_MD_SIZE];
	size_t len;
	if (EVP_MAC_init(p->mac, NULL, 0, NULL) != 1 ||
		EVP_MAC_update(p->mac, (const unsigned char *)c->v.s, c->v.len) != 1 ||
		EVP_MAC_final(p->mac, sum, &len, sizeof sum) != 1)
		return false;
	char *text = scratch_take(&d->scratch, 2 * len);
	for (size_t i = 0; i < len; i++) {
		text[2 * i] = hex[sum[i] >> 4];
		text[2 * i + 1] = hex[sum[i] & 15];
	}
	doc_set_string(d, c, text, 2 * len);
	return true;
}

/* Four of less than eight characters would say too much. */
static void apply_last4(struct doc *d, struct cell *c)
{
	const char *p = c->v.s, *end = p + c->v.len, *starts[4];
	size_t count = 0;
	bool scalar = c->v.type != VALUE_ARRAY && c->v.type != VALUE_OBJECT;
	while (p < end && scalar) {
		size_t n = utf8_char_len(p, (size_t)(end - p));
		starts[count++ % 4] = p;
		p += n ? n : 1;
	}
	size_t tail = count >= 8 ? (size_t)(end - starts[count % 4]) : 0;
	char *text = scratch_take(&d->scratch, 4 + tail);
	memcpy(text, "****", 4);
	if (tail)
		memcpy(text + 4, end - tail, tail);
	doc_set_string(d, c, text, 4 + tail);
}

static bool apply_mask(const struct plan *p, struct doc *d, const struct rule *r, struct cell *c)
{
	switch ((enum rule_mask)r->choice) {
	case RULE_HASH:
		return apply_hash(p, d, c);
	case RULE_REDACT:
		doc_set_string(d, c, "***", 3);
		break;
	case RULE_LAST4:
		apply_last4(d, c);
		break;
	case RULE_NULL:
		doc_set_null(d, c);
		break;
	}
	return true;
}

static void gone(struct doc *d, struct cell *c)
{
	c->v = (struct value){.type = VALUE_MISSING};
	c->state = CELL_GONE;
	d->changed = true;
}

static void apply_rename(struct doc *d, int from, int to)
{
	struct cell *a = &d->cells[from], *b = &d->cells[to];
	if (from == to || (a->v.type == VALUE_MISSING && !d->columns))
		return;
	b->v = a->v;
	if (!b->v.s)
		b->v.s = "";
	b->state = CELL_SET;
	gone(d, a);
	a->moved_to = to;
}

static void apply_drop(struct doc *d, const struct step *s)
{
	for (size_t i = 0; i < s->rule->field_count; i++)
		for (size_t k = 0; k < d->count; k++) {
			const struct expr_field *f = &s->rule->fields[i], *other = d->cells[k].field;
			bool part = !f->column && !other->column && path_covers(&f->path, &other->path);
			if ((int)k == s->cells[i] || part)
				gone(d, &d->cells[k]);
		}
}

/* Is the field kept, a part of what is, or on the way to it? */
static bool is_kept(const struct rule *keep, const struct expr_field *f)
{
	for (size_t i = 0; i < keep->field_count; i++) {
		const struct expr_field *k = &keep->fields[i];
		if (f->column || k->column ? f->column == k->column
					   : path_covers(&k->path, &f->path) || path_covers(&f->path, &k->path))
			return true;
	}
	return false;
}

static void apply_keep(struct doc *d, const struct step *s)
{
	for (size_t k = 0; k < d->count; k++)
		if (!is_kept(s->rule, d->cells[k].field))
			gone(d, &d->cells[k]);
	d->kept = d->changed = true;
}

/* The key of several fields: the length and the text of each. */
static void add_key(struct strbuf *key, const struct doc *d, const struct cell *c)
{
	bool whole = !c->field->column && !c->field->path.count;
	const char *s = whole ? d->rec : c->v.s;
	size_t len = whole ? d->len : c->v.len;
	char kind = (char)(whole || is_text(c) ? 's' : cell_null(c) ? 'n' : 'v');
	strbuf_addf(key, "%c%zu:", kind, len);
	if (s)
		strbuf_add(key, s, len);
}

static bool apply_dedupe(struct doc *d, struct step *s)
{
	bool null = true;
	strbuf_clear(&d->out); /* free until the record is written */
	for (size_t i = 0; i < s->rule->field_count; i++) {
		const struct cell *c = &d->cells[s->cells[i]];
		null &= cell_null(c) && (c->field->column || c->field->path.count);
		add_key(&d->out, d, c);
	}
	if (null)
		return true;
	s->key = recent_hash(&s->recent, d->out.s, d->out.len);
	s->waits = true;
	return !recent_has(&s->recent, s->key, clock_ms());
}

/* Rules on a field that has a value. */
static bool apply_value(const struct plan *p, struct doc *d, const struct rule *r, struct cell *c)
{
	long double n;
	switch (r->kind) {
	case RULE_TYPE:
		return apply_type(d, r, c);
	case RULE_RANGE:
		return as_number(c, &n) && n >= r->low && n <= r->high;
	case RULE_MATCH:
		return apply_match(p, r, c);
	case RULE_ONE_OF:
		return apply_one_of(r, c);
	case RULE_TRIM:
		if (is_text(c))
			apply_trim(d, c);
		return true;
	case RULE_LOWER:
	case RULE_UPPER:
		if (is_text(c))
			apply_case(d, c, r->kind == RULE_LOWER ? 'A' : 'a', r->kind == RULE_LOWER ? 'Z' : 'z');
		return true;
	case RULE_TIME:
		return apply_time(d, r, c);
	default:
		return true;
	}
}

static bool apply(struct plan *p, struct step *s)
{
	struct doc *d = &p->doc;
	const struct rule *r = s->rule;
	struct cell *c = &d->cells[s->cells[0]];
	switch (r->kind) {
	case RULE_REQUIRE:
		return !cell_null(c);
	case RULE_DEFAULT:
		if (cell_null(c))
			doc_set_json(d, c, r->value_type, r->json, strlen(r->json), r->plain, strlen(r->plain));
		return true;
	case RULE_RENAME:
		apply_rename(d, s->cells[0], s->cells[1]);
		return true;
	case RULE_DROP:
		apply_drop(d, s);
		return true;
	case RULE_KEEP:
		apply_keep(d, s);
		return true;
	case RULE_DEDUPE:
		return apply_dedupe(d, s);
	case RULE_MASK:
		d->changed = true; /* of members with the same name those that do not count go, too */
		return cell_null(c) || apply_mask(p, d, r, c);
	default:
		return cell_null(c) || apply_value(p, d, r, c);
	}
}

struct step *plan_apply(struct plan *p)
{
	for (size_t i = 0; i < p->count; i++)
		p->steps[i].waits = false;
	for (size_t i = 0; i < p->count; i++)
		if (!apply(p, &p->steps[i]))
			return &p->steps[i];
	return NULL;
}

void plan_accept(struct plan *p)
{
	for (size_t i = 0; i < p->count && p->dedupes; i++)
		if (p->steps[i].waits)
			recent_add(&p->steps[i].recent, p->steps[i].key, clock_ms());
}

void plan_header(struct plan *p)
{
	struct doc *d = &p->doc;
	for (size_t i = 0; i < d->count; i++) { /* each column's value is its name */
		const struct path *path = &d->cells[i].field->path;
		d->cells[i].v = (struct value){.type = VALUE_TEXT};
		if (path->count)
			d->cells[i].v.s = path->steps[0].name;
		d->cells[i].v.len = path->count ? path->steps[0].len : 0;
	}
	for (size_t i = 0; i < p->count; i++) {
		const struct step *s = &p->steps[i];
		if (s->rule->kind == RULE_DROP)
			apply_drop(d, s);
		else if (s->rule->kind == RULE_KEEP)
			apply_keep(d, s);
		else if (s->rule->kind == RULE_RENAME)
			apply_rename(d, s->cells[0], s->cells[1]);
		if (s->rule->kind == RULE_RENAME && d->cells[s->cells[1]].field->path.count) {
			struct cell *to = &d->cells[s->cells[1]];
			to->v.s = to->field->path.steps[0].name;
			to->v.len = to->field->path.steps[0].len;
		}
	}
	edit_map(d);
	edit_columns(d);
}
