/* Which rows of a row group may match: see scan.h. */
#include <errno.h>

#include "common/parquet/bloom.h"
#include "common/parquet/facts.h"
#include "common/parquet/scan_impl.h"
#include "common/parquet/scan_pages.h"

#define BLOOM_HEAD 64u /* bytes of any head of a filter */

/* A row group that is looked at. */
struct scan_pruning {
	struct scan *scan;
	const struct pq_file_group *group;
	/* the Bloom filter of which may_have() is asked */
	const struct pq_file_chunk *chunk;
	struct pq_facts_of of;
	int failed; /* a read that failed */
	struct strbuf *err;
};

/* Column COLUMN, when it is a leaf that the file has and the scan has no other value for. */
static const struct schema_field *find(struct scan_pruning *p, size_t column)
{
	struct scan *scan = p->scan;
	const struct pq_field *f = &scan->seen.root.child[column];
	if (f->missing || schema_has_children(f->field->type))
		return NULL;
	const struct pq_scan_leaf *leaf = &scan->seen.leaf[f->first];
	p->of = (struct pq_facts_of){f->field, &scan->file->leaf[leaf->number], &scan->column[f->first].convert};
	p->chunk = &p->group->chunks[leaf->number];
	return f->field;
}

/* Read LEN bytes at OFFSET of the file; false: they are not there, or cannot be read. */
static bool read_some(struct scan_pruning *p, uint64_t offset, void *to, size_t len)
{
	const struct pq_source *source = &p->scan->source;
	if (p->failed || offset > source->size || len > source->size - offset)
		return false;
	p->failed = source->read(source->arg, offset, to, len, p->err);
	return p->failed == 0;
}

/* Whether the Bloom filter may have V; a filter that is malformed says nothing. */
static bool may_have(void *arg, const struct value *v)
{
	struct scan_pruning *p = arg;
	unsigned char bytes[BLOOM_HEAD], plain[8];
	struct pq_bloom_head head;
	size_t len;
	const void *value = pq_facts_plain(&p->of, v, plain, &len);
	if (!value || !p->chunk->bloom.offset || !read_some(p, p->chunk->bloom.offset, bytes, BLOOM_HEAD) ||
		pq_bloom_head_read(bytes, BLOOM_HEAD, &head) < 0)
		return true;
	uint64_t hash = pq_bloom_hash(value, len);
	uint64_t at = p->chunk->bloom.offset + head.len + PQ_BLOOM_BLOCK * pq_bloom_block(hash, head.blocks);
	return !read_some(p, at, bytes, PQ_BLOOM_BLOCK) || pq_bloom_may_have(bytes, hash);
}

static const struct schema_field *facts_of_group(void *arg, size_t column, struct prune_facts *ret)
{
	struct scan_pruning *p = arg;
	const struct schema_field *field = find(p, column);
	if (!field)
		return NULL;
	pq_facts_of_chunk(&p->of, p->chunk, p->group->rows, ret);
	ret->may_have = may_have;
	ret->arg = p;
	return field;
}

/* The rows of the pages that may match PRED. */
static void match_pages(const struct prune *pred, const struct schema_field *field, const struct pq_scan_pages *pages,
	struct pq_ranges *ret)
{
	for (size_t i = 0; i < pq_scan_pages_count(pages); i++) {
		struct prune_facts facts;
		struct pq_range rows = pq_scan_pages_facts(pages, i, &facts);
		if (prune_may(field, &facts, pred->op, &pred->value))
			pq_ranges_add(ret, rows.from, rows.to);
	}
}

/* The rows that may match PRED, a comparison; an index that is malformed says nothing. */
static void match_one(struct scan_pruning *p, const struct prune *pred, struct pq_ranges *ret)
{
	struct pq_scan_pages *pages = NULL;
	struct strbuf why = STRBUF_INIT;
	if (!prune_tree(pred, facts_of_group, p))
		return;
	const struct schema_field *field = find(p, pred->column);
	if (field && !p->failed) {
		size_t leaf = p->scan->seen.root.child[pred->column].first;
		int r = pq_scan_pages_read(
			&p->scan->seen, (size_t)(p->group - p->scan->file->group), leaf, &pages, &why);
		if (r < 0 && r != -EBADMSG) {
			p->failed = r;
			strbuf_addstr(p->err, why.s);
		}
	}
	if (pages)
		match_pages(pred, field, pages, ret);
	else
		pq_ranges_add(ret, 0, (uint64_t)p->group->rows);
	pq_scan_pages_free(pages);
	strbuf_release(&why);
}

static void match(struct scan_pruning *p, const struct prune *pred, struct pq_ranges *ret)
{
	bool all = pred->op == PRUNE_ANY || pred->op == PRUNE_AND;
	if (all)
		pq_ranges_add(ret, 0, (uint64_t)p->group->rows);
	if (pred->op > PRUNE_OR)
		match_one(p, pred, ret);
	for (size_t i = 0; i < pred->children && (pred->op == PRUNE_AND || pred->op == PRUNE_OR); i++) {
		struct pq_ranges child = {0};
		match(p, &pred->child[i], &child);
		if (all)
			pq_ranges_and(ret, &child);
		else
			pq_ranges_or(ret, &child);
		pq_ranges_release(&child);
	}
}

int pq_scan_prune(
	struct pq_scan *seen, size_t group, const struct prune *pred, struct pq_ranges *ret, struct strbuf *err)
{
	struct scan *scan = (struct scan *)seen;
	struct scan_pruning p = {.scan = scan, .group = &scan->file->group[group], .err = err};
	ret->count = 0;
	if (prune_tree(pred, facts_of_group, &p))
		match(&p, pred, ret);
	return p.failed;
}

void pq_scan_facts(const struct pq_scan *seen, size_t group, size_t leaf, struct prune_facts *ret)
{
	const struct scan *scan = (const struct scan *)seen;
	const struct pq_file_group *from = &scan->file->group[group];
	size_t number = seen->leaf[leaf].number;
	const struct pq_facts_of of = {seen->leaf[leaf].field, &scan->file->leaf[number], &scan->column[leaf].convert};
	pq_facts_of_chunk(&of, &from->chunks[number], from->rows, ret);
}
