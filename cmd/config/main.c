/*
 * config: prints which settings count, of the configuration files and the environment, and where each is from.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/config/rows.h"
#include "common/base/alloc.h"
#include "common/base/opt.h"
#include "common/base/self.h"
#include "common/data/table.h"
#include "common/io/answer.h"

enum { LIMIT_MS = 10000 }; /* for a program to print its settings, for which it asks nobody */
enum { FORMAT_TABLE, FORMAT_JSON };
static int format;

static const struct opt options[] = {
	{.name = "format",
		.type = OPT_CHOICE,
		.dest = &format,
		.arg = "table|json",
		.help = "output format, table by default"},
	{0},
};

static const struct opt_spec spec = {
	.program = "config",
	.operands = "[SECTION ...]",
	.summary = "Print the settings in effect, and where each comes from.",
	.example = "weir config --profile prod kafka lake-put",
	.options = options,
};

/* Whether SECTION is to be shown: it is among the operands, or there are none. */
static bool wanted(char **operands, const char *section)
{
	bool found = !*operands;
	for (; *operands; operands++)
		found = found || strcmp(*operands, section) == 0;
	return found;
}

/* `PATH --show-config`, with the options of all programs that this one was given; free(3). */
static char **command_line(char *path)
{
	static char last[] = "--show-config";
	char *const *common = opt_common_words();
	size_t n = 0;
	while (common[n])
		n++;
	char **words = xreallocarray(NULL, n + 3, sizeof *words);
	words[0] = path;
	memcpy(words + 1, common, n * sizeof *words);
	words[n + 1] = last;
	words[n + 2] = NULL;
	return words;
}

static void say_waiting(void *name)
{
	warn("waiting for %s to print its settings", (const char *)name);
}

/* The last line of TEXT, which loses its LF: the one that says why a program ends. */
static const char *last_line(struct strbuf *text)
{
	if (text->s[text->len - 1] == '\n')
		strbuf_setlen(text, text->len - 1);
	const char *lf = strrchr(text->s, '\n');
	return lf ? lf + 1 : text->s;
}

/* Add what the program NAME of DIR says of SECTION, and pass its messages on. */
static int ask(struct settings *s, const char *dir, char *name, const char *section)
{
	struct strbuf path = STRBUF_INIT, text = STRBUF_INIT, said = STRBUF_INIT;
	int ended = 0, status = EXIT_OK;
	strbuf_addf(&path, "%s/%s", dir, name);
	char **words = command_line(path.s);
	struct answer answer = {.limit_ms = LIMIT_MS,
		.max = SIZE_MAX,
		.waiting = say_waiting,
		.self = name,
		.out = &text,
		.err = &said,
		.status = &ended};
	int r = answer_get(words, &answer);
	/* cppcheck-suppress knownConditionTrueFalse ; answer_get() sets it through answer.status */
	if (r < 0 || ended) {
		const char *why = r < 0 ? diag_strerror(r) : said.len ? last_line(&said) : "it ended without a message";
		warn("%s cannot print its settings: %s", name, why);
		status = r == -ETIMEDOUT ? EXIT_TEMP : EXIT_CONFIG;
	}
	settings_add_shown(s, section, &text);
	free(words);
	strbuf_release(&path);
	strbuf_release(&text);
	strbuf_release(&said);
	return status;
}

static int is_program(const struct dirent *e)
{
	return *e->d_name != '.' && (e->d_type == DT_REG || e->d_type == DT_LNK || e->d_type == DT_UNKNOWN);
}

static int check_sections(const char *dir, char **operands)
{
	int status = OPT_GO;
	for (; *operands && status == OPT_GO; operands++) {
		struct strbuf path = STRBUF_INIT;
		const char *s = *operands;
		strbuf_addf(&path, "%s/%s", dir, s);
		bool own = strcmp(s, "kafka") == 0 || strcmp(s, "store") == 0 || strcmp(s, "weir") == 0;
		if (!own && (!*s || *s == '.' || strchr(s, '/') || access(path.s, X_OK) < 0))
			status = opt_usage_error(&spec, "there is no section '%s'", s);
		strbuf_release(&path);
	}
	return status;
}

/* Add what each wanted program of DIR says. */
static int ask_programs(struct settings *s, const char *dir, char **operands)
{
	static char own[] = "config";
	struct dirent **entries;
	int status = EXIT_OK;
	int n = scandir(dir, &entries, is_program, alphasort);
	if (n < 0) {
		warn("cannot read the directory of the programs, '%s': %s", dir, diag_strerror(errno));
		return EXIT_CONFIG;
	}
	if (wanted(operands, "weir"))
		status = ask(s, dir, own, "weir");
	for (int i = 0; i < n; i++) {
		int here = wanted(operands, entries[i]->d_name) ? ask(s, dir, entries[i]->d_name, entries[i]->d_name)
								: EXIT_OK;
		status = here ? here : status;
		free(entries[i]);
	}
	free(entries);
	return status;
}

static int print(const struct settings *s, struct outbuf *out)
{
	static const char *const names[] = {"section", "key", "value", "from"};
	struct text_table table;
	int r = 0;
	table_init(&table, names, 4);
	for (size_t i = 0; i < s->count && !r; i++) {
		const struct setting *row = &s->rows[i];
		struct table_cell cells[] = {
			cell_text(row->section), cell_text(row->key), cell_text(row->value), cell_text(row->from)};
		if (format == FORMAT_JSON)
			r = json_write_row(out, names, cells, 4);
		else
			table_add(&table, cells);
	}
	if (format == FORMAT_TABLE)
		r = table_write(&table, out);
	table_release(&table);
	return r;
}

int main(int argc, char **argv)
{
	char **operands;
	struct settings settings = {0};
	struct outbuf out;
	char dir[PATH_MAX];
	(void)self_directory(dir);
	int status = opt_parse(&spec, argc, argv, &operands);
	if (status == OPT_GO)
		status = check_sections(dir, operands);
	if (status != OPT_GO)
		return status;
	if (wanted(operands, "kafka"))
		settings_add_kafka(&settings);
	if (wanted(operands, "store"))
		settings_add_stores(&settings);
	status = ask_programs(&settings, dir, operands);
	outbuf_init(&out, STDOUT_FILENO, "standard output");
	outbuf_color(&out);
	int r = print(&settings, &out), closed = outbuf_close(&out);
	r = r < 0 ? r : closed;
	if (r < 0) {
		warn("cannot write standard output: %s", diag_strerror(r));
		status = diag_status(r);
	}
	settings_release(&settings);
	return status;
}
