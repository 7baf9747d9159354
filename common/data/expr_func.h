/* Private to expr*.c: the functions of the language, whose table is in expr_funcs.c. */
#ifndef WEIR_DATA_EXPR_FUNC_H
#define WEIR_DATA_EXPR_FUNC_H

#include "common/data/expr_impl.h"

#define EXPR_CALL_OF(name) const struct value *expr_call_##name(struct expr *e, struct expr_node *n, struct value *tmp)

/* expr_call.c */
EXPR_CALL_OF(contains);
EXPR_CALL_OF(endswith);
EXPR_CALL_OF(exists);
EXPR_CALL_OF(length);
EXPR_CALL_OF(now);
EXPR_CALL_OF(startswith);
EXPR_CALL_OF(time);
int expr_prepare_time(struct expr_lex *lex, struct expr_node *n) MUST_CHECK;

/* expr_string.c */
EXPR_CALL_OF(casefold);
EXPR_CALL_OF(concat);
EXPR_CALL_OF(join);
EXPR_CALL_OF(lower);
EXPR_CALL_OF(lpad);
EXPR_CALL_OF(replace);
EXPR_CALL_OF(reverse);
EXPR_CALL_OF(rpad);
EXPR_CALL_OF(split);
EXPR_CALL_OF(string);
EXPR_CALL_OF(substr);
EXPR_CALL_OF(trim);
EXPR_CALL_OF(upper);

/* expr_format.c */
EXPR_CALL_OF(format);
int expr_prepare_format(struct expr_lex *lex, struct expr_node *n) MUST_CHECK;

/* expr_regex.c */
EXPR_CALL_OF(gsub);
EXPR_CALL_OF(match);
EXPR_CALL_OF(sub);

/* expr_math.c */
EXPR_CALL_OF(abs);
EXPR_CALL_OF(bool);
EXPR_CALL_OF(ceil);
EXPR_CALL_OF(exp);
EXPR_CALL_OF(float);
EXPR_CALL_OF(floor);
EXPR_CALL_OF(int);
EXPR_CALL_OF(log);
EXPR_CALL_OF(max);
EXPR_CALL_OF(min);
EXPR_CALL_OF(pow);
EXPR_CALL_OF(round);
EXPR_CALL_OF(sqrt);

/* expr_code.c */
EXPR_CALL_OF(base64);
EXPR_CALL_OF(hex);
EXPR_CALL_OF(json);
EXPR_CALL_OF(keys);
EXPR_CALL_OF(text);
EXPR_CALL_OF(type);
EXPR_CALL_OF(unbase64);
EXPR_CALL_OF(unhex);
EXPR_CALL_OF(values);

/* expr_url.c */
EXPR_CALL_OF(query);
EXPR_CALL_OF(unurl);
EXPR_CALL_OF(url);

/* expr_hash.c */
EXPR_CALL_OF(hash);
EXPR_CALL_OF(hmac);
int expr_prepare_hash(struct expr_lex *lex, struct expr_node *n) MUST_CHECK;
int expr_prepare_hmac(struct expr_lex *lex, struct expr_node *n) MUST_CHECK;

/* expr_clock.c */
EXPR_CALL_OF(epoch);
EXPR_CALL_OF(strftime);
EXPR_CALL_OF(truncate);
int expr_prepare_strftime(struct expr_lex *lex, struct expr_node *n) MUST_CHECK;

/* expr_cidr.c */
EXPR_CALL_OF(cidr);

#endif
