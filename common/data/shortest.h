/*
 * The shortest decimal digits of a floating-point number.
 *
 * Layer: data (the standard library of C++, which has the algorithm, Ryu).
 */
#ifndef WEIR_DATA_SHORTEST_H
#define WEIR_DATA_SHORTEST_H

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Write D, which is finite and positive, to P in the form 1.2345e+06: the fewest digits of which reading gives D again,
 * and of several such numbers the one next to D.  Returns the end, at most SHORTEST_MAX bytes after P.
 */
#define SHORTEST_MAX 25
char *shortest_double(char *p, double d);
/* The same for a float: fewer digits suffice. */
char *shortest_float(char *p, float f);

#ifdef __cplusplus
}
#endif

#endif
