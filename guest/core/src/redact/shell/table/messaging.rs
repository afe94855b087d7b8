//! Queues and brokers. From the manual pages of RabbitMQ, Mosquitto, Kafka, Pulsar and others.

use super::{Commands, row};

pub(super) const ROWS: &[Commands] = &[
    row("rabbitmqctl", "add_user|change_password|authenticate_user", "-n: --node: 1! <!"),
    row("rabbitmqctl", "", "-p: -n: --vhost: --node:"),
    row("rabbitmqadmin", "", "-p! -u: -H: -P: -V: -f: --username: --host: --port: --vhost: *="),
    row(
        "mosquitto_pub mosquitto_sub mosquitto_rr mosquitto_ctrl",
        "",
        "-P! -u: -h: -p: -t: -m: -i: -q: -o: --pw! --psk! --username: --cafile:",
    ),
    row("mosquitto_passwd", "", "-c: last!|-b"),
    row("kcat kafkacat rpk", "", "-X= -b: -t: -G: -F: -p: -o: -c: -f: --user:"),
    row(
        "kafka-console-producer kafka-console-consumer kafka-topics kafka-configs kafka-acls kafka-consumer-groups kafka-avro-console-consumer \
         kafka-avro-console-producer kafka-console-producer.sh kafka-console-consumer.sh kafka-topics.sh kafka-configs.sh kafka-acls.sh \
         kafka-consumer-groups.sh",
        "",
        "--producer-property= --consumer-property= --property= --command-property= --add-config=, --bootstrap-server: --topic: --group:",
    ),
    row("pulsar-admin pulsar-client", "", "--auth-params@ --auth-plugin: --url: --admin-url:"),
    row("artemis activemq", "", "--user: --url: --name:"),
    row("amqp-publish amqp-consume amqp-get amqp-declare-queue", "", "-u: -s: -r: -e: -b: -q: --username: --url:"),
    row("nats", "", "-s: --user: --nkey: --creds: --server:"),
    row("ntfy", "", "-u@ -k! -t: -p: -m: --user@ --title: --priority: --message:"),
    row("coap-client", "", "-k! -u: -m: -e: -f: -p: -o:"),
];
