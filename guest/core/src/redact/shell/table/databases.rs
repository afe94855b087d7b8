//! Databases, caches and stores of keys and values. From the manual pages and reference pages of their clients.

use super::{Row, row};

pub(super) const ROWS: &[Row] = &[
    row("mysqladmin mariadb-admin", "password", "-p! --password! -u: --user: -h: --host: -P: -S: 0!"),
    row(
        "mysql mysqldump mysqladmin mysqlimport mysqlcheck mysqlshow mysqlslap mysqlpump mysqlbinlog mysql_upgrade mysqltest mariadb \
         mariadb-dump mariadb-admin mariadb-import mariadb-check mariadb-backup mariabackup xtrabackup innobackupex mycli mydumper \
         myloader dumpling pt-online-schema-change pt-table-checksum pt-table-sync pt-query-digest",
        "",
        "-p! --password! --pass! --password1! --password2! -u: --user: -h: --host: -P: --port: -S: --socket: -e: --execute: -D: --database: -B: -T:",
    ),
    row("mysqlsh", "", "-p! --password! -u: --user: -h: --host: -P: --port: -e: -f: 0@@"),
    row(
        "psql pg_dump pg_dumpall pg_restore pg_basebackup pg_isready pgbench createdb createuser dropdb dropuser vacuumdb reindexdb \
         clusterdb pg_receivewal pg_recvlogical pg_rewind pgcli",
        "",
        "-p: -U: -h: -f: -c: -d=, --dbname=, -v= --set= --variable= -o: -t: -n: 0=,",
    ),
    row(
        "mongo mongosh mongodump mongorestore mongoexport mongoimport mongostat mongotop mongofiles",
        "",
        "-p! --password! -u: --username: -h: --host: --port: -d: --db: -c: --collection: --authenticationDatabase: --eval# -q:",
    ),
    row("redis-cli valkey-cli keydb-cli", "auth", "last!"),
    row("redis-cli valkey-cli keydb-cli", "config set", "0?"),
    row("redis-cli valkey-cli keydb-cli", "acl setuser", "*!>"),
    row(
        "redis-cli valkey-cli keydb-cli redis-benchmark",
        "",
        "-a! --pass! --user: -h: -p: -n: -u: -s: -r: -i: --cert: --key: --cacert: --eval:",
    ),
    row(
        "redis-server valkey-server redis-sentinel",
        "",
        "--requirepass! --masterauth! --masteruser: --tls-key-file-pass!",
    ),
    row("sqlcmd bcp osql", "", "-P! -z! -Z! -U: -S: -d: -Q: -q: -i: -o: -v= -t: -r: -f: -c^"),
    row("mssql-cli tsql", "", "-P! -U: -S: -H: -p: -D: -d: -Q:"),
    row("isql iusql", "", "-P! -U: -S: 2!"),
    row("sqlplus sqlcl", "", "-L^ -S^ -s^ 0/"),
    row("sqlldr exp imp expdp impdp", "", "*/"),
    row("rman", "", "*/"),
    row("beeline", "", "-p! -n: -u: -d: -e: -f: -w: --password-file:"),
    row("spark-submit spark-shell spark-sql pyspark", "", "--conf= --properties-file: --master: --class: --jars: 0+"),
    row("presto trino presto-cli trino-cli", "", "--password^ --server: --user: --catalog: --schema: --execute:"),
    row("influx", "setup|user create|user password", "-p! --password! -t! --token! -u: -o: -b: -n:"),
    row("influx", "", "-t! --token! -password! -o: -b: -p:"),
    row("cqlsh", "", "-p! --password! -u: --username: -k: -e: -f:"),
    row("nodetool sstableloader", "", "-pw! --password! -u: -h: -p: -pwf: -d:"),
    row("dsbulk", "", "-p! -u: -h: -k: -t:"),
    row("etcdctl", "user add", "--new-user-password! 0@"),
    row("etcdctl", "user passwd", "<!"),
    row("etcdctl", "", "--user@ --password! --endpoints: --cert: --key: --cacert:"),
    row("zkCli.sh zkcli", "addauth digest", "0@"),
    row("zkCli.sh zkcli", "", "-server:"),
    row("surreal", "", "-p! --pass! --password! -u: --user: --username:"),
    row("neo4j-admin", "set-initial-password|dbms set-initial-password", "0!"),
    row("cypher-shell", "", "-p! --password! -u: --username: -a: -d: -f:"),
    row(
        "arangosh arangodump arangorestore arangoimport",
        "",
        "--server.password! --server.username: --server.endpoint:",
    ),
    row(
        "couchbase-cli cbbackupmgr cbimport cbexport cbq",
        "",
        "-p! --password! --cluster-password! --server-add-password! -u: -c: -e: -b: -s:",
    ),
    row("db2", "connect to", "*?"),
    row("databricks", "secrets put|secrets put-secret", "--string-value! --scope: --key: <!"),
    row("databricks", "", "--token^ --profile:"),
    row("dolt", "", "-p! --password! -u: --user:"),
    row("elasticsearch-users", "useradd|passwd", "-p! -r:"),
    row("elasticsearch-keystore kibana-keystore logstash-keystore opensearch-keystore", "add", "-x<! --stdin<!"),
    row("meilisearch", "", "--master-key!"),
    row("consul", "kv put", "0?"),
    row("consul", "", "-token! -http-addr: -datacenter:"),
];
