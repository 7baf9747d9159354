/*
 * Tickets of Kerberos for servers of HDFS that want to know who asks: SPNEGO (RFC 4559), by the system's GSS-API.
 *
 * Layer: lake (uses io, base64, secret; libgssapi_krb5).  Not libcurl's own: it asks anonymously when there is no
 * ticket, and keeps the reason to itself.
 *
 * The ticket is one of the cache that KRB5CCNAME names, or of the system's; it is looked for each time, so one that is
 * renewed beside the program is found.  Where KRB5_CLIENT_KTNAME names a keytab, the library itself gets tickets.
 */
#ifndef WEIR_LAKE_HDFS_TICKET_H
#define WEIR_LAKE_HDFS_TICKET_H

#include <stdbool.h>

#include "common/io/http.h"

/* Whether ANSWER, a refusal, asks for a ticket. */
bool hdfs_ticket_wanted(const struct http_answer *answer);

/*
 * Append the header that proves to the host of URL who asks, with a line feed; it is good for one request.  Waits for
 * the KDC when a ticket for that host is not in the cache yet.  0; -EACCES there is no ticket, or none that is good;
 * -EAGAIN no KDC answers; both with ERR.  The memory of FIELDS is to be wiped.
 */
int hdfs_ticket_add(const char *url, struct strbuf *fields, struct strbuf *err) MUST_CHECK;

#endif
