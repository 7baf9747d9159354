/*
 * What the files behind sender.h share.
 */
#ifndef WEIR_PRODUCE_SENDER_IMPL_H
#define WEIR_PRODUCE_SENDER_IMPL_H

#include "cmd/produce/sender.h"

/* Say in TEXT why the first record failed, or the handle, and what to do; returns the exit status. */
int sender_explain(struct sender *s, struct strbuf *text);

#endif
