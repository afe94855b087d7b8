//! Queues and brokers. From the manual pages of RabbitMQ, Mosquitto, Kafka, Pulsar and others.

use super::{Row, row};

pub(super) const ROWS: &[Row] = &[
    row("rabbitmqctl", "add_user|change_password|authenticate_user", "-n: --node: 1! <!"),
    row("rabbitmqctl", "", "-p: --vhost: -n: --node:"),
    row("rabbitmqadmin", "", "-p! --password! -u: --username: -H: --host: -P: --port: -V: --vhost: -f: *="),
    row(
        "mosquitto_pub mosquitto_sub mosquitto_rr mosquitto_ctrl",
        "",
        "-P! --pw! --psk! -u: --username: -h: -p: -t: -m: -i: -q: -o: --cafile:",
    ),
    row("mosquitto_passwd", "", "-c: last!|-b"),
    row("kcat kafkacat rpk", "", "-X= -b: -t: -G: -F: -p: -o: -c: -f: --password! --user:"),
    row(
        "kafka-console-producer kafka-console-consumer kafka-topics kafka-configs kafka-acls kafka-consumer-groups kafka-avro-console-consumer \
         kafka-avro-console-producer kafka-console-producer.sh kafka-console-consumer.sh kafka-topics.sh kafka-configs.sh kafka-acls.sh \
         kafka-consumer-groups.sh",
        "",
        "--producer-property= --consumer-property= --property= --command-property= --add-config=, --bootstrap-server: --topic: --group:",
    ),
    row("pulsar-admin pulsar-client", "", "--auth-params@ --auth-plugin: --url: --admin-url:"),
    row("artemis activemq", "", "--password! --user: --url: --name:"),
    row(
        "amqp-publish amqp-consume amqp-get amqp-declare-queue",
        "",
        "--password! --username: -u: --url: -s: -r: -e: -b: -q: -p^",
    ),
    row("nats", "", "--password! --user: --token! --nkey: --creds: -s: --server:"),
    row("ntfy", "", "-u@ --user@ -k! --token! -t: --title: -p: --priority: -m: --message:"),
    row("coap-client", "", "-k! -u: -m: -e: -f: -p: -o:"),
];
