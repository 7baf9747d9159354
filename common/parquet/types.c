/* How the types of a schema are stored: see types.h. */
#include "common/parquet/types.h"

/* The fewest bytes in which all decimals of this many digits fit, including the sign. */
static uint32_t decimal_width(unsigned precision)
{
	pq_int128 greatest = 1;
	uint32_t width = 1;
	for (unsigned i = 0; i < precision; i++)
		greatest *= 10;
	while (width < 16 && greatest - 1 > ((pq_int128)1 << (8 * width - 1)) - 1)
		width++;
	return width;
}

enum pq_physical pq_physical_of(const struct schema_field *field)
{
	switch (field->type) {
	case SCHEMA_BOOL:
		return PQ_BOOLEAN;
	case SCHEMA_INT32:
	case SCHEMA_DATE:
		return PQ_INT32;
	case SCHEMA_FLOAT:
		return PQ_FLOAT;
	case SCHEMA_DOUBLE:
		return PQ_DOUBLE;
	case SCHEMA_STRING:
	case SCHEMA_BINARY:
		return PQ_BYTE_ARRAY;
	case SCHEMA_DECIMAL:
		return field->precision <= 9 ? PQ_INT32 : field->precision <= 18 ? PQ_INT64 : PQ_FIXED;
	default:
		return PQ_INT64;
	}
}

uint32_t pq_width_of(const struct schema_field *field)
{
	static const uint32_t widths[] = {
		[PQ_BOOLEAN] = 1, [PQ_INT32] = 4, [PQ_INT64] = 8, [PQ_FLOAT] = 4, [PQ_DOUBLE] = 8, [PQ_BYTE_ARRAY] = 0};
	enum pq_physical physical = pq_physical_of(field);
	return physical == PQ_FIXED ? decimal_width(field->precision) : widths[physical];
}
