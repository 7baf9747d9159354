/*
 * Where a program of a pipeline writes its metrics without being told to: `weir run --metrics` names a directory.
 *
 * Layer: io (uses base).
 */
#ifndef WEIR_IO_METRICS_FILE_H
#define WEIR_IO_METRICS_FILE_H

#define METRICS_VARIABLE "WEIR_METRICS_DIR" /* set by `weir run --metrics` */
#define METRICS_SUFFIX   ".prom"

/* The path of the file for Prometheus text of this process, DIR/PROGRAM-PID.prom, for free(3); NULL: none is wanted. */
char *metrics_file(void);

#endif
