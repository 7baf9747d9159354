/* Options from the configuration and the environment: see opt_impl.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "common/base/config.h"
#include "common/base/guard.h"
#include "common/base/opt_impl.h"
#include "common/base/visible.h"

#define ALL OPT_ALL_SECTION

extern char **environ;

static int load(struct config *c, const struct opt_own_values *own, struct strbuf *err)
{
	const char *profile = getenv("WEIR_PROFILE");
	config_release(c);
	int r = config_read_usual(c, err);
	r = r ? r : config_read_given(c, own->files.items, own->files.count, err);
	const struct config_entry *standard = r ? NULL : config_find_plain(c, ALL, "profile");
	if (own->profile) {
		profile = own->profile;
		if (!r && setenv("WEIR_PROFILE", profile, 1) < 0) { /* for what run and each start */
			r = -errno;
			strbuf_addf(err, "cannot set WEIR_PROFILE: %s", diag_strerror(r));
		}
	} else if (standard && (!profile || !*profile))
		profile = standard->value;
	return r ? r : config_settle(c, profile && *profile ? profile : NULL, err);
}

/* Guard secrets, and warn once of each file of which others can read them. */
static int guard_secrets(const struct config *c, struct strbuf *err)
{
	const char *last = "";
	for (size_t i = 0; i < c->count; i++) {
		const struct config_entry *e = &c->entries[i];
		struct stat st;
		if (!*e->value || !config_holds_secret(e->section, e->key, e->value))
			continue;
		int r = guard_memory();
		if (r < 0) {
			strbuf_addf(err, "the memory with secrets cannot be guarded: %s", diag_strerror(r));
			return r;
		}
		if (strcmp(e->path, last) != 0 && stat(e->path, &st) == 0 && S_ISREG(st.st_mode) &&
			st.st_mode & S_IROTH)
			warn("others can read '%s', which has secrets (%s): chmod o-r", e->path, e->key);
		last = e->path;
	}
	return 0;
}

static int set_flag(const struct opt *o, const char *value, struct strbuf *err)
{
	static const char *const words[] = {"false", "true", "no", "yes", "off", "on", "0", "1"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasecmp(value, words[i]) == 0)
			return i % 2 ? opt_value_set(o, NULL, err) : 0;
	strbuf_addstr(err, "is not true or false");
	return -EINVAL;
}

/* Append a line; nothing in it looks like the tabs between its parts, or like its end. */
static void show(struct strbuf *to, const char *section, const char *name, const char *value, const char *where)
{
	strbuf_addf(to, "%s\t%s\t", section, name);
	visible_add(to, value, strlen(value));
	strbuf_addch(to, '\t');
	visible_add(to, where, strlen(where));
	strbuf_addch(to, '\n');
}

/* Set O from VALUE, which was found at WHERE. */
static int set(const char *section, const struct opt *o, const char *value, const char *where, struct strbuf *shown)
{
	struct strbuf err = STRBUF_INIT;
	bool secret = config_holds_secret(section, o->name, value);
	int r = o->arg ? opt_value_set(o, value, &err) : set_flag(o, value, &err);
	if (r < 0)
		warn("%s: option %s: '%s' %s", where, o->name, secret ? "***" : value, err.s);
	else
		show(shown, section, o->name, secret ? "***" : value, where);
	strbuf_release(&err);
	return r < 0 ? EXIT_CONFIG : 0;
}

/* Set O from the entry that counts, or from all of that rank when its values add up. */
static int set_entries(
	const struct config *c, const struct opt *o, const struct config_entry *best, struct strbuf *shown)
{
	struct strbuf where = STRBUF_INIT;
	int status = 0;
	for (size_t i = 0; i < c->count && !status; i++) {
		const struct config_entry *e = &c->entries[i];
		bool adds = opt_gathers(o) && e->given == best->given && !e->profile == !best->profile &&
			    strcmp(e->section, best->section) == 0 && strcmp(e->key, o->name) == 0;
		if (e != best && !adds)
			continue;
		strbuf_clear(&where);
		strbuf_addf(&where, "%s:%zu", e->path, e->line);
		status = set(e->section, o, e->value, where.s, shown);
	}
	strbuf_release(&where);
	return status;
}

/* Kubernetes sets WEIR_MOCK_BROKER_PORT=tcp://… for a service called weir-mock-broker. */
static bool is_service(const char *name, const char *value)
{
	size_t n = strlen(name);
	return n > 5 && strcmp(name + n - 5, "_PORT") == 0 && strncmp(value, "tcp://", 6) == 0;
}

static int set_one(const struct config *c, const char *section, const struct opt *o, struct strbuf *shown)
{
	struct strbuf variable = STRBUF_INIT;
	const struct config_entry *e = config_find(c, section, o->name);
	opt_variable(&variable, section, o->name);
	const char *value = getenv(variable.s);
	int status = 0;
	if (value && (!*value || is_service(variable.s, value)))
		value = NULL;
	if (value && !(e && e->given))
		status = set(section, o, value, variable.s, shown);
	else if (e)
		status = set_entries(c, o, e, shown);
	strbuf_release(&variable);
	return status;
}

/* -v, -q and --log set the same thing: each of them on the command line overrides all three elsewhere. */
static bool is_level(const struct opt_row *row)
{
	return row->own && row->opt >= &opt_own[OWN_VERBOSE] && row->opt <= &opt_own[OWN_LOG];
}

static bool gives_level(const struct opt_table *t)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->rows[i].given && is_level(&t->rows[i]))
			return true;
	return false;
}

int opt_config(const struct opt_spec *spec, const struct opt_table *t, struct strbuf *shown)
{
	struct config *c = config_own();
	struct strbuf err = STRBUF_INIT;
	int r = load(c, opt_own_values(), &err);
	if (!r)
		r = guard_secrets(c, &err);
	if (r)
		warn("%s", err.s);
	strbuf_release(&err);
	int status = r ? EXIT_CONFIG : opt_config_check(c, spec, t);
	status = status ? status : opt_config_check_variables(environ, spec, t);
	bool loud = gives_level(t);
	for (size_t i = 0; i < t->count && !status; i++)
		if (!t->rows[i].given && opt_is_settable(&t->rows[i]) && !(loud && is_level(&t->rows[i])))
			status = set_one(c, t->rows[i].own ? ALL : spec->program, t->rows[i].opt, shown);
	return status;
}
