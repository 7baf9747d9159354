/* `weir help`: see help.h. */
#include "cmd/weir/help.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

#include "cmd/weir/guide.h"
#include "cmd/weir/page.h"
#include "cmd/weir/place.h"
#include "cmd/weir/programs.h"
#include "cmd/weir/recipes.h"

enum { EXIT_NOT_FOUND = 127 };

static const struct search_path manuals = {
	.variable = "WEIR_MANDIR",
	.proof = "man1/weir.1",
	.beside = WEIR_MAN_BESIDE,
	.compiled = WEIR_MANDIR,
};

/* Append to FILE, a directory of manuals, the page NAME of SECTION; packages of Debian have them packed. */
static void add_page_name(struct strbuf *file, const char *section, const char *name)
{
	struct strbuf packed = STRBUF_INIT;
	strbuf_addf(file, "/man%s/%s.%s", section, name, section);
	strbuf_addf(&packed, "%s.gz", file->s);
	if (access(file->s, F_OK) < 0 && access(packed.s, F_OK) == 0)
		strbuf_addstr(file, ".gz");
	strbuf_release(&packed);
}

/* Whether there is something other than a regular file at FILE: man(1) would wait for the writer of a FIFO, too. */
static bool is_irregular(const char *file)
{
	struct stat st;
	return stat(file, &st) == 0 && !S_ISREG(st.st_mode);
}

/* Read all of the open file FD, as it is or packed by gzip(1), into RET: 0, or a negative errno. */
static int unpack_all(int fd, struct strbuf *ret)
{
	gzFile in = gzdopen(fd, "r");
	char part[4096];
	int n = 0, code = Z_OK;

	if (!in) {
		close(fd); /* nothing has been written */
		return -ENOMEM;
	}
	while ((n = gzread(in, part, sizeof part)) > 0)
		strbuf_add(ret, part, (size_t)n);
	gzerror(in, &code);
	int err = code == Z_ERRNO && errno ? errno : EBADMSG;
	bool whole = n == 0 && (code == Z_OK || code == Z_STREAM_END);
	gzclose(in);
	return whole ? 0 : -err;
}

/* Append the page FILE to TEXT: an exit status, after a message. */
static int read_page(const char *file, struct strbuf *text)
{
	struct strbuf page = STRBUF_INIT;
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int r = fd < 0 ? -errno : unpack_all(fd, &page);
	FILE *in = r == 0 && page.len ? fmemopen(page.s, page.len, "r") : NULL;

	if (in) {
		page_add(in, text);
		fclose(in);
	} else {
		const char *why = r == -EBADMSG ? "it is damaged" : r < 0 ? diag_strerror(-r) : "it is empty";
		warn("cannot %s '%s': %s", fd < 0 ? "open" : "read", file, why);
	}
	strbuf_release(&page);
	return in ? EXIT_OK : EXIT_CONFIG;
}

static int print_text(const struct strbuf *text)
{
	if (fwrite(text->s, 1, text->len, stdout) == text->len && fflush(stdout) == 0)
		return EXIT_OK;
	warn("cannot write standard output: %s", diag_strerror(errno));
	return EXIT_TEMP;
}

/* Print the page FILE on standard output; used without man(1). */
static int print_page(const char *file)
{
	struct strbuf text = STRBUF_INIT;
	int status = read_page(file, &text);
	if (status != EXIT_CONFIG) {
		int printed = print_text(&text);
		status = status ? status : printed;
	}
	strbuf_release(&text);
	return status;
}

int help_examples(char *const *words)
{
	struct strbuf file = STRBUF_INIT, page = STRBUF_INIT, out = STRBUF_INIT;
	int status = EXIT_CONFIG;
	if (place_find(&manuals, &file) < 0) {
		warn("there are no manuals in %s", file.s);
	} else {
		add_page_name(&file, "7", "weir-cookbook");
		if (is_irregular(file.s))
			warn("'%s' is not a regular file", file.s);
		else
			status = read_page(file.s, &page);
	}
	if (status == EXIT_OK && recipes_add(page.s, words, &out) == 0) {
		warn("no recipe has %s (`weir examples` names all)",
			words[0] && words[1] ? "all of these words" : "this word");
		status = EXIT_NO;
	}
	if (status == EXIT_OK)
		status = print_text(&out);
	strbuf_release(&file);
	strbuf_release(&page);
	strbuf_release(&out);
	return status;
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
		add_page_name(&file, section, name);
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
