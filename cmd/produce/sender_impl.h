/* Shared by the files behind sender.h. */
#ifndef WEIR_PRODUCE_SENDER_IMPL_H
#define WEIR_PRODUCE_SENDER_IMPL_H

#include "cmd/produce/sender.h"

/* Append to TEXT why the first record or the handle has failed, and what to do; returns the exit status. */
int sender_explain(struct sender *s, struct strbuf *text);

#endif
