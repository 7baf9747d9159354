/* Digits of floating-point numbers: see shortest.h. */
#include "common/data/shortest.h"

#include <charconv>

char *shortest_double(char *p, double d)
{
	return std::to_chars(p, p + SHORTEST_MAX, d, std::chars_format::scientific).ptr;
}

char *shortest_float(char *p, float f)
{
	return std::to_chars(p, p + SHORTEST_MAX, f, std::chars_format::scientific).ptr;
}
