/* The columns of checkpoints, by Delta Lake's PROTOCOL.md, as the text of a schema.  Private to delta_checkpoint*.c. */
#ifndef WEIR_LAKE_DELTA_CHECKPOINT_SCHEMA_H
#define WEIR_LAKE_DELTA_CHECKPOINT_SCHEMA_H

#define DELTA_CHECKPOINT_TABLE                                                                       \
	"protocol struct<minReaderVersion int, minWriterVersion int, readerFeatures array<string>, " \
	"writerFeatures array<string>>, "                                                            \
	"metaData struct<id string, name string, description string, "                               \
	"format struct<provider string, options map<string,string>>, schemaString string, "          \
	"partitionColumns array<string>, configuration map<string,string>, createdTime bigint>, "    \
	"txn struct<appId string, version bigint, lastUpdated bigint>"

#define DELTA_CHECKPOINT_FILES                                                                                    \
	", add struct<path string, partitionValues map<string,string>, size bigint, modificationTime bigint, "    \
	"dataChange boolean, stats string, tags map<string,string>" DELTA_CHECKPOINT_VECTOR ">, "                 \
	"remove struct<path string, deletionTimestamp bigint, dataChange boolean, extendedFileMetadata boolean, " \
	"partitionValues map<string,string>, size bigint, tags map<string,string>" DELTA_CHECKPOINT_VECTOR ">"

#define DELTA_CHECKPOINT_VECTOR                                                                            \
	", deletionVector struct<storageType string, pathOrInlineDv string, offset int, sizeInBytes int, " \
	"cardinality bigint>"
#define DELTA_CHECKPOINT_V2 ", checkpointMetadata struct<version bigint>, sidecar struct<path string>"

#endif
