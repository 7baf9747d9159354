/* A limit of bytes a second: see http_rate.h. */
#include "common/io/http_rate.h"

static uint64_t room(const struct http_rate *rate)
{
	uint64_t room = rate->per_second * 100; /* of a tenth of a second, in thousandths of a byte */
	return room < 1000 ? 1000 : room;       /* otherwise no byte would ever fit */
}

static void fill(struct http_rate *rate, int64_t now_ms)
{
	int64_t passed = now_ms - rate->at_ms;
	if (passed <= 0)
		return; /* this caller read the clock before the last one did */
	rate->parts += (uint64_t)(passed > 1000 ? 1000 : passed) * rate->per_second;
	if (rate->parts > room(rate))
		rate->parts = room(rate);
	rate->at_ms = now_ms;
}

void http_rate_init(struct http_rate *rate, uint64_t per_second, int64_t now_ms)
{
	*rate = (struct http_rate){.per_second = per_second, .at_ms = now_ms};
	rate->parts = room(rate);
}

uint64_t http_rate_take(struct http_rate *rate, uint64_t want, int64_t now_ms)
{
	if (!rate->per_second)
		return want;
	fill(rate, now_ms);
	uint64_t most = rate->parts / 1000;
	if (want > most)
		want = most;
	rate->parts -= want * 1000;
	return want;
}

int64_t http_rate_wait_ms(struct http_rate *rate, int64_t now_ms)
{
	if (!rate->per_second)
		return 0;
	fill(rate, now_ms);
	uint64_t half = room(rate) / 2 < 1000 ? 1000 : room(rate) / 2;
	if (rate->parts >= half)
		return 0;
	return (int64_t)((half - rate->parts + rate->per_second - 1) / rate->per_second);
}
