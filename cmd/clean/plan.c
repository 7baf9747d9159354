/* Makes steps from rules: see plan.h. */
#include "cmd/clean/plan.h"

#include <errno.h>
#include <stdlib.h>

#include "cmd/clean/apply.h"
#include "common/base/alloc.h"

static bool below(const struct expr_field *a, const struct expr_field *b)
{
	return !a->column && !b->column && a->path.count && a->path.count < b->path.count &&
	       path_covers(&a->path, &b->path);
}

/* Whether two rules cannot be combined, because R uses a whole field and O names a part of it, which few rules do. */
static bool conflict(const struct rule *r, const struct rule *o)
{
	for (size_t k = 0; k < o->field_count && rule_ops[r->kind].whole; k++)
		for (size_t i = 0; i < r->field_count && o->fields[k].path.count > 1; i++)
			if (below(&r->fields[i], &o->fields[k]))
				return true;
	return false;
}

static int check(const struct rules *rules, struct strbuf *err)
{
	const struct rule *keep = NULL;
	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *r = &rules->items[i];
		if (r->kind == RULE_KEEP && keep) {
			strbuf_addf(err, "'%s' and '%s': there can be only one keep", keep->text, r->text);
			return -EINVAL;
		}
		if (r->kind == RULE_KEEP)
			keep = r;
		for (size_t k = 0; k < rules->count; k++) {
			if (!conflict(r, &rules->items[k]))
				continue;
			strbuf_addf(err, "'%s' and '%s': one takes a field as a whole, the other a part of it", r->text,
				rules->items[k].text);
			return -EINVAL;
		}
	}
	return 0;
}

static int add_step(struct plan *p, const struct rule *rule, struct records *records, bool header, struct strbuf *err)
{
	struct step *s = &p->steps[p->count++];
	s->rule = rule;
	s->cells = xcalloc(rule->field_count, sizeof *s->cells);
	for (size_t i = 0; i < rule->field_count; i++) {
		const struct expr_field *f = &rule->fields[i];
		s->cells[i] = doc_cell(&p->doc, f);
		struct field_edit *c = &p->doc.cells[s->cells[i]];
		bool target = rule->kind == RULE_RENAME && i == 1;
		c->target |= target;
		p->doc.targets |= header && target;
		if (header && target && records_check(records, f, err) < 0)
			return -EINVAL;
		bool renamed = header && c->target; /* the new name need not be in a header */
		if (c->source >= 0 || expr_field_is_record(f) || renamed)
			continue;
		c->source = records_add(records, f, err);
		if (c->source < 0)
			return c->source;
	}
	return 0;
}

static void mark_kept(struct plan *p, const struct step *s)
{
	for (size_t i = 0; s->rule->kind == RULE_KEEP && i < s->rule->field_count; i++) {
		struct node *n = p->doc.cells[s->cells[i]].node;
		p->doc.cells[s->cells[i]].kept = true;
		if (n)
			n->keep = true;
		while (n && (n = n->parent))
			n->leads = true;
	}
}

int plan_init(struct plan *p, const struct rules *rules, struct records *records, bool header, uint64_t memory,
	struct strbuf *err)
{
	*p = (struct plan){.steps = xcalloc(rules->count, sizeof *p->steps)};
	doc_init(&p->doc, header);
	int r = check(rules, err);
	for (size_t i = 0; i < rules->count && !r; i++) {
		r = add_step(p, &rules->items[i], records, header, err);
		mark_kept(p, &p->steps[i]);
		if (rules->items[i].kind == RULE_DEDUPE)
			p->steps[i].number = dedupe_add(&p->dedupe, &rules->items[i]);
	}
	return r ? r : dedupe_open(&p->dedupe, memory, err);
}

void plan_release(struct plan *p)
{
	for (size_t i = 0; i < p->count; i++)
		free(p->steps[i].cells);
	free(p->steps);
	dedupe_release(&p->dedupe);
	doc_release(&p->doc);
	EVP_MAC_CTX_free(p->mac);
}

bool plan_hashes(const struct plan *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (rules_hash(p->steps[i].rule))
			return true;
	return false;
}

void plan_query(const struct plan *p, struct strbuf *ret)
{
	size_t last = p->count;
	while (last && p->steps[last - 1].rule->kind != RULE_DEDUPE)
		last--;
	for (size_t i = 0; i < last; i++) {
		const struct rule *r = p->steps[i].rule;
		if (!rule_ops[r->kind].shapes_key)
			continue;
		strbuf_addf(ret, "%s%s", ret->len ? "; " : "", r->text);
		rules_key_id(r, p->mac, ret);
	}
}
