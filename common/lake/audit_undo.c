/* Entries that later ones undo: see audit.h. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/lake/audit.h"
#include "common/lake/snapshot.h"

static void version_key(int64_t version, char buf[24])
{
	snprintf(buf, 24, "%" PRId64, version);
}

/*
 * Note which entry is undone by the entry with the name I. Hardly any entry undoes another, so its text is first
 * searched for the word, and only then is the JSON parsed.
 */
static void find_undone(struct audit *a, const struct log *log, const struct names *names, size_t i)
{
	int64_t version = log_version_of(names->items[i]), first = -1;

	struct strbuf name = STRBUF_INIT, text = STRBUF_INIT, ignored = STRBUF_INIT;
	struct entry entry;
	log_entry_name(log, version, &name);
	if (store_get(log->store, name.s, LOG_ENTRY_MAX, &text, &ignored) == 0 && strstr(text.s, "\"undoes\"") &&
		entry_parse(&text, name.s, &entry, &ignored) == 0) {
		first = entry_undoes(&entry, version);
		entry_release(&entry);
	}
	for (size_t j = 0; first >= 0 && j < i; j++) {
		char key[24];
		int64_t before = log_version_of(names->items[j]);
		version_key(before, key);
		if (before >= first)
			json_object_set_new(a->undone, key, json_true());
	}
	strbuf_release(&name);
	strbuf_release(&text);
	strbuf_release(&ignored);
}

void audit_undone_find(struct audit *a, const struct log *log, const struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		if (log_version_of(names->items[i]) >= a->floor)
			find_undone(a, log, names, i);
}

bool audit_undone(const struct audit *a, int64_t version)
{
	char key[24];
	version_key(version, key);
	return json_object_get(a->undone, key);
}

void audit_undone_entry(struct audit *a, int64_t version, const struct entry *entry)
{
	size_t i;
	json_t *add, *removed;
	json_array_foreach(entry->removes, i, removed) /* the entry that undoes it adds them again */
	{
		struct strbuf path = STRBUF_INIT;
		if (snapshot_path(removed, &path) == 0)
			json_object_del(a->files, path.s);
		strbuf_release(&path);
	}
	json_array_foreach(entry->adds, i, add)
	{
		struct snapshot_file file;
		struct strbuf ignored = STRBUF_INIT;
		if (snapshot_file(add, &file, &ignored) == 0) {
			json_object_set_new_nocheck(a->removed, file.path, json_true());
			free(file.path);
		}
		strbuf_release(&ignored);
	}
	a->version = version;
}
