/* The actions that a session asks for: see session.h. */
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/stream/session_impl.h"

void session_init(struct session *s, const struct session_policy *policy)
{
	*s = (struct session){
		.policy = policy, .state = SESSION_GREETING, .left = policy->count, .ts_min = -1, .ts_max = -1};
}

void session_forget_actions(struct session *s)
{
	for (size_t i = 0; i < s->action_count; i++) {
		if (s->actions[i].mark)
			free(s->actions[i].mark->parts);
		free(s->actions[i].mark);
		free(s->actions[i].parts);
	}
	s->action_count = 0;
}

void session_release(struct session *s)
{
	session_forget_actions(s);
	free(s->actions);
	free(s->asked);
	progress_release(&s->progress);
	cursors_release(&s->cursors);
	*s = (struct session){0};
}

struct session_action *session_act(struct session *s, enum session_action_kind kind)
{
	if (s->action_count == s->action_cap) {
		s->action_cap = s->action_cap ? 2 * s->action_cap : 8;
		s->actions = xreallocarray(s->actions, s->action_cap, sizeof *s->actions);
	}
	struct session_action *a = &s->actions[s->action_count++];
	*a = (struct session_action){.kind = kind};
	return a;
}

struct session_action *session_act_parts(struct session *s, enum session_action_kind kind, size_t count)
{
	struct session_action *a = session_act(s, kind);
	a->parts = xcalloc(count + 1, sizeof *a->parts);
	a->count = count;
	return a;
}

static struct session_action *say(struct session *s, enum session_action_kind kind, enum session_reason reason,
	struct cursor *c, int64_t a, int64_t b)
{
	struct session_action *action = session_act_parts(s, kind, c ? 1 : 0);
	action->parts[0].cursor = c;
	action->reason = reason;
	action->a = a;
	action->b = b;
	return action;
}

void session_report(struct session *s, enum session_reason reason, struct cursor *c, int64_t a, int64_t b)
{
	say(s, ACTION_TELL, reason, c, a, b);
}

void session_enter(struct session *s, enum session_state state, int64_t deadline)
{
	s->state = state;
	s->deadline = deadline;
}

void session_give_up(struct session *s)
{
	s->failed = true;
	if (s->state >= SESSION_FAILING)
		return;
	s->question++;
	if (s->state != SESSION_FINISHING && !s->closed)
		session_act(s, ACTION_CLOSE);
	session_enter(s, SESSION_FAILING, 0);
}

void session_fail(struct session *s, enum session_outcome outcome, enum session_reason reason, struct cursor *c,
	int64_t a, int64_t b)
{
	if (s->failed)
		return;
	say(s, ACTION_FAIL, reason, c, a, b)->outcome = outcome;
	session_give_up(s);
}
