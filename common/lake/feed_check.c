/* Whether a table that is read is still the same one: see feed.h. */
#include <errno.h>
#include <inttypes.h>

#include "common/lake/changes.h"
#include "common/lake/feed_impl.h"

bool feed_is_gone(const struct feed *f, int64_t version, int r)
{
	uint64_t size;
	if (r == -ENOENT)
		return true;
	return r == -EBADMSG && f->log.kind == TABLE_RAW && log_entry_size(&f->log, version, &size) == 0 && !size;
}

int feed_identity(const struct feed *f, int64_t version, struct identity *ret, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	struct entry entry;
	int r = log_read(&f->log, version, &entry, &text);
	bool gone = feed_is_gone(f, version, r);
	if (r == 0) {
		*ret = changes_identity(&entry, version);
		entry_release(&entry);
	} else if (!gone) {
		strbuf_addstr(err, text.s);
	}
	strbuf_release(&text);
	return r == 0 ? 1 : gone ? 0 : r;
}

/* The entry of LOG's version is gone: there must be the next one. */
static int check_next(const struct feed *f, struct strbuf *err)
{
	int64_t highest = -1, count, next = f->log.version + 1;
	uint64_t size;
	const char *url = f->log.store->url;
	int r = log_highest(&f->log, &highest, &count, err);
	if (r == 0 && highest < f->log.version) {
		strbuf_addf(err, "the log of '%s' has become shorter: it ends at version %" PRId64 ", not at %" PRId64,
			url, highest, f->log.version);
		r = -EBADMSG;
	} else if (r == 0 && highest > f->log.version && log_entry_size(&f->log, next, &size) == -ENOENT) {
		strbuf_addf(err, LOG_GONE, next, url);
		r = -EBADMSG;
	}
	return r;
}

/*
 * The entry of LOG's version is there.  The next one is gone if there are later ones, for which two are asked instead
 * of all: the one that the hint names, and the one after it.
 */
static int check_later(const struct feed *f, struct strbuf *err)
{
	int64_t next = f->log.version + 1, hint = f->log.kind == TABLE_RAW ? log_hint(&f->log, NULL) : -1;
	uint64_t size;
	bool later = hint > next && log_entry_size(&f->log, hint, &size) == 0;
	if (!later && log_entry_size(&f->log, next + 1, &size) < 0)
		return 0;
	if (log_entry_size(&f->log, next, &size) != -ENOENT)
		return 0;
	strbuf_addf(err, LOG_GONE, next, f->log.store->url);
	return -EBADMSG;
}

int feed_check(const struct feed *f, struct strbuf *err)
{
	struct identity is;
	int r = f->last.known ? feed_identity(f, f->log.version, &is, err) : 0;
	if (r == 0)
		return check_next(f, err);
	if (r < 0)
		return r;
	if (is.crc == f->last.crc && is.ms == f->last.ms)
		return check_later(f, err);
	strbuf_addf(err,
		"version %" PRId64
		" of '%s' is not the one that was read before: the table was created again, or an old "
		"copy was put in its place",
		f->log.version, f->log.store->url);
	return -EBADMSG;
}
