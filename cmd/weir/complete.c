/* `weir complete`: see complete.h. */
#include "cmd/weir/complete.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cmd/weir/offer.h"
#include "common/base/alloc.h"
#include "common/base/murmur3.h"
#include "common/base/whole.h"
#include "common/io/answer.h"
#include "common/io/file.h"

enum {
	LIMIT_MS = 1000, /* for an answer */
	KEPT_S = 60,
	SAMPLE = 64 << 10,    /* bytes of a file that are looked at */
	ANSWER_MAX = 4 << 20, /* bytes */
};

extern char **environ;

/* Options that say where the brokers are, with a value each. */
static bool is_connection(const char *word, bool *ret_with_value)
{
	static const char *const names[] = {"-b", "-X", "-F", "--brokers", "--property", "--config", "--profile"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		size_t len = strlen(names[i]);
		bool is_long = len > 2;
		if (strncmp(word, names[i], len) != 0)
			continue;
		*ret_with_value = word[len];
		if (!word[len] || (is_long && word[len] == '=') || !is_long)
			return true;
	}
	return false;
}

/* Append to ARGV the words that say where the brokers are; returns their number. */
static size_t add_connection(char **argv, char **words)
{
	size_t n = 0;
	for (bool with_value; *words; words++) {
		if (!is_connection(*words, &with_value))
			continue;
		if (!with_value && !words[1])
			break;
		argv[n++] = *words;
		if (!with_value)
			argv[n++] = *++words;
	}
	return n;
}

/* The file in which the answer to ARGV is kept, in a directory that is made; NULL: there is no place. */
static char *cache_file(char *const *argv)
{
	const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	struct strbuf path = STRBUF_INIT, key = STRBUF_INIT;
	if (base && *base == '/')
		strbuf_addstr(&path, base);
	else if (home && *home == '/')
		strbuf_addf(&path, "%s/.cache", home);
	else
		return NULL;
	(void)mkdir(path.s, 0700); /* where this fails, so does the next call, or writing */
	strbuf_addstr(&path, "/weir");
	(void)mkdir(path.s, 0700);
	for (; *argv; argv++)
		strbuf_addf(&key, "%s%c", *argv, '\0');
	for (char **e = environ; *e; e++)
		if (strncmp(*e, "WEIR_", 5) == 0)
			strbuf_addf(&key, "%s%c", *e, '\0');
	strbuf_addf(&path, "/complete-%08x-%zu", (unsigned)murmur3_32(key.s, key.len), key.len);
	strbuf_release(&key);
	return strbuf_detach(&path);
}

/* What ARGV prints, from the cache if it is not too old. */
static void ask_brokers(char *const *argv, struct strbuf *out)
{
	struct stat st;
	char *file = cache_file(argv);
	int64_t age = file && stat(file, &st) == 0 ? time(NULL) - st.st_mtime : KEPT_S;
	bool mine = age >= 0 && age < KEPT_S && S_ISREG(st.st_mode) && st.st_uid == geteuid();
	if (!mine || whole_read(file, ANSWER_MAX, out) < 0) {
		strbuf_clear(out);
		if (answer_get(argv, &(struct answer){.limit_ms = LIMIT_MS, .max = ANSWER_MAX, .out = out}) < 0)
			strbuf_clear(out); /* that is kept, too: the next key need not wait again */
		if (file && file_replace(file, out->s, out->len) < 0)
			(void)unlink(file); /* it is asked again */
	}
	free(file);
}

static void offer_brokers(const char *dir, const char *want, char **words, struct strbuf *out)
{
	static char json[] = "json", format[] = "--format", timeout[] = "--timeout", limit[] = "900ms",
		    all[] = "--all-groups";
	bool groups = strcmp(want, "groups") == 0, partitions = strcmp(want, "partitions") == 0;
	struct strbuf program = STRBUF_INIT, rows = STRBUF_INIT;
	size_t count = 0, n = 0;
	while (words[count])
		count++;
	char **argv = xcalloc(count + 8, sizeof *argv);
	strbuf_addf(&program, "%s/%s", dir, groups ? "lag" : "topics");
	argv[n++] = program.s;
	argv[n++] = format;
	argv[n++] = json;
	argv[n++] = timeout;
	argv[n++] = limit;
	if (groups)
		argv[n++] = all;
	add_connection(argv + n, words);
	ask_brokers(argv, &rows);
	offer_members(rows.s, groups ? "group" : partitions ? "partition" : "topic", partitions ? words : NULL, out);
	free(argv);
	strbuf_release(&program);
	strbuf_release(&rows);
}

/* The beginning of the first word that is a regular file: 0 or -errno. */
static int read_sample(char **words, char *sample, size_t *ret_len)
{
	struct stat st;
	for (; *words; words++) {
		int fd = stat(*words, &st) == 0 && S_ISREG(st.st_mode) ? open(*words, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
								       : -1;
		if (fd < 0)
			continue;
		ssize_t n = read(fd, sample, SAMPLE);
		close(fd);
		*ret_len = n > 0 ? (size_t)n : 0;
		return n > 0 ? 0 : -EIO;
	}
	return -ENOENT;
}

static void offer_sample(char **words, struct strbuf *out)
{
	char *sample = xmalloc(SAMPLE);
	size_t len;
	int header = 0;
	for (char **w = words; *w; w++)
		header |= strcmp(*w, "--header") == 0;
	if (read_sample(words, sample, &len) == 0)
		offer_fields(sample, len, header, out);
	free(sample);
}

/* The file that WORD, with NEXT behind it, names as a configuration; NULL: none. */
static const char *named_file(const char *word, const char *next)
{
	if (strcmp(word, "-F") == 0 || strcmp(word, "--config") == 0)
		return next;
	return strncmp(word, "-F", 2) == 0 ? word + 2 : strncmp(word, "--config=", 9) == 0 ? word + 9 : NULL;
}

/* The profiles of all files; of one with a mistake those before it, without a message, which would be in the way. */
static void offer_files(char **words, struct strbuf *out)
{
	struct config c = {0};
	struct strbuf why = STRBUF_INIT;
	if (config_read_usual(&c, &why) < 0)
		strbuf_clear(&why);
	for (; *words; words++) {
		const char *file = named_file(words[0], words[1]);
		struct stat st;
		bool regular = file && stat(file, &st) == 0 && S_ISREG(st.st_mode);
		if (regular && config_read(&c, file, true, &why) < 0)
			strbuf_clear(&why);
	}
	offer_profiles(&c, out);
	config_release(&c);
	strbuf_release(&why);
}

/* What --help calls a value or an operand, and what can be offered for it. */
static const struct {
	const char *word, *want;
} values[] = {
	{"TOPIC", "topics"},
	{"GROUP", "groups"},
	{"OLD", "groups"},
	{"PARTITION", "partitions"},
	{"PARTITIONS", "partitions"},
	{"PROFILE", "profiles"},
	{"EXPR", "fields"},
	{"KEY", "fields"},
	{"FIELD", "fields"},
	{"LIST", "fields"},
	{"TIME", "fields"},
	{"NAME,...", "fields"},
};

/* What is wanted for WORD: itself, unless --help calls a value so; "": nothing is known of that value. */
static const char *want_of(const char *word)
{
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		if (strcmp(word, values[i].word) == 0)
			return values[i].want;
	return *word >= 'A' && *word <= 'Z' ? "" : word;
}

int complete_show(const char *dir, char **operands)
{
	struct strbuf out = STRBUF_INIT;
	const char *want = operands[0] ? want_of(operands[0]) : "nothing";
	if (strcmp(want, "fields") == 0) {
		offer_sample(operands + 1, &out);
	} else if (strcmp(want, "topics") == 0 || strcmp(want, "groups") == 0 || strcmp(want, "partitions") == 0) {
		offer_brokers(dir, want, operands + 1, &out);
	} else if (strcmp(want, "profiles") == 0) {
		offer_files(operands + 1, &out);
	} else if (*want) {
		warn("complete needs topics, groups, partitions, fields or profiles");
		return EXIT_USAGE;
	}
	fputs(out.s, stdout);
	strbuf_release(&out);
	return EXIT_OK;
}
