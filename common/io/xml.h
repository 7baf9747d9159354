/*
 * Small XML documents, such as the answers of object stores: the text of each element, by its path.
 *
 * Layer: io (uses base).  It uses expat.  A document type declaration is refused, so there are only the five predefined
 * entities, and nothing outside the document is read.
 */
#ifndef WEIR_IO_XML_H
#define WEIR_IO_XML_H

#include <stddef.h>

#include "common/base/strbuf.h"

/*
 * Called at the end of each element: PATH is the path of the element from the root ("ListBucketResult/Contents/Key"),
 * without namespaces; TEXT is its own characters (not those of elements inside it), and TEXT->s ends in NUL.  Anything
 * but 0 ends the reading.
 */
typedef int xml_element(void *arg, const char *path, const struct strbuf *text);

/*
 * Read the LEN bytes at S.  0, what ELEMENT returned, or -EBADMSG with the reason and the line in ERR: not well-formed,
 * cut off, a document type, deeper than 32 elements, or a string longer than 1 MiB.
 */
int xml_read(const char *s, size_t len, xml_element *element, void *arg, struct strbuf *err) MUST_CHECK;

#endif
