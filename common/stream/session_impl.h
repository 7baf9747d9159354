/* What the files of the session share; private to session*.c.  See session.h. */
#ifndef WEIR_STREAM_SESSION_IMPL_H
#define WEIR_STREAM_SESSION_IMPL_H

#include "common/stream/session.h"

/* session_act.c.  Drop the actions of the last step. */
void session_forget_actions(struct session *s);
/* Add an action; its pointers are valid until the next one is added. */
struct session_action *session_act(struct session *s, enum session_action_kind kind);
/* Add an action about COUNT partitions, which the caller fills in. */
struct session_action *session_act_parts(struct session *s, enum session_action_kind kind, size_t count);
void session_report(struct session *s, enum session_reason reason, struct cursor *c, int64_t a, int64_t b);
/* Report a failure; only the first one counts. */
void session_fail(struct session *s, enum session_outcome outcome, enum session_reason reason, struct cursor *c,
	int64_t a, int64_t b);
/* Take no more records, and ignore answers to what was asked. */
void session_give_up(struct session *s);
void session_enter(struct session *s, enum session_state state, int64_t deadline);

/* session_batch.c */
void session_mark_start(struct session *s);
void session_close_batch(struct session *s, int64_t now_ms, bool flush);
void session_mark_query(struct session *s);
void session_mark_resume(struct session *s, int64_t now_ms);
void session_mark_final(struct session *s);
bool session_all_acked(const struct session *s);

/* session_assign.c: what follows when partitions are assigned or revoked. */
void session_assigned(struct session *s, int64_t now_ms, const struct session_event *e);
void session_added(struct session *s, const struct session_event *e);
void session_answered(struct session *s);
void session_found(struct session *s, int64_t now_ms, const struct session_event *e);
void session_settled(struct session *s);
void session_retake(struct session *s, int64_t now_ms);
void session_refetch(struct session *s);
void session_missing(struct session *s, struct cursor *c);
void session_revoked(struct session *s, int64_t now_ms);
void session_lost(struct session *s, int64_t now_ms);
void session_drained(struct session *s, int64_t now_ms);
void session_given_back(struct session *s);
void session_give_all_back(struct session *s);

/* session_start.c: decide where each of the partitions of the question begins and ends; false after session_fail(). */
bool session_place_all(struct session *s, const struct session_event *found);
/* START of C lies before its first record: report it, and return whether that is allowed. */
bool session_forgive(struct session *s, struct cursor *c, int64_t start);

/* session_end.c: commits, and the end of a run. */
void session_commit_due(struct session *s, int64_t now_ms);
void session_committed(struct session *s, const struct session_event *e);
void session_finish(struct session *s, int64_t now_ms);
void session_leave(struct session *s, int64_t now_ms);
/* For the states GIVING_BACK and LEAVING: whether everything that can be committed is committed. */
bool session_commits_done(struct session *s, int64_t now_ms);

#endif
