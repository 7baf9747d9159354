/* Which account to use, and how to authenticate: see az_settings.h. */
#include "common/lake/az_settings.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/alloc.h"
#include "common/base/config.h"
#include "common/data/base64.h"
#include "common/lake/secret.h"

/* The emulator's account, whose key is published. */
#define EMULATOR          "devstoreaccount1"
#define EMULATOR_KEY      "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
#define EMULATOR_ENDPOINT "http://127.0.0.1:10000/" EMULATOR

/* The parts of a connection string; owned. */
enum { NAME, KEY, SAS, ENDPOINT, PROTOCOL, SUFFIX, EMULATED, PARTS };
static const char *const names[PARTS] = {"AccountName", "AccountKey", "SharedAccessSignature", "BlobEndpoint",
	"DefaultEndpointsProtocol", "EndpointSuffix", "UseDevelopmentStorage"};

const char *az_variable(const char *name)
{
	return config_variable(name);
}

void az_settings_release(struct az_settings *settings)
{
	secret_free(settings->key);
	secret_free(settings->sas);
	free(settings->account);
	free(settings->endpoint);
	*settings = (struct az_settings){0};
}

/* Store the part of LEN bytes at S. */
static int take(const char *s, size_t len, char *parts[PARTS], struct strbuf *err)
{
	size_t n = strcspn(s, "=");
	if (n >= len || !n) {
		strbuf_addstr(err, "a part of it is not NAME=VALUE");
		return -EINVAL;
	}
	for (size_t i = 0; i < PARTS; i++) {
		if (strlen(names[i]) != n || strncasecmp(names[i], s, n) != 0)
			continue;
		if (parts[i]) {
			strbuf_addf(err, "it has %s twice", names[i]);
			return -EINVAL;
		}
		if (len > n + 1)
			parts[i] = xstrndup(s + n + 1, len - n - 1);
	}
	return 0;
}

static int split(const char *text, char *parts[PARTS], struct strbuf *err)
{
	int r = 0;
	for (const char *s = text; r == 0 && *s;) {
		size_t len = strcspn(s, ";");
		if (strspn(s, " \t") < len)
			r = take(s, len, parts, err);
		s += len + (s[len] == ';');
	}
	return r;
}

/* What is wrong with SETTINGS, or NULL. */
static const char *fault_of(const struct az_settings *settings)
{
	size_t n = settings->key ? strlen(settings->key) : 0, ignored;
	char *plain = xmalloc(n + 1);
	bool good = !n || base64_decode(plain, settings->key, n, &ignored) == 0;
	OPENSSL_cleanse(plain, n + 1);
	free(plain);
	if (!good)
		return "the key is not base64";
	for (const char *s = settings->sas ? settings->sas : ""; *s; s++)
		if (*s <= ' ' || *s >= 0x7f || strchr("?#\"<>", *s))
			return "the shared access signature has a character that cannot be in a query";
	return NULL;
}

static char *take_sas(char *text)
{
	char *sas = text ? xstrdup(text + (*text == '?')) : NULL;
	secret_free(text);
	return sas;
}

static void emulate(struct az_settings *ret)
{
	*ret = (struct az_settings){
		.account = xstrdup(EMULATOR), .key = xstrdup(EMULATOR_KEY), .endpoint = xstrdup(EMULATOR_ENDPOINT)};
}

int az_connection_string(const char *text, struct az_settings *ret, struct strbuf *err)
{
	char *parts[PARTS] = {0};
	struct strbuf endpoint = STRBUF_INIT;
	int r = split(text, parts, err);
	*ret = (struct az_settings){0};
	if (r == 0 && parts[EMULATED] && strcasecmp(parts[EMULATED], "true") == 0) {
		emulate(ret);
	} else if (r == 0) {
		if (!parts[ENDPOINT] && parts[NAME]) {
			strbuf_addf(&endpoint, "%s://%s.blob.%s", parts[PROTOCOL] ? parts[PROTOCOL] : "https",
				parts[NAME], parts[SUFFIX] ? parts[SUFFIX] : "core.windows.net");
			parts[ENDPOINT] = strbuf_detach(&endpoint);
		}
		*ret = (struct az_settings){.account = parts[NAME],
			.key = parts[KEY],
			.sas = take_sas(parts[SAS]),
			.endpoint = parts[ENDPOINT]};
		parts[NAME] = parts[KEY] = parts[SAS] = parts[ENDPOINT] = NULL;
		const char *fault = fault_of(ret);
		if (fault) {
			strbuf_addstr(err, fault);
			az_settings_release(ret);
			r = -EINVAL;
		}
	}
	for (size_t i = 0; i < PARTS; i++)
		secret_free(parts[i]);
	return r;
}

static void set(char **ret, const char *variable)
{
	const char *value = az_variable(variable);
	if (!*ret && value)
		*ret = xstrdup(value);
}

int az_settings_read(struct az_settings *ret, struct strbuf *err)
{
	const char *text = az_variable("AZURE_STORAGE_CONNECTION_STRING");
	struct strbuf why = STRBUF_INIT;
	*ret = (struct az_settings){0};
	int r = text ? az_connection_string(text, ret, &why) : 0;
	if (r < 0) {
		strbuf_addf(err, "AZURE_STORAGE_CONNECTION_STRING cannot be used: %s", why.s);
	} else {
		set(&ret->account, "AZURE_STORAGE_ACCOUNT");
		set(&ret->endpoint, "AZURE_STORAGE_SERVICE_ENDPOINT");
		if (!ret->sas && !ret->key) {
			set(&ret->key, "AZURE_STORAGE_KEY");
			set(&ret->sas, "AZURE_STORAGE_SAS_TOKEN");
			ret->sas = take_sas(ret->sas);
		}
		const char *fault = fault_of(ret);
		if (fault) {
			strbuf_addf(err, "what AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN holds cannot be used: %s",
				fault);
			az_settings_release(ret);
			r = -EINVAL;
		}
	}
	strbuf_release(&why);
	return r;
}
