/* Reading entries of the log: see entry.h. */
#include "common/lake/entry.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/lake/json_in.h"
#include "common/lake/percent.h"

void entry_release(struct entry *entry)
{
	json_decref(entry->info);
	json_decref(entry->adds);
	json_decref(entry->removes);
	json_decref(entry->txns);
	json_decref(entry->protocol);
	json_decref(entry->meta);
	*entry = (struct entry){0};
}

json_t *entry_state(const struct entry *entry)
{
	json_t *state = json_object_get(entry->info, "weir");
	return json_is_object(state) ? state : NULL;
}

const char *entry_txn_id(const struct entry *entry)
{
	const char *id = text_in(entry->info, "txnId");
	return id ? id : "";
}

json_t *entry_own(const struct entry *entry, int64_t version)
{
	return json_pack("{s:I,s:s}", "version", (json_int_t)version, "txnId", entry_txn_id(entry));
}

int64_t entry_undoes(const struct entry *entry, int64_t version)
{
	json_t *undoes = json_object_get(entry->info, "undoes");
	json_t *first = json_array_get(undoes, 0), *last = json_array_get(undoes, 1);
	if (!json_is_integer(first) || !json_is_integer(last) || json_integer_value(last) != version - 1)
		return -1; /* an entry that was copied to another number undoes nothing */
	return json_integer_value(first) >= 0 && json_integer_value(first) < version ? json_integer_value(first) : -1;
}

static void keep_last(json_t **slot, json_t *action)
{
	if (!action)
		return;
	json_decref(*slot);
	*slot = json_incref(action);
}

/* Add the action of one line to ENTRY. */
static int parse_line(const char *s, size_t len, struct entry *entry, char *why, size_t why_size)
{
	json_error_t error;
	json_t *line = json_loadb(s, len, JSON_REJECT_DUPLICATES, &error);
	if (!json_is_object(line)) {
		snprintf(why, why_size, "%s", line ? "not a JSON object" : error.text);
		json_decref(line);
		return -EBADMSG;
	}
	json_t *info = json_object_get(line, "commitInfo");
	json_t *file = json_object_get(line, "add"), *gone = json_object_get(line, "remove");
	json_t *moved = json_object_get(line, "txn");
	if (info && !entry->info)
		entry->info = json_incref(info);
	if (file)
		json_array_append(entry->adds, file);
	if (gone)
		json_array_append(entry->removes, gone);
	if (moved)
		json_array_append(entry->txns, moved);
	keep_last(&entry->protocol, json_object_get(line, "protocol"));
	keep_last(&entry->meta, json_object_get(line, "metaData"));
	json_decref(line);
	return 0;
}

int entry_parse(const struct strbuf *text, const char *name, struct entry *ret, struct strbuf *err)
{
	struct entry entry = {.adds = json_array(), .removes = json_array(), .txns = json_array()};
	char why[JSON_ERROR_TEXT_LENGTH] = "";
	json_int_t lines = 0;
	int r = 0;
	for (const char *s = text->s, *end = s + text->len; r == 0 && s < end; lines++) {
		const char *lf = memchr(s, '\n', (size_t)(end - s)), *stop = lf ? lf : end;
		r = parse_line(s, (size_t)(stop - s), &entry, why, sizeof why);
		s = lf ? lf + 1 : end;
	}
	if (r == 0 && lines == 0) {
		snprintf(why, sizeof why, "it is empty");
		r = -EBADMSG;
	}
	json_t *actions = json_object_get(entry_state(&entry), "actions");
	if (r == 0 && actions && json_integer_value(actions) != lines) {
		snprintf(why, sizeof why, "it has %" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT " lines", lines,
			json_integer_value(actions));
		r = -EBADMSG;
	}
	const char *fault = r == 0 ? state_fault(json_object_get(entry.info, "weir")) : NULL;
	if (fault) {
		snprintf(why, sizeof why, "%s", fault);
		lines = 1;
		r = -EBADMSG;
	}
	if (r < 0) {
		strbuf_addf(err, "the log entry '%s' is damaged (line %lld: %s)", name, (long long)lines, why);
		entry_release(&entry);
		return r;
	}
	*ret = entry;
	return 0;
}
