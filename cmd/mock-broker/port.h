/* The ports on which the brokers of the mock cluster listen. */
#ifndef WEIR_MOCK_BROKER_PORT_H
#define WEIR_MOCK_BROKER_PORT_H

#include <stdint.h>

#include "common/base/diag.h"

/*
 * From now on the brokers listen on FIRST and the ports after it, in the order in which they are created; 0: on free
 * ports.
 *
 * Returns 0 when COUNT ports are free (the mock cluster does not survive a port that is not), else a negative errno of
 * bind(2) and the port in *ret_port.
 */
int port_begin(uint16_t first, unsigned count, uint16_t *ret_port) MUST_CHECK;

#endif
