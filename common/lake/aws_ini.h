/*
 * The files ~/.aws/config and ~/.aws/credentials: sections with settings.
 *
 * Layer: lake (uses base, secret).  Source: "Shared config and credentials files" of the AWS SDKs and Tools Reference
 * Guide, and what botocore accepts:
 *
 *     [profile one]            the words and quotes of a section's name are joined as a shell would: [profile "one"]
 *     region = eu-west-1       a name, ignoring case, '=', a value; blanks around them are ignored
 *     # comment                also ';', at the start of a line only: a value may contain either
 *     s3 =                     nested settings
 *       endpoint_url = http://…
 *     credential_process = /bin/x
 *       --more                 a line that is indented deeper continues the value, as another line of it
 *
 * Of settings with the same name the last one counts; sections with the same name are merged.  Lines end in LF or CR
 * LF.
 */
#ifndef WEIR_LAKE_AWS_INI_H
#define WEIR_LAKE_AWS_INI_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/strbuf.h"

enum { AWS_INI_MAX = 1 << 20 }; /* bytes of a file */

struct aws_ini;

/* Read the LEN bytes at S.  0, or -EBADMSG with the line and the reason, but none of the contents, in ERR. */
int aws_ini_parse(const char *s, size_t len, struct aws_ini **ret, struct strbuf *err) MUST_CHECK;

/*
 * Read the file PATH.  0; -EBADMSG as above, also for a file that is longer than AWS_INI_MAX or not a regular one; or
 * -errno.  ERR names the file, and with -ENOENT, -ENOTDIR and -EACCES the caller may go on without it.
 */
int aws_ini_read(const char *path, struct aws_ini **ret, struct strbuf *err) MUST_CHECK;

/* Wipes what it frees.  INI may be NULL, here and below: there is no section in it. */
void aws_ini_free(struct aws_ini *ini);

bool aws_ini_has(const struct aws_ini *ini, const char *section);

/*
 * The value of KEY (lower case) in SECTION or, when INNER is not NULL, that of INNER nested in KEY; NULL when there is
 * none or it is empty.  Belongs to INI.
 */
const char *aws_ini_get(const struct aws_ini *ini, const char *section, const char *key, const char *inner);

#endif
