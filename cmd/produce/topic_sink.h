/*
 * The topic as a sink (common/stream/sink.h): a plain stream is sent as it comes, the batches of a marked one go into
 * the topic together with their positions, which are offsets of the source's group.
 */
#ifndef WEIR_PRODUCE_TOPIC_SINK_H
#define WEIR_PRODUCE_TOPIC_SINK_H

#include "cmd/produce/produce.h"

/* SELF is the struct produce. */
extern const struct sink_ops topic_sink_ops;

#endif
