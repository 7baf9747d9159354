/* Small XML documents: see xml.h. */
#include "common/io/xml.h"

#include <errno.h>
#include <expat.h>
#include <stdbool.h>
#include <string.h>

enum {
	XML_DEPTH = 32,
	XML_TEXT = 1 << 20,  /* bytes */
	XML_CHUNK = 1 << 20, /* bytes: XML_Parse() takes an int */
};

struct xml {
	XML_Parser parser;
	xml_element *element;
	void *arg;
	struct strbuf path, texts[XML_DEPTH];
	size_t depth;
	int result;      /* the result of `element`, or -EBADMSG with `why` */
	const char *why; /* NULL: expat has the reason */
};

static void stop(struct xml *x, int result, const char *why)
{
	if (x->result)
		return; /* expat may still report what it has read before it stops */
	x->result = result;
	x->why = why;
	XML_StopParser(x->parser, XML_FALSE);
}

static void on_start(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	struct xml *x = arg;
	(void)attributes;
	if (x->depth == XML_DEPTH) {
		stop(x, -EBADMSG, "elements are nested too deep");
		return;
	}
	if (x->result)
		return;
	const char *colon = strrchr(name, ':');
	if (x->depth)
		strbuf_addch(&x->path, '/');
	strbuf_addstr(&x->path, colon && colon[1] ? colon + 1 : name);
	strbuf_clear(&x->texts[x->depth++]);
}

static void on_text(void *arg, const XML_Char *s, int len)
{
	struct xml *x = arg;
	if (x->result || !x->depth)
		return;
	struct strbuf *text = &x->texts[x->depth - 1];
	if (text->len + (size_t)len > XML_TEXT)
		stop(x, -EBADMSG, "a string is too long");
	else
		strbuf_add(text, s, (size_t)len);
}

static void on_end(void *arg, const XML_Char *name)
{
	struct xml *x = arg;
	(void)name;
	if (x->result)
		return;
	struct strbuf *text = &x->texts[--x->depth];
	int r = x->element(x->arg, x->path.s, text);
	explicit_bzero(text->s, text->len); /* wipe it: the answers of STS contain keys */
	if (r)
		stop(x, r, NULL);
	const char *slash = strrchr(x->path.s, '/');
	strbuf_setlen(&x->path, slash ? (size_t)(slash - x->path.s) : 0);
}

static void on_doctype(void *arg, const XML_Char *name, const XML_Char *sysid, const XML_Char *pubid, int internal)
{
	(void)name, (void)sysid, (void)pubid, (void)internal;
	stop(arg, -EBADMSG, "it has a document type");
}

static bool parse(struct xml *x, const char *s, size_t len)
{
	enum XML_Status status;
	do {
		size_t n = len < XML_CHUNK ? len : XML_CHUNK;
		status = XML_Parse(x->parser, n ? s : "", (int)n, n == len);
		s += n;
		len -= n;
	} while (status == XML_STATUS_OK && len);
	return status == XML_STATUS_OK;
}

int xml_read(const char *s, size_t len, xml_element *element, void *arg, struct strbuf *err)
{
	struct xml x = {.parser = XML_ParserCreate(NULL), .element = element, .arg = arg, .path = STRBUF_INIT};
	if (!x.parser)
		return -ENOMEM;
	for (size_t i = 0; i < XML_DEPTH; i++)
		strbuf_init(&x.texts[i]);
	XML_SetUserData(x.parser, &x);
	XML_SetElementHandler(x.parser, on_start, on_end);
	XML_SetCharacterDataHandler(x.parser, on_text);
	XML_SetStartDoctypeDeclHandler(x.parser, on_doctype);
	bool ok = parse(&x, s, len);
	int r = x.result;
	if (!ok && !r)
		r = -EBADMSG;
	if (r == -EBADMSG && (x.why || !x.result))
		strbuf_addf(err, "line %lu: %s", (unsigned long)XML_GetCurrentLineNumber(x.parser),
			x.why ? x.why : XML_ErrorString(XML_GetErrorCode(x.parser)));
	XML_ParserFree(x.parser);
	strbuf_release(&x.path);
	for (size_t i = 0; i < XML_DEPTH; i++)
		strbuf_release(&x.texts[i]);
	return r;
}
