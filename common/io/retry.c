/* What follows a try: see retry.h. */
#include "common/io/retry.h"

enum {
	/* how many closed connections in a row are retried at once; more of them count as failures */
	RETRY_STALE_MOST = 3,
};

static int64_t jitter(const struct retry *retry, uint64_t random)
{
	int64_t limit = RETRY_LONGEST_MS;
	if (retry->pauses < 7) /* 100 ms doubled seven times is more than 10 s */
		limit = RETRY_FIRST_MS << retry->pauses;
	return (int64_t)(random % (uint64_t)(limit + 1));
}

enum retry_action retry_decide(struct retry *retry, enum retry_event event, int64_t after_ms, int64_t now_ms,
	uint64_t random, int64_t *ret_pause_ms)
{
	if (event == RETRY_ANSWERED || event == RETRY_HOPELESS || retry->once || now_ms >= retry->deadline_ms)
		return RETRY_END;
	if (event == RETRY_REFUSED) {
		if (!retry->renews || retry->renewed)
			return RETRY_END;
		retry->renewed = true;
		return RETRY_RENEW;
	}
	int64_t pause = 0;
	bool at_once = event == RETRY_STALE && retry->stale++ < RETRY_STALE_MOST;
	if (!at_once)
		pause = after_ms >= 0 ? after_ms : jitter(retry, random);
	if (pause >= retry->deadline_ms - now_ms)
		return RETRY_END;
	if (!at_once && retry->pauses < UINT32_MAX)
		retry->pauses++;
	*ret_pause_ms = pause;
	return RETRY_PAUSE;
}
