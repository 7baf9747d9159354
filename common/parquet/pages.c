/* The pages of a column chunk: see pages.h. */
#include "common/parquet/pages.h"

#include <errno.h>
#include <inttypes.h>
#include <libdeflate.h>
#include <string.h>

#include "common/parquet/codec.h"

#define HEAD_BYTES 512u        /* of most headers */
#define HEAD_MAX   (16u << 20) /* of the longest one that is read: old writers put whole values there */
/* Old writers did not count the header of the dictionary among the bytes of a chunk (PARQUET-816). */
#define HEAD_FORGOTTEN 100u
#define PAGE_BYTES     (1u << 30) /* of the largest page */
#define PAGE_ENTRIES   (1u << 28)

int pq_pages_fail(const struct pq_pages *p, int r, const char *why, struct strbuf *err)
{
	strbuf_addf(err, "column '%s': %s", p->leaf->path, why);
	return r;
}

static int too_large(const struct pq_pages *p, uint64_t size, struct strbuf *err)
{
	strbuf_addf(err,
		"column '%s': a page of %" PRIu64 " bytes needs more memory than is allowed (%zu bytes in all)",
		p->leaf->path, size, p->budget->limit);
	return -EFBIG;
}

void pq_pages_begin(struct pq_pages *p, const struct pq_file_chunk *chunk)
{
	p->chunk = chunk;
	p->pos = (uint64_t)chunk->start;
	p->end = p->pos + (uint64_t)chunk->len;
	p->limit = p->source->size - p->end < HEAD_FORGOTTEN ? p->source->size : p->end + HEAD_FORGOTTEN;
	p->len = 0;
}

void pq_pages_release(struct pq_pages *p)
{
	pq_budget_free(p->budget, &p->buf, &p->room, 1);
}

/* Have N bytes from p->pos on in the window, and point *RET to them; there are as many before the limit. */
static int look(struct pq_pages *p, size_t n, const unsigned char **ret, struct strbuf *err)
{
	uint64_t rest = p->end > p->pos ? p->end - p->pos : 0;
	bool inside = p->pos >= p->at && p->pos - p->at <= p->len;
	size_t from = inside ? (size_t)(p->pos - p->at) : 0, have = inside ? p->len - from : 0;
	if (have < n) {
		size_t want = rest < p->window ? (size_t)rest : p->window;
		want = n > want ? n : want;
		if (pq_budget_room(p->budget, &p->buf, &p->room, want, 1, true) < 0)
			return too_large(p, n, err);
		if (have)
			memmove(p->buf, p->buf + from, have);
		p->at = p->pos;
		p->len = have;
		int r = p->source->read(p->source->arg, p->pos + have, p->buf + have, want - have, err);
		if (r < 0)
			return r;
		p->len = want;
		from = 0;
	}
	*ret = p->buf + from;
	return 0;
}

int pq_pages_next(struct pq_pages *p, struct pq_page_head *ret, struct strbuf *err)
{
	uint64_t rest = p->limit - p->pos;
	const unsigned char *bytes;
	if (p->pos >= p->end)
		return 0;
	for (size_t n = HEAD_BYTES;; n *= 8) {
		n = rest < n ? (size_t)rest : n;
		int r = look(p, n, &bytes, err);
		if (r < 0)
			return r;
		struct thrift_in t = {bytes, bytes + n, false};
		pq_page_head_read(&t, ret);
		if (!t.bad) {
			p->pos += (uint64_t)(t.p - bytes);
			break;
		}
		if (n == rest || n >= HEAD_MAX)
			return pq_pages_fail(p, -EBADMSG, "a page's header is malformed", err);
	}
	if ((uint64_t)ret->len > p->limit - p->pos)
		return pq_pages_fail(p, -EBADMSG, "a page is longer than its column chunk", err);
	if (ret->size > PAGE_BYTES || ret->entries > PAGE_ENTRIES)
		return pq_pages_fail(p, -EBADMSG, "a page is larger than what is read here", err);
	return 1;
}

/*
 * Decompress what follows the LEVELS bytes of levels, which in a V2 page come first and are not compressed.  A V2 page
 * without values may have nothing there, though its codec makes some bytes of nothing.
 */
static int unpack(struct pq_pages *p, const struct pq_page_head *head, size_t levels, const unsigned char *from,
	struct pq_page_body *body, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	size_t len = (size_t)head->len - levels, size = (size_t)head->size - levels;
	int codec = head->compressed ? p->chunk->codec : PQ_NONE, r = 0;
	bool nothing = head->type == PQ_DATA_PAGE_V2 && !len && !size;
	if (!nothing && !pq_unpack_fits(codec, from + levels, len, size))
		return pq_pages_fail(p, -EBADMSG, "a compressed page is malformed", err);
	if (pq_budget_room(p->budget, &body->data, &body->room, (size_t)head->size + PQ_PAGE_SLACK, 1, false) < 0)
		return too_large(p, (uint64_t)head->size, err);
	memcpy(body->data, from, levels);
	if (!nothing)
		r = pq_unpack(p->unpacker, codec, from + levels, len, body->data + levels, size, &why);
	if (r < 0)
		pq_pages_fail(p, r, why.s, err);
	memset(body->data + head->size, 0, PQ_PAGE_SLACK);
	strbuf_release(&why);
	return r;
}

int pq_pages_body(struct pq_pages *p, const struct pq_page_head *head, struct pq_page_body *body, struct strbuf *err)
{
	const unsigned char *from;
	int64_t levels = 0;
	if (head->type == PQ_DATA_PAGE_V2) {
		if (head->def_len > head->size || head->rep_len > head->size)
			return pq_pages_fail(p, -EBADMSG, "levels are longer than their page", err);
		levels = head->def_len + head->rep_len;
	}
	if (levels > head->size || levels > head->len)
		return pq_pages_fail(p, -EBADMSG, "levels are longer than their page", err);
	int r = look(p, (size_t)head->len, &from, err);
	if (r < 0)
		return r;
	if (head->has_crc && head->crc != libdeflate_crc32(0, from, (size_t)head->len))
		return pq_pages_fail(p, -EBADMSG, "a page's CRC is wrong", err);
	r = unpack(p, head, (size_t)levels, from, body, err);
	p->pos += (uint64_t)head->len;
	return r;
}

void pq_page_body_free(struct pq_budget *budget, struct pq_page_body *body)
{
	pq_budget_free(budget, &body->data, &body->room, 1);
}

void pq_pages_skip(struct pq_pages *p, const struct pq_page_head *head)
{
	p->pos += (uint64_t)head->len;
}

int pq_pages_seek(struct pq_pages *p, uint64_t offset, struct strbuf *err)
{
	if (offset < (uint64_t)p->chunk->start || offset >= p->end)
		return pq_pages_fail(p, -EBADMSG, "its index names a page that is not in its column chunk", err);
	p->pos = offset;
	return 0;
}
