/* The contents of a line of a manual: see page.h. */
#include <string.h>

#include "cmd/weir/page_impl.h"

void line_split(char *line, struct page_words *ret)
{
	ret->count = 0;
	for (char *s = line; *s && ret->count < LINE_WORDS;) {
		s += strspn(s, " \t\n");
		if (!*s)
			break;
		bool quoted = *s == '"';
		ret->all[ret->count++] = s += quoted;
		s += strcspn(s, quoted ? "\"\n" : " \t\n");
		if (*s)
			*s++ = '\0';
	}
}

void line_text(struct strbuf *out, const char *text)
{
	static const struct {
		const char *escape, *text;
	} escapes[] = {{"\\(aq", "'"}, {"\\(dq", "\""}, {"\\(oq", "‘"}, {"\\(cq", "’"}, {"\\(mi", "−"}, {"\\(mu", "×"},
		{"\\(:a", "ä"}, {"\\e", "\\"}, {"\\-", "-"}, {"\\&", ""}, {"\\ ", " "}};

	while (*text) {
		size_t i = 0, n = sizeof escapes / sizeof *escapes;
		while (i < n && strncmp(text, escapes[i].escape, strlen(escapes[i].escape)) != 0)
			i++;
		if (i < n) {
			strbuf_addstr(out, escapes[i].text);
			text += strlen(escapes[i].escape);
		} else {
			strbuf_addch(out, *text++);
		}
	}
}

static void add(struct para *p, const char *before, const char *text)
{
	if (p->text.len && !p->tight)
		strbuf_addch(&p->text, ' ');
	p->tight = false;
	strbuf_addstr(&p->text, before);
	line_text(&p->text, text);
}

/* Append text that follows the word before it without a blank. */
static void add_tight(struct para *p, const char *text)
{
	p->tight = true;
	add(p, "", text);
}

/* Append text that the next word follows without a blank. */
static void add_open(struct para *p, const char *text)
{
	add(p, text, "");
	p->tight = true;
}

static bool is_one_of(const char *word, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(word, *list) == 0)
			return true;
	return false;
}

static bool closes(const char *word)
{
	static const char *const all[] = {".", ",", ":", ";", "!", "?", ")", "]", NULL};
	return is_one_of(word, all);
}

/* Macros that only set the font of a word, or end its kind. */
static bool is_plain(const char *word)
{
	static const char *const all[] = {"Ar", "Cm", "Dv", "Em", "Ev", "Ic", "Li", "No", "Pa", "Sx", "Sy", "Va", NULL};
	return is_one_of(word, all);
}

/* The marks that enclose the rest of the line; NULL: WORD does not enclose it. */
static const char *const *encloses(const char *word)
{
	static const struct {
		const char *macro, *marks[2];
	} all[] = {{"Op", {"[", "]"}}, {"Bq", {"[", "]"}}, {"Pq", {"(", ")"}}, {"Ql", {"‘", "’"}}, {"Sq", {"‘", "’"}},
		{"Dq", {"“", "”"}}};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (strcmp(word, all[i].macro) == 0)
			return all[i].marks;
	return NULL;
}

/* Oo … Oc and Po … Pc may extend over several lines.  True: WORD is one of them. */
static bool add_bracket(struct para *p, const char *word)
{
	if (strcmp(word, "Oo") == 0 || strcmp(word, "Po") == 0)
		add_open(p, *word == 'O' ? "[" : "(");
	else if (strcmp(word, "Oc") == 0 || strcmp(word, "Pc") == 0)
		add_tight(p, *word == 'O' ? "]" : ")");
	else
		return false;
	return true;
}

static bool is_macro(const char *word)
{
	static const char *const others[] = {"Fl", "Fn", "Nm", "Ns", "Oc", "Oo", "Pc", "Po", "Ta", "Xr", NULL};
	return is_plain(word) || encloses(word) || is_one_of(word, others);
}

/* Append the words after Xr, Fn and Nm at I; returns the last one used. */
static size_t add_name(struct para *p, const struct page_words *w, size_t i, size_t end)
{
	const char *macro = w->all[i];
	bool has = i + 1 < end && !closes(w->all[i + 1]) && !is_macro(w->all[i + 1]);
	size_t more = i + 2;

	if (*macro == 'N' && !has) {
		add(p, "", p->name.s);
		return i;
	}
	if (!has)
		return i;
	add(p, "", w->all[i + 1]);
	if (*macro == 'N') {
		if (!p->name.len)
			strbuf_addstr(&p->name, w->all[i + 1]);
		return i + 1;
	}
	add_tight(p, "(");
	for (; more < end && !closes(w->all[more]) && !is_macro(w->all[more]); more++)
		add_tight(p, w->all[more]);
	add_tight(p, ")");
	return more - 1;
}

/* Append the words from FROM to END; *CLOSE has what closes brackets and quotes, the innermost first. */
static void add_words(struct para *p, const struct page_words *w, size_t from, size_t end, struct strbuf *close)
{
	bool flag = false;

	for (size_t i = from; i < end; i++) {
		const char *word = w->all[i];
		const char *const *marks = encloses(word);
		if (marks) {
			add_open(p, marks[0]);
			struct strbuf rest = *close;
			strbuf_init(close);
			strbuf_addf(close, "%s%s", marks[1], rest.s);
			strbuf_release(&rest);
		}
		if (is_macro(word))
			flag = strcmp(word, "Fl") == 0;
		if (flag && is_macro(word) && (i + 1 == end || is_macro(w->all[i + 1])))
			add(p, "-", "");
		else if (strcmp(word, "Ns") == 0)
			p->tight = true;
		else if (strcmp(word, "Ta") == 0)
			add(p, "  ", "");
		else if (strcmp(word, "Xr") == 0 || strcmp(word, "Fn") == 0 || strcmp(word, "Nm") == 0)
			i = add_name(p, w, i, end);
		else if (add_bracket(p, word) || is_macro(word))
			;
		else if (closes(word))
			add_tight(p, word);
		else
			add(p, flag ? "-" : "", word);
	}
}

void line_add(struct para *p, const char *text)
{
	add(p, "", text);
}

void line_macros(struct para *p, const struct page_words *w, size_t from)
{
	struct strbuf close = STRBUF_INIT;
	size_t end = w->count;

	while (end > from + 1 && closes(w->all[end - 1]))
		end--;
	add_words(p, w, from, end, &close);
	if (close.len)
		add_tight(p, close.s);
	for (; end < w->count; end++)
		add_tight(p, w->all[end]);
	strbuf_release(&close);
}
