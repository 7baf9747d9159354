/* The wait for a group to form: see joining.h. */
#include "joining.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum {
	REFUSAL_MS = 5000, /* librdkafka retries about every second, so an older refusal is no longer valid */
	WORD_EVERY_MS = 60000,
};

void joining_init(struct joining *j)
{
	*j = (struct joining){.err = RD_KAFKA_RESP_ERR_NO_ERROR};
	strbuf_init(&j->reason);
}

void joining_begin(struct joining *j, int64_t now_ms)
{
	strbuf_clear(&j->reason);
	*j = (struct joining){.reason = j->reason};
	patience_begin(&j->answer, now_ms);
}

bool joining_end(struct joining *j)
{
	bool told = patience_end(&j->answer);
	patience_end(&j->held);
	return told;
}

void joining_release(struct joining *j)
{
	strbuf_release(&j->reason);
}

bool joining_is_on(const struct joining *j)
{
	return j->answer.on || j->held.on;
}

void joining_note(struct joining *j, rd_kafka_resp_err_t err, const char *reason, bool refused, int64_t now_ms)
{
	if (!joining_is_on(j) || (j->refused && !refused && now_ms - j->refused_ms < REFUSAL_MS))
		return;
	j->err = err;
	strbuf_clear(&j->reason);
	strbuf_addstr(&j->reason, reason);
	j->refused = refused;
	j->refused_ms = now_ms;
}

/* The coordinator has received our request and holds it. */
static bool is_held(const struct joining *j, const char *join_state, int64_t now_ms)
{
	if (j->refused && now_ms - j->refused_ms < REFUSAL_MS)
		return false;
	return strcmp(j->state, "up") == 0 &&
	       (strcmp(join_state, "wait-join") == 0 || strcmp(join_state, "wait-sync") == 0);
}

static void set_held(struct joining *j, bool held, int64_t now_ms)
{
	if (held == j->held.on)
		return;
	patience_end(held ? &j->answer : &j->held);
	patience_begin(held ? &j->held : &j->answer, now_ms);
	j->next_word = now_ms + WORD_EVERY_MS;
}

void joining_hear(struct joining *j, const char *json, size_t len, int64_t now_ms)
{
	if (!joining_is_on(j))
		return;
	json_t *stats = json_loadb(json, len, JSON_ALLOW_NUL, NULL);
	const json_t *group = json_object_get(stats, "cgrp");
	const char *state = json_string_value(json_object_get(group, "state"));
	const char *join_state = json_string_value(json_object_get(group, "join_state"));
	if (state && join_state) {
		snprintf(j->state, sizeof j->state, "%s", state);
		set_held(j, is_held(j, join_state, now_ms), now_ms);
	}
	json_decref(stats);
}

enum joining_step joining_ask(struct joining *j, int64_t limit_ms, int64_t held_limit_ms, int64_t now_ms)
{
	if (j->held.on) {
		if (now_ms - j->held.since >= held_limit_ms)
			return JOINING_OVER_HELD;
		if (now_ms < j->next_word)
			return JOINING_GO_ON;
		j->next_word = now_ms + WORD_EVERY_MS;
		return JOINING_TELL_HELD;
	}
	if (!j->answer.on)
		return JOINING_GO_ON;
	switch (patience_ask(&j->answer, limit_ms, now_ms)) {
	case PATIENCE_TELL:
		return JOINING_TELL;
	case PATIENCE_OVER:
		return JOINING_OVER;
	default:
		return JOINING_GO_ON;
	}
}

const char *joining_why(const struct joining *j)
{
	if (j->reason.len)
		return j->reason.s;
	if (strcmp(j->state, "query-coord") == 0 || strcmp(j->state, "wait-coord") == 0)
		return "the brokers have named no coordinator for it (which needs the topic __consumer_offsets)";
	if (strncmp(j->state, "wait-broker", strlen("wait-broker")) == 0)
		return "its coordinator cannot be reached";
	return "no answer from its coordinator";
}
