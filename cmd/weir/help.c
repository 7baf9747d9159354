/* `weir help`: see help.h. */
#include "cmd/weir/help.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/weir/guide.h"
#include "cmd/weir/page.h"
#include "cmd/weir/place.h"
#include "cmd/weir/programs.h"

enum { EXIT_NOT_FOUND = 127 };

static const struct search_path manuals = {
	.variable = "WEIR_MANDIR",
	.proof = "man1/weir.1",
	.beside = WEIR_MAN_BESIDE,
	.compiled = WEIR_MANDIR,
};

/* Whether there is something other than a regular file at FILE: man(1) would wait for the writer of a FIFO, too. */
static bool is_irregular(const char *file)
{
	struct stat st;
	return stat(file, &st) == 0 && !S_ISREG(st.st_mode);
}

/* Print the page FILE on standard output; used without man(1). */
static int print_page(const char *file)
{
	struct strbuf text = STRBUF_INIT;
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	FILE *in = fd < 0 ? NULL : fdopen(fd, "r");

	if (!in) {
		warn("cannot open '%s': %s", file, diag_strerror(errno));
		if (fd >= 0)
			close(fd); /* nothing has been written */
		return EXIT_CONFIG;
	}
	page_add(in, &text);
	int err = ferror(in) ? errno : 0;
	fclose(in);
	if (err)
		warn("cannot read '%s': %s", file, diag_strerror(err));
	bool written = err || (fwrite(text.s, 1, text.len, stdout) == text.len && fflush(stdout) == 0);
	if (!written)
		warn("cannot write standard output: %s", diag_strerror(errno));
	strbuf_release(&text);
	return err || !written ? EXIT_TEMP : EXIT_OK;
}

#define NO_PAGE (-1)

/*
 * Execute man(1) for the page NAME of SECTION: the one that was installed with this program, else the system's.
 * Without man(1), print the page: returns the exit status, or NO_PAGE after a message.
 */
static int show_page(const char *section, const char *name)
{
	struct strbuf file = STRBUF_INIT;
	bool found = place_find(&manuals, &file) == 0;
	if (found)
		strbuf_addf(&file, "/man%s/%s.%s", section, name, section);
	if (found && is_irregular(file.s)) {
		warn("'%s' is not a regular file", file.s);
		strbuf_release(&file);
		return EXIT_CONFIG;
	}
	bool readable = found && access(file.s, R_OK) == 0;
	if (readable)
		execlp("man", "man", "-l", file.s, (char *)NULL);
	else
		execlp("man", "man", section, name, (char *)NULL);
	int status = NO_PAGE;
	if (readable)
		status = print_page(file.s);
	else
		warn("cannot run man: %s, and there is no page %s%s", diag_strerror(errno), found ? "" : "in ", file.s);
	strbuf_release(&file);
	return status;
}

/* Show what is available without man(1). */
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
		int status = show_page("1", "weir");
		return status == NO_PAGE ? opt_help(spec) : status;
	}
	struct strbuf page = STRBUF_INIT;
	bool program = programs_has(dir, name), weir = strcmp(name, "weir") == 0;
	if (!program && !guide_has_page(name))
		return programs_unknown(dir, "manual of", name, true);
	strbuf_addf(&page, weir ? "%s" : "weir-%s", name);
	int status = show_page(program ? "1" : "7", page.s);
	strbuf_release(&page);
	if (status != NO_PAGE)
		return status;
	return program ? run_help(dir, name) : weir ? opt_help(spec) : EXIT_NOT_FOUND;
}
