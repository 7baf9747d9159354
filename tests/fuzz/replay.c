/*
 * replay: the main of a fuzz target that is built without libFuzzer.
 *
 * Runs the target once for each file, and for each file in each directory, of its arguments, in order of names.
 * Exit status 1 when a file cannot be read or there was none; findings end the process by themselves.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int complain(const char *path)
{
	fprintf(stderr, "replay: cannot read '%s': %s\n", path, strerror(errno));
	return -1;
}

/* A buffer of exactly the file's size, so that a read beyond the end is found. */
static int run_file(const char *path, size_t size)
{
	uint8_t *data = malloc(size ? size : 1);
	FILE *file = fopen(path, "rb");
	int status = 0;

	if (!data || !file || fread(data, 1, size, file) != size)
		status = complain(path);
	if (file)
		fclose(file);
	if (!status) {
		fprintf(stderr, "replay: %s, %zu bytes\n", path, size);
		LLVMFuzzerTestOneInput(data, size);
	}
	free(data);
	return status;
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Adds the number of files that were run to *count. */
static int run_path(const char *path, long *count)
{
	struct dirent **entries;
	struct stat st;
	char *child;
	int n, status = 0;

	if (stat(path, &st))
		return complain(path);
	if (!S_ISDIR(st.st_mode)) {
		(*count)++;
		return run_file(path, (size_t)st.st_size);
	}
	n = scandir(path, &entries, visible, alphasort);
	if (n < 0)
		return complain(path);
	for (int i = 0; i < n; i++) {
		if (asprintf(&child, "%s/%s", path, entries[i]->d_name) < 0)
			abort();
		status |= run_path(child, count);
		free(child);
		free(entries[i]);
	}
	free(entries);
	return status;
}

int main(int argc, char **argv)
{
	long count = 0;
	int status = 0;

	for (int i = 1; i < argc; i++)
		status |= run_path(argv[i], &count);
	if (!count)
		fputs("replay: no input\n", stderr);
	return status || !count;
}
