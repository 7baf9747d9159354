/* Expressions: addresses of IPv4 and IPv6 within networks. */
#include <arpa/inet.h>
#include <string.h>

#include "common/base/ascii.h"
#include "common/data/expr_func.h"

struct address {
	unsigned char bytes[16];
	unsigned size; /* of bytes: 4 or 16 */
};

/* Read the LEN bytes at S as an address.  IPv4 within IPv6 (::ffff:10.0.0.1) is IPv4. */
static bool read_address(const char *s, size_t len, struct address *ret)
{
	static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	char text[INET6_ADDRSTRLEN];

	if (len >= sizeof text || memchr(s, '\0', len))
		return false;
	memcpy(text, s, len);
	text[len] = '\0';
	ret->size = 4;
	if (inet_pton(AF_INET, text, ret->bytes) == 1)
		return true;
	ret->size = 16;
	if (inet_pton(AF_INET6, text, ret->bytes) != 1)
		return false;
	if (memcmp(ret->bytes, mapped, sizeof mapped) == 0) {
		memmove(ret->bytes, ret->bytes + 12, 4);
		ret->size = 4;
	}
	return true;
}

/* Read ADDRESS/BITS; without bits, the network is the one address. */
static bool read_net(const char *s, size_t len, struct address *ret, unsigned *ret_bits)
{
	const char *slash = memchr(s, '/', len);
	size_t address = slash ? (size_t)(slash - s) : len, digits = slash ? len - address - 1 : 0;
	unsigned bits = 0;

	if (!read_address(s, address, ret) || (slash && (digits < 1 || digits > 3)))
		return false;
	for (size_t i = 0; i < digits; i++) {
		if (!ascii_is_digit(slash[1 + i]))
			return false;
		bits = bits * 10 + (unsigned)(slash[1 + i] - '0');
	}
	*ret_bits = slash ? bits : ret->size * 8;
	return *ret_bits <= ret->size * 8;
}

static bool within(const struct address *a, const struct address *net, unsigned bits)
{
	unsigned bytes = bits / 8, rest = bits % 8;

	if (a->size != net->size || memcmp(a->bytes, net->bytes, bytes) != 0)
		return false;
	return !rest || ((a->bytes[bytes] ^ net->bytes[bytes]) >> (8 - rest)) == 0;
}

const struct value *expr_call_cidr(struct expr *e, struct expr_node *n, struct value *tmp)
{
	struct address address, net;
	bool found = false;
	unsigned bits;

	if (!expr_strings(e, n, n->count, tmp))
		return tmp;
	if (!read_address(n->args[0]->s, n->args[0]->len, &address))
		return expr_fail(e, n, "this is not an address of IPv4 or IPv6", tmp);
	for (size_t i = 1; i < n->count && !found; i++) {
		if (!read_net(n->args[i]->s, n->args[i]->len, &net, &bits))
			return expr_fail(e, n, "a network is written as 10.0.0.0/8", tmp);
		found = within(&address, &net, bits);
	}
	return expr_bool(tmp, found);
}
