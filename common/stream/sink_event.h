/*
 * A mark, as the event that the core of a sink takes.
 *
 * Layer: stream (uses base, mark, mark_offsets, sink_core; jansson).
 */
#ifndef WEIR_STREAM_SINK_EVENT_H
#define WEIR_STREAM_SINK_EVENT_H

#include "common/stream/sink_core.h"

/*
 * Turn MARK into an event.  -EBADMSG, with the reason in ERR, when its members about partitions cannot be read.
 * Release *ret in any case: it owns its group and ranges.
 */
int sink_event_read(const struct mark *mark, struct sink_event *ret, struct strbuf *err) MUST_CHECK;
void sink_event_release(struct sink_event *event);

#endif
