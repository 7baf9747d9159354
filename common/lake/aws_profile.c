/* A profile of ~/.aws: see aws_profile.h. */
#include "common/lake/aws_profile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/alloc.h"
#include "common/base/config.h"
#include "common/lake/aws_ini.h"

struct aws_profile {
	char *name;
	char *paths[2]; /* by enum aws_file */
	struct aws_ini *files[2];
	int errors[2];     /* the reason why a file is ignored: -ENOENT …; 0: it was read */
	char *sections[2]; /* the section of the profile; NULL: the file has none */
};

const char *aws_variable(const char *name)
{
	return config_variable(name);
}

bool aws_is_true(const char *s)
{
	return s && strcasecmp(s, "true") == 0;
}

/* The file that VARIABLE names, or STANDARD below $HOME. */
static char *find_path(const char *variable, const char *standard)
{
	const char *s = aws_variable(variable), *home = aws_variable("HOME");
	struct strbuf path = STRBUF_INIT;
	if (s && (strncmp(s, "~/", 2) != 0 || !home)) {
		strbuf_addstr(&path, s);
	} else if (home) {
		strbuf_addf(&path, "%s/%s", home, s ? s + 2 : standard);
	}
	return path.len ? strbuf_detach(&path) : xstrdup("");
}

/* A file in $HOME may be unreadable for a good reason: a service often runs with somebody else's home. */
static bool may_be_left_out(int err, const char *variable)
{
	return err == -ENOENT || err == -ENOTDIR || (err == -EACCES && !aws_variable(variable));
}

static int read_file(
	struct aws_profile *p, enum aws_file file, const char *variable, const char *standard, struct strbuf *err)
{
	struct strbuf why = STRBUF_INIT;
	p->paths[file] = find_path(variable, standard);
	int r = *p->paths[file] ? aws_ini_read(p->paths[file], &p->files[file], &why) : -ENOENT;
	p->errors[file] = r;
	if (r < 0 && may_be_left_out(r, variable))
		r = 0;
	if (r < 0)
		strbuf_addstr(err, why.s);
	strbuf_release(&why);
	return r;
}

/* Use the section [PREFIX NAME] of FILE for the profile, if there is one. */
static void take_section(struct aws_profile *p, enum aws_file file, const char *prefix)
{
	struct strbuf name = STRBUF_INIT;
	strbuf_addf(&name, "%s%s", prefix, p->name);
	if (!p->sections[file] && aws_ini_has(p->files[file], name.s))
		p->sections[file] = xstrdup(name.s);
	strbuf_release(&name);
}

int aws_profile_read(struct aws_profile **ret, struct strbuf *err)
{
	struct aws_profile *p = xcalloc(1, sizeof *p);
	const char *named = aws_variable("AWS_PROFILE");
	p->name = xstrdup(named ? named : "default");
	int r = read_file(p, AWS_CONFIG, "AWS_CONFIG_FILE", ".aws/config", err);
	if (r == 0)
		r = read_file(p, AWS_CREDENTIALS, "AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials", err);
	take_section(p, AWS_CREDENTIALS, "");
	take_section(p, AWS_CONFIG, "profile ");
	if (strcmp(p->name, "default") == 0)
		take_section(p, AWS_CONFIG, "");
	if (r == 0 && named && !p->sections[AWS_CONFIG] && !p->sections[AWS_CREDENTIALS]) {
		strbuf_addf(err, "AWS_PROFILE names '%s', and there is no such profile: ", named);
		aws_profile_describe(p, AWS_CREDENTIALS, err);
		strbuf_addstr(err, ", ");
		aws_profile_describe(p, AWS_CONFIG, err);
		r = -EINVAL;
	}
	if (r < 0)
		aws_profile_free(p);
	else
		*ret = p;
	return r;
}

void aws_profile_free(struct aws_profile *p)
{
	if (!p)
		return;
	for (int i = 0; i < 2; i++) {
		aws_ini_free(p->files[i]);
		free(p->paths[i]);
		free(p->sections[i]);
	}
	free(p->name);
	free(p);
}

const char *aws_profile_name(const struct aws_profile *p)
{
	return p->name;
}

const char *aws_profile_path(const struct aws_profile *p, enum aws_file file)
{
	return p->paths[file];
}

const char *aws_profile_in(const struct aws_profile *p, enum aws_file file, const char *key)
{
	return p->sections[file] ? aws_ini_get(p->files[file], p->sections[file], key, NULL) : NULL;
}

const char *aws_profile_get(const struct aws_profile *p, const char *key)
{
	const char *value = aws_profile_in(p, AWS_CREDENTIALS, key);
	return value ? value : aws_profile_in(p, AWS_CONFIG, key);
}

const char *aws_profile_region(const struct aws_profile *p)
{
	const char *region = aws_variable("AWS_REGION");
	if (!region)
		region = aws_variable("AWS_DEFAULT_REGION");
	return region ? region : aws_profile_get(p, "region");
}

const char *aws_profile_ca_file(const struct aws_profile *p)
{
	const char *path = aws_variable("AWS_CA_BUNDLE");
	return path ? path : aws_profile_get(p, "ca_bundle");
}

/* AWS_ENDPOINT_URL_SERVICE, else AWS_ENDPOINT_URL. */
static const char *variable_endpoint(const char *service)
{
	struct strbuf name = STRBUF_INIT;
	strbuf_addstr(&name, "AWS_ENDPOINT_URL_");
	for (const char *s = service; *s; s++)
		strbuf_addch(&name, (char)(*s >= 'a' && *s <= 'z' ? *s & ~0x20 : *s));
	const char *url = aws_variable(name.s);
	strbuf_release(&name);
	return url ? url : aws_variable("AWS_ENDPOINT_URL");
}

int aws_profile_endpoint(const struct aws_profile *p, const char *service, const char **ret_url, struct strbuf *err)
{
	const char *ignore = aws_variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
	if (!ignore)
		ignore = aws_profile_get(p, "ignore_configured_endpoint_urls");
	*ret_url = NULL;
	if (aws_is_true(ignore) || (*ret_url = variable_endpoint(service)))
		return 0;
	const char *services = aws_profile_get(p, "services");
	struct strbuf section = STRBUF_INIT;
	if (services) {
		strbuf_addf(&section, "services %s", services);
		if (!aws_ini_has(p->files[AWS_CONFIG], section.s)) {
			strbuf_addf(err, "'%s' has no section [%s], which the profile '%s' names", p->paths[AWS_CONFIG],
				section.s, p->name);
			strbuf_release(&section);
			return -EINVAL;
		}
		*ret_url = aws_ini_get(p->files[AWS_CONFIG], section.s, service, "endpoint_url");
	}
	strbuf_release(&section);
	if (!*ret_url)
		*ret_url = aws_profile_get(p, "endpoint_url");
	return 0;
}

void aws_profile_describe(const struct aws_profile *p, enum aws_file file, struct strbuf *out)
{
	if (!*p->paths[file]) {
		strbuf_addf(out, "%s (HOME is not set)", file == AWS_CONFIG ? "~/.aws/config" : "~/.aws/credentials");
	} else if (p->errors[file] < 0) {
		strbuf_addf(out, "'%s' (%s)", p->paths[file], diag_strerror(p->errors[file]));
	} else {
		strbuf_addf(out, "'%s' (%s '%s')", p->paths[file],
			p->sections[file] ? "no keys in the profile" : "no profile", p->name);
	}
}
