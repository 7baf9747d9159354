"""duckgroup.py json|tsv FILE QUERY: a query of DuckDB over SRC, one thread; only the columns that it needs are read."""
import sys

import duckdb

kind, path, query = sys.argv[1:]
COLUMNS = {"ts": "TIMESTAMP", "user": "VARCHAR", "action": "VARCHAR", "amount": "DOUBLE", "item": "VARCHAR", "ip": "VARCHAR"}
sql = duckdb.connect()
sql.execute("SET threads=1")
if kind == "json":
    columns = ", ".join(f"'{name}': '{type_}'" for name, type_ in COLUMNS.items() if name in query)
    source = f"read_json('{path}', format='newline_delimited', columns={{{columns}}})"
else:
    columns = "'user': 'VARCHAR', 'action': 'VARCHAR', 'amount': 'DOUBLE', 'item': 'VARCHAR', 'ip': 'VARCHAR'"
    source = f"read_csv('{path}', delim='\t', header=false, quote='', escape='', columns={{{columns}}})"
print(len(sql.execute(query.replace("SRC", source)).fetchall()))
