/* Rules as statements: see rule.h. */
#include "cmd/map/rule.h"

#include <string.h>

#include "cmd/map/bind.h"
#include "cmd/map/shape.h"
#include "common/data/rules_apply.h"
#include "common/data/value_out.h"

int rule_open(struct mapper *m)
{
	struct strbuf err = STRBUF_INIT;
	bool hashes = false;

	for (size_t i = 0; i < m->program.count; i++) {
		const struct rule *r = m->program.steps[i].rule;
		hashes |= r && rules_hash(r);
	}
	if (!hashes)
		return OPT_GO;
	if (!m->opts->key)
		return opt_usage_error(m->rf.ops->spec, "mask hash needs --key FILE");
	int r = rules_mac(&m->mac, m->opts->key, &err);
	if (r < 0)
		warn("%s", err.s);
	strbuf_release(&err);
	return r < 0 ? EXIT_CONFIG : OPT_GO;
}

/*
 * The value that the rule made goes into the row.  Of several members with one name those that are ignored go, so that
 * no reader finds there what was masked.
 */
static bool put(struct row *row, struct map_step *s, const struct value *v)
{
	const struct expr_field *f = &s->rule->fields[0];

	if (!shape_set(row, f, v, &s->made))
		return false;
	struct row_member *m = row_find(row, f);
	if (m && row->json)
		row_only(row, m);
	return true;
}

/* The value of F in the row, as a reader of the record would have it: what an expression made has no text yet. */
static void take(struct mapper *m, const struct expr_field *f, bool columns, struct strbuf *text, struct value *ret)
{
	struct strbuf made = STRBUF_INIT;

	row_value(&m->row, f, text, ret);
	if (columns && ret->type == VALUE_STRING) /* so that an empty one is null, as the column will be */
		*ret = (struct value){
			.type = VALUE_TEXT, .raw = ret->s, .raw_len = ret->len, .s = ret->s, .len = ret->len};
	if (ret->type <= VALUE_NULL || ret->type == VALUE_STRING || ret->type == VALUE_TEXT)
		return;
	if (columns)
		value_add_text(&made, ret);
	else
		value_add_json(&made, ret);
	char *room = memcpy(row_room(&m->row, made.len + 1), made.s, made.len);
	if (columns)
		*ret = (struct value){.type = VALUE_TEXT, .raw = room, .raw_len = made.len, .s = room, .len = made.len};
	else
		value_of_json(room, made.len, text, ret);
	strbuf_release(&made);
}

static bool is_columns(const struct mapper *m)
{
	return m->input != RECORDS_JSON && !m->row.json;
}

/* The value of field I of the rule of S; TEXT has room for a string with escapes. */
static struct value field_value(struct mapper *m, const struct map_step *s, size_t i, struct strbuf *text)
{
	const struct expr_field *f = &s->rule->fields[i];
	struct value v = {.type = VALUE_STRING, .s = m->rec, .len = m->len};

	if (expr_field_is_record(f)) /* as it was read */
		return v;
	if (s->sources[i].slot >= 0)
		return records_values(m->rf.records)[s->sources[i].slot];
	take(m, f, is_columns(m), text, &v);
	return v;
}

/* Apply the rule to the value of its field.  NULL, or what is wrong. */
static const char *apply(struct mapper *m, struct map_step *s)
{
	const struct rule_run run = {.columns = is_columns(m), .texts = &m->row.texts, .mac = m->mac};
	struct strbuf text = STRBUF_INIT;
	struct value v = field_value(m, s, 0, &text);
	const char *what = NULL;

	if (rules_change(s->rule->kind)) /* whatever this value is: columns are the same in all records */
		row_only_column(&m->row, &s->rule->fields[0]);
	bool there = v.type != VALUE_MISSING, mask = s->rule->kind == RULE_MASK;
	if (mask && !there && m->row.json) /* a member that does not count may have it */
		shape_only(&m->row, &s->rule->fields[0], &s->made);
	enum rule_verdict verdict = rule_value(s->rule, &run, &s->times, &v);
	if (verdict == RULE_BROKEN)
		what = s->text;
	else if ((verdict == RULE_SET || (mask && there && m->row.json)) && !put(&m->row, s, &v))
		what = "a member can be put into an object only";
	strbuf_release(&text);
	return what;
}

/* The same for dedupe. */
static const char *apply_dedupe(struct mapper *m, struct map_step *s)
{
	const struct rule *r = s->rule;
	struct strbuf text = STRBUF_INIT;
	struct value v;

	dedupe_key(&m->dedupe);
	for (size_t i = 0; i < r->key_count; i++) {
		v = field_value(m, s, i, &text);
		dedupe_key_add(&m->dedupe, &v);
	}
	bool timed = r->field_count > r->key_count;
	if (timed)
		v = field_value(m, s, r->key_count, &text);
	bool is_new = dedupe_is_new(&m->dedupe, s->dedupe, timed ? &v : NULL);
	strbuf_release(&text);
	return is_new ? NULL : s->text;
}

enum next rule_step(struct mapper *m, struct map_step *s, struct flow *flow, int *ret)
{
	const char *what = s->rule->kind == RULE_DEDUPE ? apply_dedupe(m, s) : apply(m, s);

	if (!what)
		return NEXT_STEP;
	s->broken++;
	*ret = record_filter_refuse(&m->rf, what == s->text ? NULL : s->text, what, flow);
	return *ret ? NEXT_STOP : NEXT_RECORD;
}
