/* `weir help`: see help.h. */
#include "cmd/weir/help.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/weir/guide.h"
#include "cmd/weir/place.h"
#include "cmd/weir/programs.h"

enum { EXIT_NOT_FOUND = 127 };

static const struct place manuals = {
	.variable = "WEIR_MANDIR",
	.proof = "man1/weir.1",
	.beside = WEIR_MAN_BESIDE,
	.compiled = WEIR_MANDIR,
};

/* Become man(1) with the page NAME of SECTION: the one that was installed with this program, else the system's. */
static void run_man(const char *section, const char *name)
{
	struct strbuf file = STRBUF_INIT;
	bool found = place_find(&manuals, &file) == 0;
	strbuf_addf(&file, "/man%s/%s.%s", section, name, section);
	if (found && access(file.s, R_OK) == 0)
		execlp("man", "man", "-l", file.s, (char *)NULL);
	else
		execlp("man", "man", section, name, (char *)NULL);
	int err = errno;
	if (found && access(file.s, R_OK) == 0)
		warn("cannot run man: %s; the page is '%s'", diag_strerror(err), file.s);
	else
		warn("cannot run man: %s", diag_strerror(err));
	strbuf_release(&file);
}

/* What can be read without man(1). */
static int run_help(const char *dir, const char *name)
{
	struct strbuf path = STRBUF_INIT;
	strbuf_addf(&path, "%s/%s", dir, name);
	execl(path.s, name, "--help", (char *)NULL);
	warn("cannot run '%s': %s", path.s, diag_strerror(errno));
	strbuf_release(&path);
	return EXIT_NOT_FOUND;
}

int help_show(const struct opt_spec *spec, const char *dir, const char *name)
{
	if (!name || strcmp(name, "help") == 0) {
		run_man("1", "weir");
		return opt_help(spec);
	}
	struct strbuf page = STRBUF_INIT;
	bool program = programs_has(dir, name), weir = strcmp(name, "weir") == 0;
	if (!program && !guide_has_page(name))
		return programs_unknown(dir, "manual of", name, true);
	strbuf_addf(&page, weir ? "%s" : "weir-%s", name);
	run_man(program ? "1" : "7", page.s);
	strbuf_release(&page);
	return program ? run_help(dir, name) : weir ? opt_help(spec) : EXIT_NOT_FOUND;
}
