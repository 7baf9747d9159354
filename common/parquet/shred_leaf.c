/* Shredding: putting a value into its leaf.  See shred_impl.h. */
#include "common/parquet/shred_impl.h"

#include "common/base/alloc.h"

bool shred_null(struct shred *sh, struct shred_node *node, unsigned rep)
{
	if (node->required)
		return shred_refuse_null(sh, node);
	for (size_t i = 0; i < node->leaves; i++)
		pq_put_null(&sh->leaf[node->leaf + i], node->def - 1u, rep);
	return true;
}

/* A buffer for the bytes of a text of LEN characters in base64. */
static char *reserve(struct shred *sh, size_t len)
{
	if (sh->bytes_room < len) {
		sh->bytes_room = len + len / 2;
		sh->bytes = xreallocarray(sh->bytes, sh->bytes_room, 1);
	}
	return sh->bytes;
}

static int put_bytes(struct pq_leaf *leaf, const char *s, size_t len, unsigned rep, const char **why)
{
	if (len > INT32_MAX - 8) {
		*why = "is too long";
		return -ERANGE;
	}
	pq_put_bytes(leaf, s, len, rep);
	return 0;
}

/* Values of the types whose conversion needs more than the value itself. */
static int put_other(struct shred *sh, struct shred_node *node, const struct value *v, unsigned rep, const char **why)
{
	const struct schema_field *f = node->field;
	struct pq_leaf *leaf = &sh->leaf[node->leaf];
	convert_i128 decimal;
	const char *s;
	size_t len;
	int r;

	switch (node->type) {
	case SCHEMA_DECIMAL:
		r = convert_decimal(v, f->precision, f->scale, &decimal, why);
		if (r == 0)
			pq_put_decimal(leaf, decimal, rep);
		return r;
	case SCHEMA_STRING:
		r = convert_string(v, &s, &len, why);
		return r < 0 ? r : put_bytes(leaf, s, len, rep, why);
	case SCHEMA_BINARY: {
		char *to = reserve(sh, v->len / 4 * 3 + 1);
		r = convert_binary(v, to, &len, why);
		return r < 0 ? r : put_bytes(leaf, to, len, rep, why);
	}
	default:
		if (value_is_null(v))
			return -ENODATA;
		*why = v->type == VALUE_TEXT         ? "is text, which cannot become a struct, array or map"
		       : node->type == SCHEMA_STRUCT ? "is not an object"
		       : node->type == SCHEMA_LIST   ? "is not an array"
						     : "is not an object, as a map must be";
		return -EINVAL;
	}
}

/* Numbers of 64 bits. */
static int put_long(struct shred *sh, struct shred_node *node, const struct value *v, unsigned rep, const char **why)
{
	const struct schema_field *f = node->field;
	int64_t n;
	int r = node->type == SCHEMA_INT64       ? convert_int64(v, &n, why)
		: node->type == SCHEMA_TIMESTAMP ? convert_timestamp(v, f->unit, &node->cache, &n, why)
						 : convert_timestamp_ntz(v, f->unit, &n, why);

	if (r == 0)
		pq_put_i64(&sh->leaf[node->leaf], n, rep);
	return r;
}

static int put(struct shred *sh, struct shred_node *node, const struct value *v, unsigned rep, const char **why)
{
	struct pq_leaf *leaf = &sh->leaf[node->leaf];
	int32_t n;
	double d;
	float f;
	bool b;
	int r;

	switch (node->type) {
	case SCHEMA_BOOL:
		r = convert_bool(v, &b, why);
		if (r == 0)
			pq_put_bool(leaf, b, rep);
		return r;
	case SCHEMA_INT32:
	case SCHEMA_DATE:
		r = node->type == SCHEMA_DATE ? convert_date(v, &n, why) : convert_int32(v, node->field->bits, &n, why);
		if (r == 0)
			pq_put_i32(leaf, n, rep);
		return r;
	case SCHEMA_FLOAT:
		r = convert_float(v, &f, why);
		if (r == 0)
			pq_put_float(leaf, f, rep);
		return r;
	case SCHEMA_DOUBLE:
		r = convert_double(v, &d, why);
		if (r == 0)
			pq_put_double(leaf, d, rep);
		return r;
	case SCHEMA_INT64:
	case SCHEMA_TIMESTAMP:
	case SCHEMA_TIMESTAMP_NTZ:
		return put_long(sh, node, v, rep, why);
	default:
		return put_other(sh, node, v, rep, why);
	}
}

bool shred_leaf(struct shred *sh, struct shred_node *node, const struct value *v, unsigned rep)
{
	const char *why = NULL;
	int r = put(sh, node, v, rep, &why);

	if (r == 0)
		return true;
	if (r == -ENODATA)
		return shred_null(sh, node, rep);
	return shred_refuse_value(sh, node, v->raw ? v->raw : v->s, v->raw ? v->raw_len : v->len, why);
}

bool shred_missing(struct shred *sh, struct shred_node *node, unsigned rep)
{
	return node->given ? shred_leaf(sh, node, node->given, rep) : shred_null(sh, node, rep);
}

bool shred_key(struct shred *sh, struct shred_node *node, const struct shred_entry *e, unsigned rep)
{
	struct value key = {
		.type = node->type == SCHEMA_STRING || node->type == SCHEMA_BINARY ? VALUE_STRING : VALUE_TEXT,
		.raw = e->key,
		.raw_len = e->len,
		.s = e->key,
		.len = e->len};

	return shred_leaf(sh, node, &key, rep);
}
