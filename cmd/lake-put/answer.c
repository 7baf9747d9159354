/* Answers to Q: see answer.h. */
#include "answer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/stream/ack.h"
#include "common/lake/log.h"
#include "marked.h"

/* OBJECT[TOPIC][KEY] = VALUE, which it takes. */
static void set(json_t *object, const char *topic, const char *key, json_t *value)
{
	if (!json_object_get(object, topic))
		json_object_set_new(object, topic, json_object());
	json_object_set_new(json_object_get(object, topic), key, value);
}

/* What the log has of one partition (null: nothing), of its last record, and of its topic. */
static void add_part(struct sink *sink, const struct mark_range *p, json_t *at, json_t *last, json_t *parts)
{
	const char *group = sink->marked->chain.group;
	json_t *state = sink->log->state, *known = state_last(state, group, p->topic, p->partition);
	int64_t next = state_position(state, group, p->topic, p->partition);
	int32_t topic_parts = state_parts(state, group, p->topic);
	char key[16];
	snprintf(key, sizeof key, "%" PRId32, p->partition);
	set(at, p->topic, key, next >= 0 ? json_integer(next) : json_null());
	if (next >= 0 && known)
		set(last, p->topic, key,
			json_pack("[O,O,O]", json_object_get(known, "ts"), json_object_get(known, "crc"),
				json_object_get(known, "offset")));
	if (topic_parts >= 0 && !json_object_get(parts, p->topic))
		json_object_set_new(parts, p->topic, json_integer(topic_parts));
}

int answer_query(struct sink *sink, uint64_t batch, const struct mark_ranges *asked)
{
	json_t *at = json_object(), *last = json_object(), *parts = json_object();
	for (size_t i = 0; i < asked->count; i++)
		add_part(sink, &asked->items[i], at, last, parts);
	char *texts[] = {json_dumps(at, JSON_COMPACT), json_dumps(last, JSON_COMPACT), json_dumps(parts, JSON_COMPACT)};
	struct ack_answer answer = {texts[0], texts[1], texts[2]};
	int r = texts[0] && texts[1] && texts[2]
			? ack_at(&sink->marked->ack, batch, &answer, state_table(sink->log->state))
			: -ENOMEM;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		free(texts[i]);
	json_decref(at);
	json_decref(last);
	json_decref(parts);
	return r;
}
