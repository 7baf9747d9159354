/* lake-cat --positions: see cat.h. */
#include <string.h>

#include "cmd/lake-cat/cat.h"
#include "common/base/visible.h"

int positions_print(struct flow *out, const struct log *log)
{
	struct strbuf text = STRBUF_INIT;
	const char *group, *topic, *partition;
	json_t *topics, *partitions, *at;
	json_object_foreach(json_object_get(log->state, "positions"), group, topics)
	{
		json_object_foreach(topics, topic, partitions)
		{
			json_object_foreach(partitions, partition, at)
			{
				visible_add(&text, topic, strlen(topic));
				strbuf_addch(&text, '\t');
				visible_add(&text, partition, strlen(partition));
				strbuf_addf(&text, "\t%" JSON_INTEGER_FORMAT "\t",
					json_integer_value(json_object_get(at, "next")));
				visible_add(&text, group, strlen(group));
				strbuf_addch(&text, '\n');
			}
		}
	}
	int r = outbuf_write(&out->out, text.s, text.len);
	strbuf_release(&text);
	return r;
}
