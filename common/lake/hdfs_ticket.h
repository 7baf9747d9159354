/*
 * Tickets of Kerberos for servers of HDFS that require authentication: SPNEGO (RFC 4559), by the system's GSS-API.
 *
 * Layer: lake (uses io, base64, secret; libgssapi_krb5).  libcurl's own support is not used, because without a ticket
 * it sends the request anonymously and does not report the reason.
 *
 * The ticket comes from the cache that KRB5CCNAME names, or from the system's cache.  It is looked up each time, so a
 * ticket that was renewed while the program runs is found.  If KRB5_CLIENT_KTNAME names a keytab, the library gets
 * tickets by itself.
 */
#ifndef WEIR_LAKE_HDFS_TICKET_H
#define WEIR_LAKE_HDFS_TICKET_H

#include <stdbool.h>

#include "common/io/http.h"

/* Whether ANSWER, a refusal, asks for a ticket. */
bool hdfs_ticket_wanted(const struct http_answer *answer);

/*
 * Append the header that proves the client's identity to the host of URL, with a line feed; it can be used for one
 * request.  Waits for the KDC when a ticket for that host is not in the cache yet.  0; -EACCES: there is no valid
 * ticket; -EAGAIN: no KDC answers; both with ERR.  The caller must wipe the memory of FIELDS.
 */
int hdfs_ticket_add(const char *url, struct strbuf *fields, struct strbuf *err) MUST_CHECK;

#endif
