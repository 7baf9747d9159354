/* Tickets of Kerberos: see hdfs_ticket.h. */
#include "common/lake/hdfs_ticket.h"

#include <errno.h>
#include <gssapi/gssapi.h>
#include <krb5.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/alloc.h"
#include "common/base/visible.h"
#include "common/data/base64.h"
#include "common/lake/secret.h"

static gss_OID_desc spnego = {6, (void *)(uintptr_t) "\x2b\x06\x01\x05\x05\x02"}; /* RFC 4178, 1.3.6.1.5.5.2 */
static gss_OID_desc kerberos = {9, (void *)(uintptr_t) "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"}; /* RFC 1964 */

bool hdfs_ticket_wanted(const struct http_answer *answer)
{
	static const char scheme[] = "Negotiate";
	const char *challenge = http_field(answer, "WWW-Authenticate");
	return answer->status == 401 && challenge && strncasecmp(challenge, scheme, sizeof scheme - 1) == 0;
}

/* Append the texts of CODE, which is of TYPE (GSS_C_GSS_CODE, GSS_C_MECH_CODE). */
static void add_texts(OM_uint32 code, int type, struct strbuf *err)
{
	OM_uint32 minor, more = 0;
	do {
		gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
		if (GSS_ERROR(gss_display_status(&minor, code, type, &kerberos, &more, &text)))
			return;
		visible_add(err, text.value, strnlen(text.value, text.length)); /* some texts have a NUL */
		(void)gss_release_buffer(&minor, &text);
		if (more)
			strbuf_addstr(err, "; ");
	} while (more);
}

/* Append the reason why there is no ticket for HOST, by MAJOR and MINOR of GSS-API. */
static int explain(const char *host, OM_uint32 major, OM_uint32 minor, struct strbuf *err)
{
	krb5_error_code code = (krb5_error_code)minor;
	bool silent = code == KRB5_KDC_UNREACH || code == KRB5_REALM_CANT_RESOLVE;
	strbuf_addf(err, "no ticket of Kerberos for '%s': ", host);
	add_texts(minor ? minor : major, minor ? GSS_C_MECH_CODE : GSS_C_GSS_CODE, err);
	if (!silent)
		strbuf_addstr(err, "; check with klist, and get one with kinit");
	return silent ? -EAGAIN : -EACCES;
}

/* The name of the service at the host of URL: "HTTP@host". */
static char *service_of(const char *url)
{
	struct strbuf name = STRBUF_INIT;
	const char *host = strstr(url, "://"), *end;
	host = host ? host + 3 : url;
	end = *host == '[' ? host + strcspn(host, "]") : host + strcspn(host, ":/?");
	host += *host == '[';
	strbuf_addstr(&name, "HTTP@");
	strbuf_add(&name, host, (size_t)(end - host));
	return strbuf_detach(&name);
}

static void add_field(const gss_buffer_desc *token, struct strbuf *fields)
{
	size_t size = BASE64_SIZE(token->length);
	char *text = xmalloc(size + 1);
	text[base64_encode(text, token->value, token->length)] = '\0';
	secret_addstr(fields, "Authorization: Negotiate ");
	secret_addstr(fields, text);
	secret_addstr(fields, "\n");
	secret_free(text);
}

/* Get the token of MECHANISM for the service NAME, which must be released in any case.  Returns the major status. */
static OM_uint32 get_token(gss_name_t name, gss_OID mechanism, OM_uint32 *minor, gss_buffer_desc *ret)
{
	gss_ctx_id_t context = GSS_C_NO_CONTEXT;
	OM_uint32 ignored;
	OM_uint32 major = gss_init_sec_context(minor, GSS_C_NO_CREDENTIAL, &context, name, mechanism, 0,
		GSS_C_INDEFINITE, GSS_C_NO_CHANNEL_BINDINGS, GSS_C_NO_BUFFER, NULL, ret, NULL, NULL);
	(void)gss_delete_sec_context(&ignored, &context, GSS_C_NO_BUFFER);
	return major;
}

/*
 * SPNEGO only reports that none of its mechanisms can be used.  So Kerberos is asked first, because it gives the
 * reason; the ticket is then in the cache.
 */
int hdfs_ticket_add(const char *url, struct strbuf *fields, struct strbuf *err)
{
	char *service = service_of(url);
	gss_buffer_desc text = {strlen(service), service}, token = GSS_C_EMPTY_BUFFER;
	gss_name_t name = GSS_C_NO_NAME;
	OM_uint32 minor = 0, ignored;
	OM_uint32 major = gss_import_name(&minor, &text, GSS_C_NT_HOSTBASED_SERVICE, &name);
	if (!GSS_ERROR(major))
		major = get_token(name, &kerberos, &minor, &token);
	(void)gss_release_buffer(&ignored, &token);
	if (!GSS_ERROR(major))
		major = get_token(name, &spnego, &minor, &token);
	int r = GSS_ERROR(major) ? explain(service + strlen("HTTP@"), major, minor, err) : 0;
	if (r == 0)
		add_field(&token, fields);
	(void)gss_release_buffer(&ignored, &token);
	(void)gss_release_name(&ignored, &name);
	free(service);
	return r;
}
