/*
 * Allocation that cannot fail: out of memory ends the program with a message and EXIT_TEMP.
 *
 * Layer: lowest floor (uses diag).  Everything returned is freed with free(3) by its owner.
 */
#ifndef WEIR_BASE_ALLOC_H
#define WEIR_BASE_ALLOC_H

#include <stddef.h>

/* SIZE bytes, uninitialised; SIZE 0 gives a pointer that may be freed. */
void *xmalloc(size_t size) __attribute__((returns_nonnull, malloc));

/* COUNT * SIZE zeroed bytes; the product is checked for overflow. */
void *xcalloc(size_t count, size_t size) __attribute__((returns_nonnull, malloc));

/* realloc(3) of COUNT * SIZE bytes, checked for overflow; P may be NULL. */
void *xreallocarray(void *p, size_t count, size_t size) __attribute__((returns_nonnull));

/*
 * The array P of COUNT elements of SIZE bytes, with room for one more: the room is doubled, so that adding many is
 * linear. P is NULL at first, when COUNT is 0, and has had its memory from here alone.
 */
void *xroom(void *p, size_t count, size_t size) __attribute__((returns_nonnull));

/* COUNT * SIZE bytes at a multiple of ALIGN (a power of two), uninitialised. */
void *xaligned(size_t align, size_t count, size_t size) __attribute__((returns_nonnull, malloc));

/* A copy of the string S. */
char *xstrdup(const char *s) __attribute__((returns_nonnull, malloc));

/* A copy of the LEN bytes at S with a NUL after them. */
char *xstrndup(const char *s, size_t len) __attribute__((returns_nonnull, malloc));

#endif
