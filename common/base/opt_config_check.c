/* What configuration files name must be there: see opt_impl.h. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/near.h"
#include "common/base/opt_impl.h"
#include "common/base/self.h"

/* Choose the best of names that are offered one by one. */
struct choice {
	const char *word;
	char *best; /* owned; NULL: none is near */
	size_t rank;
	bool found; /* one of them is the word */
};

static void offer(void *self, const char *name)
{
	struct choice *c = self;
	size_t rank = near_rank(c->word, name);
	c->found = c->found || strcmp(c->word, name) == 0;
	if (rank >= c->rank)
		return;
	free(c->best);
	c->best = xstrdup(name);
	c->rank = rank;
}

/* Report E unless what it names has been found; KIND and OF say what it should be. */
static int judge(const struct config_entry *e, struct choice *c, const char *kind, const char *of)
{
	if (!c->found)
		warn("%s:%zu: there is no %s '%s'%s%s%s%s", e->path, e->line, kind, c->word, of,
			c->best ? "; did you mean '" : "", c->best ? c->best : "", c->best ? "'?" : "");
	free(c->best);
	return c->found ? 0 : EXIT_CONFIG;
}

bool opt_is_settable(const struct opt_row *row)
{
	return !row->own || row->opt > &opt_own[OWN_SHOW];
}

static int check_option(const struct config_entry *e, const struct opt_table *t, bool own)
{
	struct choice c = {.word = e->key, .rank = NEAR_NOT};
	for (size_t i = 0; i < t->count; i++) {
		const struct opt_row *row = &t->rows[i];
		if (row->own == own &&
			(opt_is_settable(row) || (own && row->opt == &opt_own[OWN_PROFILE] && !e->profile)))
			offer(&c, row->opt->name);
	}
	return judge(e, &c, "option", own ? " of all programs" : "");
}

static int check_store(const struct config_entry *e)
{
	struct choice c = {.word = e->key, .rank = NEAR_NOT};
	for (size_t i = 0; config_store_name(i); i++)
		offer(&c, config_store_name(i));
	return judge(e, &c, "setting", " of stores");
}

bool opt_programs(const char *program, void (*take)(void *self, const char *name), void *self)
{
	char path[PATH_MAX], dir_path[PATH_MAX];
	size_t len = self_directory(dir_path);
	(void)self_path(path);
	if (!*path || strcmp(path + len + 1, program) != 0)
		return false;
	DIR *dir = opendir(len ? dir_path : "/");
	for (const struct dirent *d; dir && (d = readdir(dir));)
		if (*d->d_name != '.')
			take(self, d->d_name);
	return dir && closedir(dir) == 0;
}

static int check_section(const struct config_entry *e, const struct opt_spec *spec)
{
	static const char *const others[] = {"kafka", "store", OPT_ALL_SECTION};
	struct choice c = {.word = e->section, .rank = NEAR_NOT};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		offer(&c, others[i]);
	if (!c.found && !opt_programs(spec->program, offer, &c))
		c.found = true; /* nothing is known */
	return judge(e, &c, "program or section", "");
}

int opt_config_check(const struct config *c, const struct opt_spec *spec, const struct opt_table *t)
{
	int status = 0;
	for (size_t i = 0; i < c->count && !status; i++) {
		const struct config_entry *e = &c->entries[i];
		if (strcmp(e->section, spec->program) == 0)
			status = check_option(e, t, false);
		else if (strcmp(e->section, OPT_ALL_SECTION) == 0)
			status = check_option(e, t, true);
		else if (strcmp(e->section, "store") == 0)
			status = check_store(e);
		else
			status = check_section(e, spec);
	}
	return status;
}
