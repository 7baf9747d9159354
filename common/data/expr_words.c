/* The words and marks of expressions: see expr_words.h. */
#include "common/data/expr_words.h"

#include <string.h>

#define LEN(array) (sizeof(array) / sizeof *(array))

static const struct {
	const char *name;
	enum expr_op op;
	struct value value;
} words[] = {{"and", EXPR_AND, {0}}, {"or", EXPR_OR, {0}}, {"in", EXPR_IN, {0}}, {"not", EXPR_NOT_IN, {0}},
	{"null", EXPR_CONST, {.type = VALUE_NULL}}, {"true", EXPR_CONST, {.type = VALUE_BOOL, .b = true}},
	{"false", EXPR_CONST, {.type = VALUE_BOOL, .b = false}}};

/* Those of two characters first: the first that fits is taken. */
static const struct {
	char mark[3];
	enum expr_op op;
} marks[] = {{"||", EXPR_OR}, {"??", EXPR_ELSE}, {"&&", EXPR_AND}, {"==", EXPR_EQ}, {"!=", EXPR_NE}, {"<=", EXPR_LE},
	{">=", EXPR_GE}, {"=~", EXPR_MATCH}, {"!~", EXPR_NO_MATCH}, {"<", EXPR_LT}, {">", EXPR_GT}, {"!", EXPR_NOT},
	{"+", EXPR_ADD}, {"-", EXPR_SUB}, {"*", EXPR_MUL}, {"/", EXPR_DIV}, {"%", EXPR_MOD}, {"(", EXPR_OPEN},
	{")", EXPR_CLOSE}, {",", EXPR_COMMA}, {":", EXPR_COLON}, {"[", EXPR_BRACKET}, {"]", EXPR_BRACKET_END},
	{"{", EXPR_BRACE}, {"}", EXPR_BRACE_END}};

/* Longer ones first: the first that fits is taken. */
static const struct {
	const char *mark, *says;
} foreign[] = {
	{"===", "is not an operator; '==' is"},
	{"!==", "is not an operator; '!=' is"},
	{"<>", "is not an operator; '!=' is"},
	{"=>", "is not an operator; '>=' is"},
	{"=<", "is not an operator; '<=' is"},
	{"~=", "is not an operator; '=~' is"},
	{":=", "is not an operator; '==' compares, and nothing is set"},
	{"::", "is not an operator; int(.a), float(.a), string(.a), bool(.a) and time(.a) change types"},
	{"**", "is not an operator; pow(.a, 2) is"},
	{"//", "is not an operator; '?\?' is: .a ?\? 0"},
	{"≥", "is not an operator; '>=' is"},
	{"≤", "is not an operator; '<=' is"},
	{"≠", "is not an operator; '!=' is"},
	{"“", "is not a quote; \" and ' are"},
	{"”", "is not a quote; \" and ' are"},
	{"„", "is not a quote; \" and ' are"},
	{"‘", "is not a quote; \" and ' are"},
	{"’", "is not a quote; \" and ' are"},
	{"`", "is not a quote; \" and ' are, and a field is .name"},
	{"=", "is not an operator; '==' is"},
	{"&", "is not an operator; '&&' is"},
	{"|", "is not an operator: '||' is, and there are no pipes as in jq"},
	{"~", "is not an operator; '=~' is"},
	{"^", "is not an operator; pow(.a, 2) is"},
	{"?", "has no meaning: a field that is not there is null by itself; if(.a > 1, 2, 3) decides"},
	{";", "has no meaning: arguments have ',' between them, conditions '&&'"},
	{"@", "has no meaning here: a field is .name; lines of a file: .a in @FILE"},
};

enum expr_op expr_word(const char *name, struct value *ret_value)
{
	for (size_t i = 0; i < LEN(words); i++)
		if (strcmp(name, words[i].name) == 0) {
			*ret_value = words[i].value;
			return words[i].op;
		}
	return EXPR_NAME;
}

static bool begins(const char *s, const char *mark)
{
	return strncmp(s, mark, strlen(mark)) == 0;
}

enum expr_op expr_mark(const char *s, size_t *ret_len)
{
	for (size_t i = 0; i < LEN(marks); i++)
		if (begins(s, marks[i].mark)) {
			*ret_len = strlen(marks[i].mark);
			return marks[i].op;
		}
	return EXPR_END;
}

const char *expr_foreign_mark(const char *s, size_t *ret_len)
{
	for (size_t i = 0; i < LEN(foreign); i++)
		if (begins(s, foreign[i].mark)) {
			*ret_len = strlen(foreign[i].mark);
			return foreign[i].says;
		}
	return NULL;
}

int expr_level(enum expr_op op)
{
	if (op == EXPR_OR)
		return 0;
	if (op == EXPR_AND)
		return 1;
	if (op >= EXPR_EQ && op <= EXPR_NOT_IN)
		return 2;
	if (op == EXPR_ELSE)
		return 3;
	if (op == EXPR_ADD || op == EXPR_SUB)
		return 4;
	return op >= EXPR_MUL && op <= EXPR_MOD ? 5 : -1;
}

static void add(struct strbuf *out, const char *word)
{
	strbuf_addf(out, "%s%s", out->len ? " " : "", word);
}

void expr_level_add(int level, struct strbuf *out)
{
	for (size_t i = 0; i < LEN(marks); i++)
		if (level < 0 ? marks[i].op == EXPR_NOT || marks[i].op == EXPR_SUB : expr_level(marks[i].op) == level)
			add(out, marks[i].mark);
	for (size_t i = 0; level >= 0 && i < LEN(words); i++)
		if (expr_level(words[i].op) == level)
			add(out, words[i].op == EXPR_NOT_IN ? "not in" : words[i].name);
}
