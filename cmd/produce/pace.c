/* Slows a program down: see pace.h. */
#include "cmd/produce/pace.h"

enum { LATE_MS = 100 };

int64_t pace_wait_ms(struct pace *pace, int64_t now_ms)
{
	if (!pace->began_ms)
		pace->began_ms = now_ms;
	int64_t due_ms = pace->began_ms + (int64_t)(pace->count / pace->rate * 1000) +
			 (int64_t)(pace->count % pace->rate * 1000 / pace->rate);
	if (due_ms > now_ms)
		return due_ms - now_ms;
	if (now_ms - due_ms > LATE_MS) {
		pace->began_ms = now_ms;
		pace->count = 0;
	}
	pace->count++;
	return 0;
}
