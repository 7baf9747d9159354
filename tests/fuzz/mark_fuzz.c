/* Marks: any bytes are refused or parsed; a mark that is parsed can be written again with the same contents. */
#include <stdint.h>
#include <stdlib.h>

#include "common/stream/mark_offsets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf b = STRBUF_INIT, hop = STRBUF_INIT, err = STRBUF_INIT;
	struct mark m, again;
	struct mark_ranges parts;
	size_t len;
	strbuf_add(&b, data, size);
	mark_end(&b, 0); /* with the correct CRC, so that the later code is reached */
	if (mark_parse(b.s, b.len, &m) == 0) {
		mark_rehop(&hop, &m, m.n + 1, "fuzz");
		if (mark_parse(hop.s, hop.len, &again) < 0 || again.n != m.n + 1 || again.run != m.run ||
			again.flush != m.flush)
			abort();
		const char *s = mark_string(&m, "socket", &len);
		if (s && (s < m.text || s + len > m.text + m.len))
			abort();
		s = mark_object(&m, "off", &len);
		if (s && (s < m.text || s + len > m.text + m.len))
			abort();
		if (ranges_read(&m, &parts, &err) == 0)
			ranges_release(&parts);
	}
	strbuf_release(&b);
	strbuf_release(&hop);
	strbuf_release(&err);
	return 0;
}
