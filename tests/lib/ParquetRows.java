import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.Type;

/**
 * Write the rows of each Parquet file FILE to FILE.rows, a line of JSON each, as tests/lib/parquetdiff.py compares them: by
 * parquet-java, which verifies page CRCs here.
 */
public final class ParquetRows {
	private static String quote(String s) {
		StringBuilder out = new StringBuilder("\"");
		for (char c : s.toCharArray())
			out.append(c < ' ' || c == '"' || c == '\\' || c > '~' ? String.format("\\u%04x", (int) c) : String.valueOf(c));
		return out.append('"').toString();
	}

	private static String hex(byte[] bytes) {
		StringBuilder out = new StringBuilder();
		for (byte b : bytes)
			out.append(String.format("%02x", b));
		return out.toString();
	}

	private static String binary(Type type, Binary value) {
		LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
		if (logical instanceof LogicalTypeAnnotation.StringLogicalTypeAnnotation)
			return quote(new String(value.getBytes(), StandardCharsets.UTF_8));
		if (logical instanceof LogicalTypeAnnotation.DecimalLogicalTypeAnnotation)
			return quote(new java.math.BigInteger(value.getBytes()).toString());
		return quote(hex(value.getBytes()));
	}

	private static String primitive(Group group, int field, int index, Type type) {
		boolean decimal = type.getLogicalTypeAnnotation() instanceof LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
		switch (type.asPrimitiveType().getPrimitiveTypeName()) {
		case BOOLEAN:
			return String.valueOf(group.getBoolean(field, index));
		case INT32:
			return decimal ? quote(String.valueOf(group.getInteger(field, index))) : String.valueOf(group.getInteger(field, index));
		case INT64:
			return decimal ? quote(String.valueOf(group.getLong(field, index))) : String.valueOf(group.getLong(field, index));
		case FLOAT:
			float f = group.getFloat(field, index);
			return quote(Float.isNaN(f) ? "nan" : String.format("%08x", Float.floatToRawIntBits(f)));
		case DOUBLE:
			double d = group.getDouble(field, index);
			return quote(Double.isNaN(d) ? "nan" : String.format("%016x", Double.doubleToRawLongBits(d)));
		default:
			return binary(type, group.getBinary(field, index));
		}
	}

	/** The value of a field that occurs once or not at all. */
	private static String value(Group group, int field) {
		Type type = group.getType().getType(field);
		if (group.getFieldRepetitionCount(field) == 0)
			return "null";
		if (type.isPrimitive())
			return primitive(group, field, 0, type);
		Group inner = group.getGroup(field, 0);
		LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
		List<String> items = new ArrayList<>();
		if (!(logical instanceof LogicalTypeAnnotation.ListLogicalTypeAnnotation) &&
			!(logical instanceof LogicalTypeAnnotation.MapLogicalTypeAnnotation))
			return struct(inner);
		for (int i = 0; i < inner.getFieldRepetitionCount(0); i++) {
			Group item = inner.getGroup(0, i);
			boolean map = logical instanceof LogicalTypeAnnotation.MapLogicalTypeAnnotation;
			items.add(map ? "[" + value(item, 0) + "," + value(item, 1) + "]" : value(item, 0));
		}
		return "[" + String.join(",", items) + "]";
	}

	private static String struct(Group group) {
		GroupType type = group.getType();
		List<String> members = new ArrayList<>();
		for (int i = 0; i < type.getFieldCount(); i++)
			members.add(quote(type.getFieldName(i)) + ":" + value(group, i));
		return "{" + String.join(",", members) + "}";
	}

	private static String rows(Configuration conf, String file) throws Exception {
		StringBuilder out = new StringBuilder();
		try (ParquetReader<Group> reader =
				ParquetReader.builder(new GroupReadSupport(), new Path(file)).withConf(conf).build()) {
			for (Group row = reader.read(); row != null; row = reader.read())
				out.append(struct(row)).append('\n');
		}
		return out.toString();
	}

	public static void main(String[] files) throws Exception {
		Configuration conf = new Configuration();
		conf.setBoolean("parquet.page.verify-checksum.enabled", true);
		for (String file : files)
			Files.writeString(Paths.get(file + ".rows"), rows(conf, file));
	}
}
