/* Expressions: hints for unknown names, and the description of the language for --help. */
#include <ctype.h>
#include <string.h>

#include "common/base/opt.h"
#include "common/data/expr_words.h"

/* Words of SQL, jq, awk and other languages, and what to write instead. */
static const struct hint hints[] = {
	{"not", "write !(…), or not in (…)"},
	{"is", "write .a == null or .a != null"},
	{"isnull", "write .a == null"},
	{"is_null", "write .a == null"},
	{"isnotnull", "write .a != null"},
	{"like", "write startswith(.a, \"ab\"), contains(.a, \"b\") or .a =~ \"^ab\""},
	{"ilike", "write .a =~ \"(?i)^ab\""},
	{"rlike", "write .a =~ \"^ab\""},
	{"regexp", "write .a =~ \"^ab\""},
	{"regex", "write .a =~ \"^ab\""},
	{"matches", "write .a =~ \"^ab\""},
	{"regexp_like", "write .a =~ \"^ab\""},
	{"regexp_matches", "write .a =~ \"^ab\""},
	{"test", "write .a =~ \"^ab\""},
	{"between", "write .a >= 1 && .a <= 9"},
	{"select", "write the condition alone, as .a > 1"},
	{"from", "write the condition alone, as .a > 1; inputs are operands"},
	{"where", "write the condition alone, as .a > 1"},
	{"having", "write the condition alone, as .a > 1"},
	{"when", "write if(.a > 1, 2, 3)"},
	{"case", "write if(.a > 1, 2, 3)"},
	{"iif", "write if(.a > 1, 2, 3)"},
	{"cond", "write if(.a > 1, 2, 3)"},
	{"coalesce", "write .a ?\? .b"},
	{"ifnull", "write .a ?\? .b"},
	{"nvl", "write .a ?\? .b"},
	{"it", "it is the element within any(), all(), map(), filter() and sum()"},
	{"capture", "write match(.a, \"^(?<x>.)\")"},
	{"regexp_extract", "write match(.a, \"^(?<x>.)\")"},
	{"regexp_replace", "write gsub(.a, \"x+\", \"y\")"},
	{"substring", "write substr(.a, 0, 3)"},
	{"strftime_local", "write strftime(.a, \"%F\", \"Europe/Berlin\")"},
	{"date_trunc", "write truncate(.a, 1h)"},
	{"number", "write int(.a) or float(.a)"},
	{"tonumber", "write int(.a) or float(.a)"},
	{"to_int", "write int(.a)"},
	{"tostring", "write string(.a)"},
	{"to_string", "write string(.a)"},
	{"tojson", "write text(.a)"},
	{"to_json", "write text(.a)"},
	{"fromjson", "write json(.a)"},
	{"parse_json", "write json(.a)"},
	{"ltrim", "write trim(.a)"},
	{"rtrim", "write trim(.a)"},
	{"strip", "write trim(.a)"},
	{"pad", "write lpad(.a, 5) or rpad(.a, 5)"},
	{"printf", "write format(\"%s\", .a)"},
	{"sprintf", "write format(\"%s\", .a)"},
	{"ceiling", "write ceil(.a)"},
	{"urldecode", "write unurl(.a)"},
	{"unix_timestamp", "write epoch(.a)"},
	{"cast", "write int(.a), float(.a), string(.a), bool(.a) or time(.a)"},
	{"xor", "write (.a) != (.b)"},
	{"eq", "write =="},
	{"equals", "write =="},
	{"ne", "write !="},
	{"lt", "write <"},
	{"le", "write <="},
	{"gt", "write >"},
	{"ge", "write >="},
	{"mod", "write %"},
	{"div", "write /"},
	{"has", "write exists(.a)"},
	{"defined", "write exists(.a)"},
	{"is_defined", "write exists(.a)"},
	{"has_prefix", "write startswith(.a, \"ab\")"},
	{"hasprefix", "write startswith(.a, \"ab\")"},
	{"has_suffix", "write endswith(.a, \"yz\")"},
	{"hassuffix", "write endswith(.a, \"yz\")"},
	{"includes", "write contains(.a, \"b\")"},
	{"instr", "write contains(.a, \"b\")"},
	{"position", "write contains(.a, \"b\")"},
	{"index", "write contains(.a, \"b\")"},
	{"strlen", "write length(.a)"},
	{"size", "write length(.a)"},
	{"lcase", "write lower(.a)"},
	{"downcase", "write lower(.a)"},
	{"ascii_downcase", "write lower(.a)"},
	{"ucase", "write upper(.a)"},
	{"upcase", "write upper(.a)"},
	{"ascii_upcase", "write upper(.a)"},
	{"date", "write time(.a)"},
	{"datetime", "write time(.a)"},
	{"strptime", "write time(.a, \"%Y-%m-%d\")"},
	{"to_timestamp", "write time(.a)"},
	{"todate", "write time(.a)"},
	{"fromdate", "write time(.a)"},
	{"parse_timestamp", "write time(.a, \"%Y-%m-%d\")"},
	{"current_timestamp", "write now"},
	{"interval", "write a duration: now - 1h"},
	{"nil", "write null"},
	{"none", "write null"},
	{"undefined", "write null"},
	{"distinct", "it is a metric of weir-aggregate(1)"},
	{0},
};

static bool is_call(const struct expr_lex *lex)
{
	return lex->pos < lex->len && lex->text[lex->pos] == '(';
}

/* The name in small letters if that is a word or a function, else the empty string. */
static void to_small(const char *name, struct strbuf *ret)
{
	struct value v;

	for (const char *s = name; *s; s++)
		strbuf_addch(ret, (char)tolower((unsigned char)*s));
	if (strcmp(ret->s, name) == 0 || (expr_word(ret->s, &v) == EXPR_NAME && !expr_func_find(ret->s)))
		strbuf_clear(ret);
}

int expr_hint_name(struct expr_lex *lex)
{
	const char *name = lex->name.s, *text = hint_find(hints, name);
	struct strbuf small = STRBUF_INIT;
	int r = 0;

	to_small(name, &small);
	if (text)
		r = expr_lex_fail(lex, lex->start, "'%s' is not a word of expressions: %s", name, text);
	else if (small.len)
		r = expr_lex_fail(lex, lex->start, "'%s' is written in small letters: %s", name, small.s);
	strbuf_release(&small);
	return r;
}

int expr_hint_unknown(struct expr_lex *lex)
{
	const char *name = lex->name.s;
	struct strbuf text = STRBUF_INIT;
	int r = expr_lex_dash(lex);

	if (r == 0)
		r = expr_hint_name(lex);
	if (r == 0 && is_call(lex)) {
		hint_unknown(&text, "function", name, NULL, expr_func_name);
		r = expr_lex_fail(lex, lex->start, "%s", text.s);
	}
	strbuf_release(&text);
	return r < 0 ? r
		     : expr_lex_fail(lex, lex->start, "there is no function '%s' (a field is .%s, a string \"%s\")",
			       name, name, name);
}

void expr_help(struct strbuf *out)
{
	static const char *const does[EXPR_LEVELS] = {"at least one is true", "both are true",
		"compare; =~ \"regex\", in (1, 2), in @FILE", "the left one, or the right one if it is null",
		"numbers; + also joins strings; times", "numbers"};
	struct strbuf ops = STRBUF_INIT;

	strbuf_addstr(out,
		"Operands: .field .a.b .a[0] .a[-1] .a[1:3] .\"a b\" $1, 12.5 \"text\" true false null 1h30m,\n"
		"  [.a, 1], {name: .a}\n"
		"Operators, from the weakest to the strongest; ( ) group:\n");
	for (int level = 0; level <= EXPR_LEVELS; level++) {
		strbuf_clear(&ops);
		expr_level_add(level < EXPR_LEVELS ? level : -1, &ops);
		opt_line(out, ops.s, level < EXPR_LEVELS ? does[level] : "not, minus");
	}
	strbuf_addstr(out, "Functions:\n");
	expr_func_help(out);
	strbuf_addstr(out, "`weir help expr` has the language.\n");
	strbuf_release(&ops);
}
