/* Staged files in a bucket: see s3.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/killpoint.h"
#include "common/lake/s3.h"

static struct s3_stage *stage_of(struct stage *stage)
{
	return (struct s3_stage *)stage;
}

bool s3_is_stage(const char *tag)
{
	size_t n = strlen(S3_STAGES "/");
	const char *uuid = tag + n;
	return strncmp(tag, S3_STAGES "/", n) == 0 && uuid_begins(uuid) && uuid[UUID_LEN] == '-' &&
	       uuid[UUID_LEN + 1] && !uuid[UUID_LEN + 1 + strspn(uuid + UUID_LEN + 1, "0123456789")];
}

size_t s3_object_fields(
	const struct store_s3 *s3, bool final, const char *tag, struct strbuf *text, const char *ret[S3_FIELDS])
{
	const struct store_options *opt = &s3->options;
	size_t starts[S3_FIELDS], n = 0;
	const struct {
		const char *name, *value;
	} fields[] = {
		{S3_META, tag},
		{"x-amz-server-side-encryption", opt->sse},
		{"x-amz-server-side-encryption-aws-kms-key-id", opt->sse_key},
		{"x-amz-storage-class", final ? opt->storage_class : NULL},
		{"x-amz-tagging", final ? opt->tags : NULL},
		{"x-amz-tagging-directive", final && opt->tags ? "REPLACE" : NULL},
	};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		if (!fields[i].value)
			continue;
		starts[n++] = text->len;
		strbuf_addf(text, "%s: %s", fields[i].name, fields[i].value);
		strbuf_add(text, "", 1);
	}
	for (size_t i = 0; i < n; i++)
		ret[i] = text->s + starts[i];
	return n;
}

int s3_stage_open(struct store *store, const char *path, struct stage **ret, struct strbuf *err)
{
	struct store_s3 *s3 = store_s3(store);
	struct s3_stage *stage = xcalloc(1, sizeof *stage);
	struct strbuf tag = STRBUF_INIT;
	strbuf_addf(&tag, S3_STAGES "/%s-%" PRIu64, s3->writer, s3->stages++);
	stage->s3 = s3;
	stage->base.store = store;
	stage->base.path = xstrdup(path);
	stage->base.tag = strbuf_detach(&tag);
	stage->bytes.pool = s3->pool;
	stage->sum = EVP_MD_CTX_new();
	stage->next = s3->open;
	s3->open = stage;
	if (stage->sum && EVP_DigestInit_ex(stage->sum, EVP_sha256(), NULL) == 1) {
		*ret = &stage->base;
		return 0;
	}
	strbuf_addstr(err, "cannot compute a SHA-256");
	store_stage_free(&stage->base);
	return -ENOMEM;
}

int s3_append(struct store *store, struct stage *base, const void *data, size_t len, struct strbuf *err)
{
	struct s3_stage *stage = stage_of(base);
	const char *s = data;
	int r = s3_move(store_s3(store), err);
	while (r == 0 && len) {
		uint64_t room = s3_part_size(stage->nparts) - stage->bytes.len;
		size_t n = len < room ? len : (size_t)room;
		r = backlog_append(&stage->bytes, s, n, err);
		if (r == 0 && EVP_DigestUpdate(stage->sum, s, n) != 1) {
			strbuf_addstr(err, "cannot compute a SHA-256");
			r = -ENOMEM;
		}
		if (r < 0)
			return r;
		base->size += n;
		s += n;
		len -= n;
		if (n == room) /* whether more comes or not: what is sent needs no memory */
			r = s3_send_part(stage, err);
	}
	return r;
}

int s3_seal(struct store *store, struct stage *base, struct strbuf *err)
{
	struct s3_stage *stage = stage_of(base);
	(void)store;
	stage->sealed = true;
	if (!stage->upload)
		return s3_send_whole(stage, err);
	return stage->bytes.len ? s3_send_part(stage, err) : 0;
}

int s3_sync(struct store *store, struct strbuf *err)
{
	struct store_s3 *s3 = store_s3(store);
	int r = s3_land(s3, NULL, 0, err); /* all parts and whole objects */
	for (struct s3_stage *stage = s3->open; r == 0 && stage; stage = stage->next)
		if (stage->sealed && stage->upload)
			r = s3_send_complete(stage, err);
	if (r == 0)
		r = s3_land(s3, NULL, 0, err);
	for (struct s3_stage *stage = s3->open, *next; r == 0 && stage; stage = next) {
		next = stage->next;
		if (stage->sealed)
			s3_stage_end(stage);
	}
	KILL_POINT("synced");
	if (r < 0) { /* it has been told; what comes after it is a new attempt */
		s3_ground(s3, NULL);
		s3->failed = 0;
		strbuf_clear(&s3->why);
	}
	return r;
}

void s3_stage_end(struct s3_stage *stage)
{
	struct s3_stage **p = &stage->s3->open;
	while (*p && *p != stage)
		p = &(*p)->next;
	if (!*p)
		return;
	*p = stage->next;
	s3_ground(stage->s3, stage);
	backlog_release(&stage->bytes);
	free(stage->upload);
	stage->upload = NULL;
}

void s3_stage_free(struct stage *base)
{
	struct s3_stage *stage = stage_of(base);
	s3_stage_end(stage);
	for (size_t i = 0; i < stage->nparts; i++)
		free(stage->etags[i]);
	free(stage->etags);
	EVP_MD_CTX_free(stage->sum);
}

int s3_discard(struct store *store, const char *tag, struct strbuf *err)
{
	struct store_s3 *s3 = store_s3(store);
	if (!s3_is_stage(tag)) { /* tags come from the log, too */
		strbuf_addf(err, "the log of '%s' names '%s' as a stage, which it is not", store->url, tag);
		return -EBADMSG;
	}
	struct s3_stage *stage = s3->open;
	while (stage && strcmp(stage->base.tag, tag) != 0)
		stage = stage->next;
	if (stage) {
		char *upload = stage->upload;
		stage->upload = NULL;
		s3_stage_end(stage);
		if (upload)
			s3_abort_upload(s3, tag, upload);
		free(upload);
	}
	return s3_remove(store, tag, err);
}
