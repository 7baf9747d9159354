/* The life of transactions: see txn_core.h. */
#include "cmd/produce/txn_core.h"

static enum txn_action call(struct txn_core *core, enum txn_action action)
{
	core->call = action;
	return action;
}

static enum txn_action end(struct txn_core *core, enum txn_end how)
{
	core->call = TXN_NOTHING;
	core->end = how;
	core->over = how != TXN_GOOD && how != TXN_AGAIN;
	return TXN_END;
}

static enum txn_action due(struct txn_core *core, bool records)
{
	if (core->over || core->call != TXN_NOTHING || !core->open || !core->resumed)
		return end(core, TXN_TEMP);
	core->records = records;
	core->open = false;
	return call(core, TXN_BEGIN);
}

static enum txn_action done(struct txn_core *core)
{
	switch (core->call) {
	case TXN_BEGIN:
		return call(core, core->records ? TXN_SEND : TXN_OFFSETS);
	case TXN_SEND:
		return call(core, TXN_OFFSETS);
	case TXN_OFFSETS:
		return call(core, TXN_COMMIT);
	case TXN_ABORT:
		core->open = core->end == TXN_AGAIN;
		return end(core, core->end);
	case TXN_OPEN:
	case TXN_COMMIT:
		core->open = true;
		return end(core, TXN_GOOD);
	default:
		return end(core, TXN_TEMP);
	}
}

/* Abort, and end with HOW; what is not open cannot be aborted. */
static enum txn_action give_up(struct txn_core *core, enum txn_end how)
{
	bool begun = core->call == TXN_SEND || core->call == TXN_OFFSETS || core->call == TXN_COMMIT;
	if (!begun)
		return end(core, core->call == TXN_ABORT ? core->end : how);
	core->end = how;
	core->over = true;
	return call(core, TXN_ABORT);
}

static enum txn_action failed(struct txn_core *core, enum txn_failure failure, bool late)
{
	/* Whether what was called may happen, or have happened, nevertheless, and is the commit. */
	enum txn_end silent = core->call == TXN_COMMIT ? TXN_UNKNOWN : TXN_TEMP;
	if (core->call == TXN_ABORT) /* the next run's producer aborts it */
		return end(core, core->end == TXN_AGAIN ? TXN_TEMP : core->end);
	switch (failure) {
	case TXN_RETRY:
		return late ? end(core, silent) : call(core, core->call);
	case TXN_SPOILED:
		return give_up(core, TXN_TEMP);
	case TXN_OVERTAKEN:
		return give_up(core, TXN_STALE);
	case TXN_UNSENT:
		return give_up(core, TXN_MESSAGES);
	case TXN_REJECTED:
		return give_up(core, TXN_AGAIN);
	case TXN_FENCED:
		return end(core, core->call == TXN_COMMIT ? TXN_UNKNOWN : TXN_STALE);
	case TXN_REFUSED:
		return end(core, core->call == TXN_COMMIT ? TXN_UNKNOWN : TXN_CONFIG);
	case TXN_SLOW:
	case TXN_BROKEN:
		break;
	}
	return end(core, silent);
}

enum txn_action txn_step(struct txn_core *core, enum txn_event event, enum txn_failure failure, bool late)
{
	switch (event) {
	case TXN_ASKED:
		if (core->over || core->call != TXN_NOTHING)
			return end(core, TXN_TEMP);
		core->open = core->resumed = false;
		return call(core, TXN_OPEN);
	case TXN_RESUMED:
		core->resumed = true;
		return TXN_NOTHING;
	case TXN_DUE:
	case TXN_DUE_OFFSETS:
		return due(core, event == TXN_DUE);
	case TXN_DONE:
		return done(core);
	case TXN_FAILED:
		break;
	}
	return failed(core, failure, late);
}
