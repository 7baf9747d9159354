/* Making checkpoints: see delta_checkpoint.h. */
#include "common/lake/delta_checkpoint.h"

#include <errno.h>
#include <string.h>

#include "common/base/killpoint.h"
#include "common/lake/delta_checkpoint_rules.h"
#include "common/lake/delta_vector.h"
#include "common/lake/json_in.h"
#include "common/lake/percent.h"

/* The actions of the entries after an older checkpoint. */
struct checkpoint_news {
	json_t *protocol, *meta; /* NULL: nothing new */
	json_t *txns;            /* txn actions by appId */
	json_t *files;           /* {"add":…} or {"remove":…} by path and deletion vector, the newest of each */
};

static void news_init(struct checkpoint_news *news)
{
	*news = (struct checkpoint_news){.txns = json_object(), .files = json_object()};
}

static void news_release(struct checkpoint_news *news)
{
	json_decref(news->protocol);
	json_decref(news->meta);
	json_decref(news->txns);
	json_decref(news->files);
}

/* --- the entries -------------------------------------------------------------------------------------------------- */

/*
 * The item of FILES for ACTION, whose path another writer may have encoded in another way.  The same file with another
 * deletion vector is another one (PROTOCOL.md, "Action Reconciliation").
 */
static const char *key_of(const json_t *action, struct strbuf *buf)
{
	const char *uri = text_in(action, "path");
	strbuf_clear(buf);
	if (percent_decode(buf, uri) < 0 || strlen(buf->s) != buf->len) {
		strbuf_clear(buf);
		strbuf_addstr(buf, uri);
	}
	strbuf_addch(buf, '\n');
	delta_vector_id(action, buf);
	return buf->s;
}

/* Put ACTIONS about files, from one entry, into NEWS.  0 or -EBADMSG. */
static int take_files(struct checkpoint_news *news, const char *name, json_t *actions, struct strbuf *err)
{
	struct strbuf key = STRBUF_INIT;
	size_t i;
	json_t *action;
	int r = 0;
	json_array_foreach(actions, i, action)
	{
		if (!text_in(action, "path")) {
			strbuf_addf(err, "an action '%s' has no path", name);
			r = -EBADMSG;
			break;
		}
		json_object_set_new(news->files, key_of(action, &key), json_pack("{s:O}", name, action));
	}
	strbuf_release(&key);
	return r;
}

static void replace(json_t **slot, json_t *action)
{
	if (!action)
		return;
	json_decref(*slot);
	*slot = json_incref(action);
}

/* Add the actions of the entry VERSION.  -ENOENT when others have removed it. */
static int take_entry(const struct log *log, int64_t version, struct checkpoint_news *news, struct strbuf *err)
{
	struct strbuf name = STRBUF_INIT, text = STRBUF_INIT;
	struct entry entry;
	size_t i;
	json_t *txn;
	log_entry_name(log, version, &name);
	int r = store_get(log->store, name.s, LOG_ENTRY_MAX, &text, err);
	if (r == 0)
		r = entry_parse(&text, name.s, &entry, err);
	strbuf_release(&name);
	strbuf_release(&text);
	if (r < 0)
		return r;
	replace(&news->protocol, entry.protocol);
	replace(&news->meta, entry.meta);
	json_array_foreach(entry.txns, i, txn)
	{
		if (text_in(txn, "appId"))
			json_object_set(news->txns, text_in(txn, "appId"), txn);
	}
	r = take_files(news, "remove", entry.removes, err);
	if (r == 0)
		r = take_files(news, "add", entry.adds, err);
	entry_release(&entry);
	return r;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

/* Put {NAME:ACTION} in the form that checkpoints need. */
static int put(
	struct delta_checkpoint_out *out, const struct checkpoint_rules *rules, json_t *object, struct strbuf *err)
{
	const char *name = json_object_iter_key(json_object_iter(object));
	json_t *action = json_object_get(object, name);
	if (!delta_checkpoint_lists(rules, name, action))
		return 0;
	if (json_object_get(action, "dataChange"))
		json_object_set_new(action, "dataChange", json_false());
	return delta_checkpoint_put(out, name, action, err);
}

/* Whether NEWS replace {NAME:ACTION} of an older checkpoint. */
static bool is_replaced(const struct checkpoint_news *news, const char *name, json_t *action)
{
	if (strcmp(name, "protocol") == 0)
		return news->protocol;
	if (strcmp(name, "metaData") == 0)
		return news->meta;
	if (strcmp(name, "txn") == 0)
		return json_object_get(news->txns, text_in(action, "appId"));
	struct strbuf key = STRBUF_INIT;
	bool there = json_object_get(news->files, key_of(action, &key));
	strbuf_release(&key);
	return there;
}

/* Put the actions of the older checkpoint BASE that NEWS do not replace. */
static int put_old(struct delta_checkpoint_out *out, const struct log *log, struct delta_checkpoint base,
	const struct checkpoint_news *news, const struct checkpoint_rules *rules, struct strbuf *err)
{
	struct delta_checkpoint_in in;
	json_t *object;
	int r = delta_checkpoint_begin(&in, log, base, true, err), more = 1;
	while (r == 0 && (more = delta_checkpoint_next(&in, &object, err)) > 0) {
		const char *name = json_object_iter_key(json_object_iter(object));
		if (!is_replaced(news, name, json_object_get(object, name)))
			r = put(out, rules, object, err);
		json_decref(object);
	}
	delta_checkpoint_end(&in);
	return r < 0 ? r : more;
}

static int put_news(struct delta_checkpoint_out *out, const struct checkpoint_news *news,
	const struct checkpoint_rules *rules, struct strbuf *err)
{
	const char *key;
	json_t *action;
	int r = news->protocol ? delta_checkpoint_put(out, "protocol", news->protocol, err) : 0;
	if (r == 0 && news->meta)
		r = delta_checkpoint_put(out, "metaData", news->meta, err);
	json_object_foreach(news->txns, key, action)
	{
		if (r == 0 && delta_checkpoint_lists(rules, "txn", action))
			r = delta_checkpoint_put(out, "txn", action, err);
	}
	json_object_foreach(news->files, key, action)
	{
		r = r == 0 ? put(out, rules, action, err) : r;
	}
	return r;
}

/* Write the checkpoint of VERSION from BASE and NEWS. */
static int write_one(const struct log *log, int64_t version, struct delta_checkpoint base,
	const struct checkpoint_news *news, struct strbuf *err)
{
	const struct checkpoint_rules rules = delta_checkpoint_rules(log);
	struct delta_checkpoint_out *out;
	if (base.version < 0 && (!news->protocol || !news->meta)) {
		strbuf_addf(err, "the log of '%s' has no protocol or no schema", log->store->url);
		return -EBADMSG;
	}
	int r = delta_checkpoint_new(&out, err);
	if (r < 0)
		return r;
	if (base.version >= 0)
		r = put_old(out, log, base, news, &rules, err);
	if (r == 0)
		r = put_news(out, news, &rules, err);
	if (r == 0)
		r = delta_checkpoint_finish(out, log, version, err);
	delta_checkpoint_free(out);
	return r;
}

/* --- the range of versions ---------------------------------------------------------------------------------------- */

/* Go on from the checkpoint BASE to LOG's head. */
static int make_from(const struct log *log, struct delta_checkpoint base, struct strbuf *err)
{
	struct checkpoint_news news;
	int r = 0;
	news_init(&news);
	for (int64_t version = base.version + 1; r == 0 && version <= log->version; version++) {
		r = take_entry(log, version, &news, err);
		size_t actions = json_object_size(news.files) + json_object_size(news.txns);
		if (r < 0 || (version < log->version && actions < DELTA_CHECKPOINT_ACTIONS))
			continue;
		r = write_one(log, version, base, &news, err);
		base = (struct delta_checkpoint){version, 1};
		news_release(&news);
		news_init(&news);
	}
	news_release(&news);
	return r;
}

/* Whether another checkpoint may be tried when make_from() has returned R. */
static bool is_fault(int r)
{
	return r == -EBADMSG || r == -ENOTSUP;
}

/* Go on from the newest readable checkpoint other than TRIED, or from the first entry. */
static int make_from_any(
	const struct log *log, struct delta_checkpoint tried, struct strbuf *passed, struct strbuf *err)
{
	static const struct delta_checkpoint none = {.version = -1, .parts = 1};
	struct delta_checkpoints list;
	struct strbuf why = STRBUF_INIT;
	int r = delta_checkpoints_list(log, 0, log->version - 1, &list, err);
	bool done = r < 0;
	for (size_t i = 0; !done && i <= list.count; i++) {
		struct delta_checkpoint base = i < list.count ? list.items[i] : none;
		if (i < list.count && base.version == tried.version && base.parts == tried.parts)
			continue;
		strbuf_clear(&why);
		r = make_from(log, base, &why);
		done = !is_fault(r) || i == list.count;
		if (!done)
			strbuf_addf(passed, "%s%s", passed->len ? "; " : "", why.s);
	}
	strbuf_addstr(err, r < 0 ? why.s : "");
	if (r < 0 && list.v2)
		strbuf_addf(err, " ('%s' is a V2 checkpoint, which is not read)", list.v2);
	delta_checkpoints_release(&list);
	strbuf_release(&why);
	return r;
}

int delta_checkpoint_make(const struct log *log, struct strbuf *passed, struct strbuf *err)
{
	/* the log is not listed, because it may have many entries */
	struct delta_checkpoint hint = delta_checkpoint_hint(log);
	struct strbuf why = STRBUF_INIT;
	bool usable = hint.version >= 0 && hint.version < log->version;
	int r = usable ? make_from(log, hint, &why) : -ENOENT;
	if (is_fault(r))
		strbuf_addstr(passed, why.s);
	if (is_fault(r) || r == -ENOENT)
		r = make_from_any(log, usable ? hint : (struct delta_checkpoint){.version = -1}, passed, err);
	else if (r < 0)
		strbuf_addstr(err, why.s);
	strbuf_release(&why);
	return r;
}

bool delta_checkpoint_due(const struct log *log, int64_t *last)
{
	int64_t every = KILL_LIMIT("WEIR_CHECKPOINT_EVERY", delta_checkpoint_every(log));
	if (log->version < every || (*last != INT64_MIN && log->version - *last < every))
		return false;
	int64_t hinted = delta_checkpoint_hint(log).version; /* other writers make checkpoints, too */
	*last = hinted > *last ? hinted : *last;
	return log->version - (*last < 0 ? 0 : *last) >= every;
}
