/* Carries out the session's actions: see follow.h. */
#include "common/base/clock.h"
#include "common/base/killpoint.h"
#include "follow.h"

static const int statuses[] = {[OUTCOME_DATA] = EXIT_DATA, [OUTCOME_AGAIN] = EXIT_TEMP, [OUTCOME_CONFIG] = EXIT_CONFIG};

static void say(struct follow *f, const struct session_action *a)
{
	struct strbuf text = STRBUF_INIT;
	follow_words(&text, f, a);
	if (a->kind == ACTION_FAIL)
		follow_fail(f, statuses[a->outcome], "%s", text.s);
	else
		warn("%s", text.s);
	strbuf_release(&text);
}

/* The sinks have everything before the version NEXT: write that to the file. */
static void commit(struct follow *f, int64_t next)
{
	struct strbuf err = STRBUF_INIT;
	struct position_file at = {.next = next};
	int r = next > 0 ? feed_identity(&f->feed, next - 1, &at.last, &err) : 0;
	KILL_POINT("source-before-commit");
	if (r >= 0)
		r = position_file_write(f->opt->position_file, f->feed.table, &at, &err);
	KILL_POINT("source-after-commit");
	if (r < 0)
		follow_fail(f, diag_status(r), "%s", err.s);
	else
		f->committed_next = next;
	f->committed = true;
	strbuf_release(&err);
}

static void act(struct follow *f, const struct session_action *a)
{
	if (source_act(&f->source, a))
		return;
	switch (a->kind) {
	case ACTION_JOIN:
		f->joining = true;
		break;
	case ACTION_LOOK_UP:
		f->looking = true;
		f->look_number = a->number;
		break;
	case ACTION_ASSIGN:
		f->placing = true;
		break;
	case ACTION_COMMIT:
		commit(f, a->parts[0].offset);
		break;
	case ACTION_TELL:
	case ACTION_FAIL:
		say(f, a);
		break;
	default:
		break;
	}
}

void follow_step(struct follow *f, const struct session_event *event)
{
	session_step(&f->source.session, clock_ms(), event);
	for (size_t i = 0; i < f->source.session.action_count; i++)
		act(f, &f->source.session.actions[i]);
}

void follow_step_kind(struct follow *f, enum session_event_kind kind)
{
	follow_step(f, &(struct session_event){.kind = kind});
}
