/* Whether statistics are true: see delta_stats_check.h. */
#include "common/lake/delta_stats_check.h"

#include <errno.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/lake/delta_facts.h"
#include "common/lake/delta_vector.h"
#include "common/parquet/actual.h"
#include "common/parquet/scan_pages.h"

/* A leaf that is examined. */
struct examined {
	struct pq_actual all, live, page; /* of the row group; of the file, without deleted rows; of the page */
	struct pq_scan_pages *pages;      /* what the index says of pages; NULL: there is none */
	size_t now;                       /* the page */
	const char *fault;                /* of pages; NULL: none */
};

/* A file that is examined. */
struct stats_check {
	const struct delta_stats_of *of;
	struct names *findings;
	struct parquet_decoded decoded;
	struct pq_source source;
	struct pq_file *file;
	struct delta_vector deleted; /* no rows: nothing is */
	struct delta_file_facts facts;
	bool loose; /* the number of nulls in the log is not exact */

	/* The column. */
	struct pq_scan *scan;
	struct examined *leaf; /* those of the scan */
	const struct schema_field *way[SCHEMA_MAX_DEPTH + 1];
	bool found; /* something is wrong */
};

static int read_at(void *arg, uint64_t at, void *to, size_t n, struct strbuf *err)
{
	const struct stats_check *c = arg;
	return store_read_all(c->of->store, c->of->path, at, to, n, err);
}

/* --- findings ----------------------------------------------------------------------------------------------------- */

/* The first one of the column, about the field to which STEPS fields lead. */
static void found(struct stats_check *c, size_t steps, const char *where, const char *fault)
{
	struct strbuf text = STRBUF_INIT;
	if (c->found)
		return;
	c->found = true;
	strbuf_addf(&text, "'%s': the statistics of column '", c->of->path);
	for (size_t i = 0; i < steps; i++)
		strbuf_addf(&text, "%s%s", i ? "." : "", c->way[i]->name);
	strbuf_addf(&text, "' in %s are wrong: %s", where, fault);
	names_add(c->findings, text.s);
	strbuf_release(&text);
}

/* Compare leaf LEAF, to which STEPS fields lead, with the footer's row group GROUP, or with the log (SIZE_MAX). */
static void compare_leaf(struct stats_check *c, size_t leaf, size_t steps, size_t group)
{
	const struct examined *seen = &c->leaf[leaf];
	if (seen->fault)
		found(c, steps, "its index of pages", seen->fault);
	bool footer = group != SIZE_MAX;
	struct prune_facts facts;
	if (footer)
		pq_scan_facts(c->scan, group, leaf, &facts);
	else
		delta_facts_within(&c->facts, c->way, steps, &facts);
	const char *fault = pq_actual_fault(
		footer ? &seen->all : &seen->live, c->scan->leaf[leaf].field, &facts, !footer && c->loose);
	if (fault)
		found(c, steps, footer ? "its footer" : "the log", fault);
}

/* Compare all leaves of FIELD, to which STEPS fields lead, except those in lists and maps. */
static void compare_field(struct stats_check *c, const struct pq_field *field, size_t steps, size_t group)
{
	if (field->missing || steps > SCHEMA_MAX_DEPTH)
		return;
	c->way[steps] = field->field;
	if (!schema_has_children(field->field->type)) {
		compare_leaf(c, field->first, steps + 1, group);
		return;
	}
	for (size_t i = 0; field->field->type == SCHEMA_STRUCT && i < field->field->count; i++)
		compare_field(c, &field->child[i], steps + 1, group);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* Take in ROW of the batch, row NUMBER of the row group, and compare the page that ends with it. */
static void add_to_page(struct examined *to, const struct pq_scan_leaf *from, size_t row, uint64_t number)
{
	struct prune_facts facts;
	if (!to->pages || to->fault || to->now == pq_scan_pages_count(to->pages))
		return;
	pq_actual_add(&to->page, from, row);
	struct pq_range rows = pq_scan_pages_facts(to->pages, to->now, &facts);
	if (number + 1 < rows.to)
		return;
	to->fault = pq_actual_fault(&to->page, from->field, &facts, false);
	pq_actual_clear(&to->page);
	to->now++;
}

static void add_batch(struct stats_check *c, size_t leaf, uint64_t first)
{
	const struct pq_scan_leaf *from = &c->scan->leaf[leaf];
	struct examined *to = &c->leaf[leaf];
	for (size_t row = 0; !from->max_rep && row < c->scan->rows; row++) {
		pq_actual_add(&to->all, from, row);
		add_to_page(to, from, row, c->scan->first_row + row - first);
		if (!c->deleted.rows.rows || !deletion_vector_has(&c->deleted.rows, c->scan->first_row + row))
			pq_actual_add(&to->live, from, row);
	}
}

/* What is wrong with the order that an index names; pages that have only nulls have no place in it. */
static const char *order_fault(const struct pq_scan_pages *pages, const struct schema_field *field)
{
	enum pq_boundary_order order = pq_scan_pages_order(pages);
	struct prune_facts before = {0}, page;
	for (size_t i = 0; order != PQ_UNORDERED && i < pq_scan_pages_count(pages); i++) {
		(void)pq_scan_pages_facts(pages, i, &page);
		if (!page.min.known || !page.max.known)
			continue;
		if (before.min.known && !pq_actual_in_order(field, order, &before, &page))
			return "the bounds are not in the order that it names";
		before = page;
	}
	return NULL;
}

/* Read what the indexes say of the pages of a row group; -EBADMSG is a fault of the leaf. */
static int begin_pages(struct stats_check *c, size_t group, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	int r = 0;
	for (size_t leaf = 0; r == 0 && leaf < c->scan->leaves; leaf++) {
		struct examined *to = &c->leaf[leaf];
		if (c->scan->leaf[leaf].max_rep)
			continue;
		r = pq_scan_pages_read(c->scan, group, leaf, &to->pages, &why);
		if (r == -EBADMSG) {
			to->fault = "it is malformed";
			r = 0;
		}
		if (to->pages)
			to->fault = order_fault(to->pages, c->scan->leaf[leaf].field);
	}
	if (r < 0)
		strbuf_addstr(err, why.s);
	strbuf_release(&why);
	return r;
}

/* The row group has ended. */
static void end_group(struct stats_check *c)
{
	for (size_t leaf = 0; leaf < c->scan->leaves; leaf++) {
		struct examined *to = &c->leaf[leaf];
		pq_actual_clear(&to->all);
		pq_actual_clear(&to->page);
		pq_scan_pages_free(to->pages);
		to->pages = NULL;
		to->fault = NULL;
		to->now = 0;
	}
}

static int examine_group(struct stats_check *c, size_t group, uint64_t first, struct strbuf *err)
{
	int more = 0, r = begin_pages(c, group, err);
	if (r == 0)
		r = pq_scan_group(c->scan, group, NULL, err);
	while (r == 0 && (more = pq_scan_next(c->scan, err)) > 0)
		for (size_t leaf = 0; leaf < c->scan->leaves; leaf++)
			add_batch(c, leaf, first);
	r = r == 0 && more < 0 ? more : r;
	if (r == 0)
		compare_field(c, &c->scan->root.child[0], 0, group);
	end_group(c);
	return r;
}

/* Examine column COLUMN of the table. */
static int examine_column(struct stats_check *c, size_t column, struct strbuf *err)
{
	const struct delta_columns *columns = c->of->columns;
	struct schema_field *fields = columns->schema.root.children + column;
	struct schema one = {.root = {.type = SCHEMA_STRUCT, .required = true, .children = fields, .count = 1}};
	const struct pq_want want = {.schema = &one,
		.by_id = columns->by_id,
		.name = delta_columns_name,
		.arg = (void *)(uintptr_t)columns}; /* the callback does not change it */
	int r = pq_scan_new(c->file, &c->source, &want, &c->scan, err);
	size_t leaves = r == 0 ? c->scan->leaves : 0;
	c->found = false;
	c->leaf = xcalloc(leaves + 1, sizeof *c->leaf);
	uint64_t first = 0;
	for (size_t group = 0; r == 0 && leaves && group < c->file->groups; group++) {
		r = examine_group(c, group, first, err);
		first += (uint64_t)c->file->group[group].rows;
	}
	if (r == 0)
		compare_field(c, &c->scan->root.child[0], 0, SIZE_MAX);
	for (size_t leaf = 0; leaf < leaves; leaf++) {
		pq_actual_clear(&c->leaf[leaf].live);
		c->decoded.leaf[c->scan->leaf[leaf].number] |= r == 0;
	}
	free(c->leaf);
	pq_scan_free(c->scan);
	c->scan = NULL;
	return r;
}

static int examine(struct stats_check *c, struct strbuf *err)
{
	const struct delta_columns *columns = c->of->columns;
	int r = pq_source_open(&c->source, &c->file, err);
	bool vector = delta_vector_is_there(c->of->add);
	if (r == 0 && vector)
		r = delta_vector_read(c->of->add, c->of->store, (uint64_t)c->file->rows, &c->deleted, err);
	c->decoded.leaves = r == 0 ? c->file->leaves : 0;
	c->decoded.leaf = xcalloc(c->decoded.leaves, sizeof *c->decoded.leaf);
	delta_facts_begin(&c->facts, columns, c->of->add);
	c->loose = vector || json_is_false(json_object_get(c->facts.stats, "tightBounds"));
	for (size_t i = 0; r == 0 && i < columns->schema.root.count; i++) {
		if (delta_columns_partitioned(columns, &columns->schema.root.children[i]))
			continue;
		r = examine_column(c, i, err);
		if (r == -ENOTSUP || r == -EFBIG) { /* not read here: others tell of that */
			strbuf_clear(err);
			r = 0;
		}
	}
	delta_facts_end(&c->facts);
	return r;
}

int delta_stats_check(const struct delta_stats_of *file, struct names *findings, struct parquet_decoded *ret_decoded,
	struct strbuf *err)
{
	struct stats_check c = {.of = file, .findings = findings, .deleted = {.data = STRBUF_INIT}};
	struct strbuf why = STRBUF_INIT;
	c.source = (struct pq_source){.read = read_at, .arg = &c, .size = file->size};
	int r = examine(&c, &why);
	if (r < 0)
		strbuf_addf(err, "'%s': %s", file->path, why.s);
	*ret_decoded = c.decoded;
	delta_vector_release(&c.deleted);
	pq_file_free(c.file);
	strbuf_release(&why);
	return r;
}
