//! Databases, caches and stores of keys and values. From the manual pages and reference pages of their clients.

use super::{Commands, row};

pub(super) const ROWS: &[Commands] = &[
    row("mysqladmin mariadb-admin", "password", "-p! -u: -h: -P: -S: --user: --host: 0!"),
    row(
        "mysql mysqldump mysqladmin mysqlimport mysqlcheck mysqlshow mysqlslap mysqlpump mysqlbinlog mysql_upgrade mysqltest mariadb \
         mariadb-dump mariadb-admin mariadb-import mariadb-check mariadb-backup mariabackup xtrabackup innobackupex mycli mydumper \
         myloader dumpling pt-online-schema-change pt-table-checksum pt-table-sync pt-query-digest",
        "",
        "-p! -u: -h: -P: -S: -e: -D: -B: -T: --password1! --password2! --user: --host: --port: --socket: --execute: --database:",
    ),
    row("mysqlsh", "", "-p! -u: -h: -P: -e: -f: --password1! --password2! --password3! --user: --host: --port: 0@@"),
    row(
        "psql pg_dump pg_dumpall pg_restore pg_basebackup pg_isready pgbench createdb createuser dropdb dropuser vacuumdb reindexdb \
         clusterdb pg_receivewal pg_recvlogical pg_rewind pgcli",
        "",
        "-p: -U: -h: -f: -c: -d=, -v= -o: -t: -n: --dbname=, --set= --variable= 0=,",
    ),
    row(
        "mongo mongosh mongodump mongorestore mongoexport mongoimport mongostat mongotop mongofiles",
        "",
        "-p! -u: -h: -d: -c: -q: --username: --host: --port: --db: --collection: --authenticationDatabase: --eval#",
    ),
    row("redis-cli valkey-cli keydb-cli", "auth", "last!"),
    row("redis-cli valkey-cli keydb-cli", "config set", "0?"),
    row("redis-cli valkey-cli keydb-cli", "acl setuser", "*!>"),
    row(
        "redis-cli valkey-cli keydb-cli redis-benchmark",
        "",
        "-a! -h: -p: -n: -u: -s: -r: -i: --user: --cert: --key: --cacert: --eval:",
    ),
    row("redis-server valkey-server redis-sentinel", "", "--requirepass! --masterauth! --masteruser:"),
    row("sqlcmd bcp osql", "", "-P! -z! -Z! -U: -S: -d: -Q: -q: -i: -o: -v= -t: -r: -f:"),
    row("mssql-cli tsql", "", "-P! -U: -S: -H: -p: -D: -d: -Q:"),
    row("isql iusql", "", "-P! -U: -S: 2!"),
    row("sqlplus sqlcl", "", "0/"),
    row("sqlldr exp imp expdp impdp", "", "*/"),
    row("rman", "", "*/"),
    row("beeline", "", "-p! -n: -u: -d: -e: -f: -w: --password-file:"),
    row("spark-submit spark-shell spark-sql pyspark", "", "--conf= --properties-file: --master: --class: --jars: 0+"),
    row("presto trino presto-cli trino-cli", "", "--password^ --server: --user: --catalog: --schema: --execute:"),
    row("influx", "setup|user create|user password", "-p! -t! -u: -o: -b: -n:"),
    row("influx", "", "-t! -o: -b: -p:"),
    row("cqlsh", "", "-p! -u: -k: -e: -f: --username:"),
    row("nodetool sstableloader", "", "-u: -h: -p: -d: -pw! -pwf:"),
    row("dsbulk", "", "-p! -u: -h: -k: -t:"),
    row("etcdctl", "user add", "0@"),
    row("etcdctl", "user passwd", "<!"),
    row("etcdctl", "", "--user@ --endpoints: --cert: --key: --cacert:"),
    row("zkCli.sh zkcli", "addauth digest", "0@"),
    row("zkCli.sh zkcli", "", "-server:"),
    row("surreal", "", "-p! -u: --user: --username:"),
    row("neo4j-admin", "set-initial-password|dbms set-initial-password", "0!"),
    row("cypher-shell", "", "-p! -u: -a: -d: -f: --username:"),
    row("arangosh arangodump arangorestore arangoimport", "", "--server.username: --server.endpoint:"),
    row("couchbase-cli cbbackupmgr cbimport cbexport cbq", "", "-p! -u: -c: -e: -b: -s:"),
    row("db2", "connect to", "*?"),
    row("databricks", "secrets put|secrets put-secret", "--string-value! --scope: --key: <!"),
    row("databricks", "", "--token^ --profile:"),
    row("dolt", "", "-p! -u: --user:"),
    row("elasticsearch-users", "useradd|passwd", "-p! -r:"),
    row("elasticsearch-keystore kibana-keystore logstash-keystore opensearch-keystore", "add", "-x<! --stdin<!"),
    row("meilisearch", "", "--master-key!"),
    row("consul", "kv put", "0?"),
    row("consul", "", "-http-addr: -datacenter:"),
];
