/*
 * Output formats of users: literal text, escapes, and verbs for the parts of a record (weir-consume(1), -f).
 *
 * Layer: kafka (uses base, data, record, frame).
 *     %t topic  %p partition  %o offset  %T timestamp in ms (-1: none)  %d the same as RFC 3339, %d{strftime}
 *     %k key  %K its length (-1: absent)  %s value  %S its length  %h headers as name=value,...  %%
 *     %k{hex} %s{base64}; %p{big32} %K{big32} %S{big32}: four bytes, most significant first; %o{big64} %T{big64}
 *     \n \t \r \0 \\ \xNN
 */
#ifndef WEIR_KAFKA_FORMAT_H
#define WEIR_KAFKA_FORMAT_H

#include "common/base/strbuf.h"
#include "common/data/time.h"
#include "common/kafka/frame.h"
#include "common/kafka/record.h"

enum format_verb {
	FORMAT_LITERAL,
	FORMAT_TOPIC,
	FORMAT_PARTITION,
	FORMAT_OFFSET,
	FORMAT_TIMESTAMP,
	FORMAT_DATE,
	FORMAT_KEY,
	FORMAT_KEY_LEN,
	FORMAT_VALUE,
	FORMAT_VALUE_LEN,
	FORMAT_HEADERS,
};

enum format_modifier {
	FORMAT_PLAIN,
	FORMAT_HEX,
	FORMAT_BASE64,
	FORMAT_BIG32,
	FORMAT_BIG64,
	FORMAT_STRFTIME,
};

struct format_piece {
	enum format_verb verb;
	enum format_modifier modifier;
	char *text; /* text of a literal: owned, may hold NULs */
	size_t len;
	struct time_pattern date; /* of FORMAT_STRFTIME */
};

struct format {
	struct format_piece *pieces;
	size_t count;
	struct frame frame;
	bool framed;  /* the format ends with the delimiter, so `frame` holds for keys, values and headers */
	bool headers; /* the format shows headers */
};

/* Compile S.  Returns 0, or -EINVAL with the reason in ERR; call format_release() in both cases. */
int format_init(struct format *f, const char *s, const struct frame *frame, struct strbuf *err) MUST_CHECK;
void format_release(struct format *f);

/* Whether R cannot be written because a part of it contains the delimiter. */
bool format_refuses(const struct format *f, const struct record *r);

/* This many bytes suffice for format_write(). */
size_t format_size(const struct format *f, const struct record *r);

/* Write R at P; returns where it ends. */
char *format_write(struct format *f, char *p, const struct record *r);

#endif
