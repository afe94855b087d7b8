//! Databases and observability.

use super::alphabet::{ALNUM, BASE64, DOTTED, LOWER_ALNUM, LOWER_HEX, PADDED, PADDED_WORD, TOKEN, UPPER_ALNUM, WORD};
use super::checksum::Checksum;
use super::shape::{Proof, UUID, between, exact, text};
use super::{Format, bare, format, shape};

pub(super) const FORMATS: &[Format] = &[
    // Aiven docs, connection examples (AVNS_ passwords) (not read); length: public scanners
    format("aiven-password", "Aiven", &[shape(&["AVNS_"], &[exact(WORD, 19)]).tight()]),
    // Public scanners
    format(
        "algolia-admin-key",
        "Algolia",
        &[bare(&[exact(LOWER_HEX, 32)]).near("algolia & admin|write|api_key|apikey|api-key").proof(Proof::Both)],
    ),
    // Public scanners
    format(
        "amplitude-secret-key",
        "Amplitude",
        &[bare(&[exact(LOWER_HEX, 32)]).near("amplitude & secret").proof(Proof::Both)],
    ),
    // DataStax Astra docs, application tokens (AstraCS: by example) (not read); parts
    format(
        "astra-token",
        "DataStax Astra",
        &[shape(&["AstraCS:"], &[exact(WORD, 24), text(":"), exact(LOWER_HEX, 64)])],
    ),
    // Axiom docs, "API tokens" (xaat-, xapt-) (not read)
    format("axiom-token", "Axiom", &[shape(&["xaat-", "xapt-"], UUID).tight()]),
    // Public scanners
    format(
        "clickhouse-cloud-secret",
        "ClickHouse Cloud",
        &[shape(&["4b1d"], &[exact(ALNUM, 38)]).tight().proof(Proof::Mixed)],
    ),
    // Public scanners
    format(
        "cockroach-api-key",
        "CockroachDB Cloud",
        &[shape(&["CCDB1_"], &[exact(ALNUM, 22), text("_"), exact(ALNUM, 40)]).tight()],
    ),
    // Public scanners
    format(
        "configcat-sdk-key",
        "ConfigCat",
        &[shape(&["configcat-sdk-1/"], &[exact(WORD, 22), text("/"), exact(WORD, 22)])],
    ),
    // Confluent Cloud docs, "Use API keys", API secret format (cflt, from July 2025); length and a checksum in
    // the last 6: public scanners
    // Public scanners
    format(
        "confluent-secret",
        "Confluent Cloud",
        &[
            shape(&["cflt"], &[exact(BASE64, 60)]).tight().proof(Proof::Mixed),
            bare(&[exact(BASE64, 64)]).near("confluent|sasl & secret|password").proof(Proof::Mixed),
        ],
    ),
    // Microsoft, security-utilities, precisely classified keys (Databricks PAT)
    // As commonly seen
    format(
        "databricks-token",
        "Databricks",
        &[shape(&["dapi", "dose"], &[exact(LOWER_HEX, 32)]).tight().proof(Proof::Both)],
    ),
    // Datadog docs, "API and application keys" (not read); length: public scanners
    format(
        "datadog-key",
        "Datadog",
        &[
            bare(&[exact(LOWER_HEX, 32)]).near("datadog|dd_api|dd-api|dd_client & key|token").proof(Proof::Both),
            bare(&[exact(LOWER_HEX, 40)]).near("datadog|dd_app|dd-app & key").proof(Proof::Both),
        ],
    ),
    // Dynatrace docs, "Access tokens and OAuth clients", Token format (prefix, 24 public and 64 secret
    // characters) (not read)
    format(
        "dynatrace-token",
        "Dynatrace",
        &[shape(
            &["dt0c01.", "dt0s01.", "dt0s02.", "dt0s08.", "dt0s16."],
            &[between(UPPER_ALNUM, 8, 24), text("."), exact(UPPER_ALNUM, 64)],
        )],
    ),
    // Public scanners
    // Elasticsearch docs, "Create API key" (encoded, by example) (not read)
    format(
        "elastic-key",
        "Elastic",
        &[
            shape(&["essu_"], &[between(PADDED_WORD, 60, 200)]).tight().proof(Proof::Mixed),
            bare(&[exact(BASE64, 58), text("==")])
                .near("elastic|kibana|authorization: apikey & key|apikey")
                .proof(Proof::Mixed),
        ],
    ),
    // Grafana source, pkg/components/satokengen (format and checksum)
    // Public scanners
    format(
        "grafana-token",
        "Grafana",
        &[
            shape(&["glsa_"], &[exact(ALNUM, 32), text("_"), exact(LOWER_HEX, 8)])
                .tight()
                .sum(Checksum::LittleHexWhole),
            shape(&["glc_"], &[between(PADDED, 40, 400)]).tight().proof(Proof::Mixed),
        ],
    ),
    // Honeycomb docs, "API keys" (hcaik_ by example) (not read); length
    format(
        "honeycomb-key",
        "Honeycomb",
        &[shape(
            &["hcaik_", "hcbik_", "hccik_", "hcdik_", "hceik_", "hcamk_", "hcbmk_", "hccmk_", "hcdmk_", "hcemk_"],
            &[between(LOWER_ALNUM, 58, 64)],
        )
        .tight()
        .proof(Proof::Both)],
    ),
    // Public scanners
    format(
        "influxdb-token",
        "InfluxDB",
        &[bare(&[exact(WORD, 86), text("==")]).near("influx & token").proof(Proof::Mixed)],
    ),
    // LaunchDarkly docs, "Understanding the different types of keys" (not read); UUID: as commonly seen
    // LaunchDarkly docs, "API access tokens" (not read); UUID: as commonly seen
    format("launchdarkly-key", "LaunchDarkly", &[shape(&["sdk-", "api-", "mob-"], UUID).tight()]),
    // Public scanners
    format(
        "mixpanel-secret",
        "Mixpanel",
        &[bare(&[exact(LOWER_HEX, 32)]).near("mixpanel & secret").proof(Proof::Both)],
    ),
    // Public scanners
    // MongoDB Atlas docs, "API keys" (private key is a UUID by example) (not read)
    format(
        "mongodb-atlas-key",
        "MongoDB Atlas",
        &[shape(&["mdb_sa_sk_"], &[exact(WORD, 40)]), bare(UUID).near("atlas & private")],
    ),
    // Neon docs, "Manage API keys"; prefix and length: as commonly seen
    format("neon-api-key", "Neon", &[shape(&["napi_"], &[between(ALNUM, 48, 80)]).tight().proof(Proof::Both)]),
    // New Relic docs, "New Relic API keys" (not read); shape: public scanners
    // New Relic blog, "Managing New Relic keys with NerdGraph" (license key of 40 characters); ending: as
    // commonly seen
    format(
        "newrelic-key",
        "New Relic",
        &[
            shape(&["NRAK-"], &[exact(UPPER_ALNUM, 27)]).tight(),
            shape(&["NRII-"], &[exact(WORD, 32)]).tight(),
            shape(&["NRJS-"], &[exact(LOWER_HEX, 19)]).tight(),
            bare(&[exact(LOWER_ALNUM, 36), text("NRAL")]).proof(Proof::Both),
        ],
    ),
    // Opsgenie docs, "API authentication" (GenieKey and a UUID) (not read)
    format("opsgenie-api-key", "Opsgenie", &[bare(UUID).near("opsgenie|geniekey")]),
    // Public scanners
    format(
        "pagerduty-key",
        "PagerDuty",
        &[bare(&[exact(TOKEN, 20)]).near("pagerduty|pd_api|pagerduty_api & token|key").proof(Proof::Mixed)],
    ),
    // Public scanners
    format(
        "planetscale-token",
        "PlanetScale",
        &[shape(&["pscale_tkn_", "pscale_oauth_", "pscale_pw_"], &[between(DOTTED, 32, 64)])],
    ),
    // PostHog source, models/utils (phx_ and 32 to 35 random bytes in base62 or base57)
    // PostHog source, models/utils (phs_)
    // PostHog source, OAuth tokens (pha_, phr_)
    format("posthog-key", "PostHog", &[shape(&["phx_", "phs_", "pha_", "phr_"], &[between(ALNUM, 41, 64)]).tight()]),
    // Segment docs, "Public API" (not read); shape: as commonly seen
    format(
        "segment-public-api-token",
        "Twilio Segment",
        &[shape(&["sgp_"], &[exact(ALNUM, 64)]).tight().proof(Proof::Mixed)],
    ),
    // Sentry RFC 0091, CI upload tokens (sntrys_); parts: public scanners
    // Public scanners
    format(
        "sentry-token",
        "Sentry",
        &[
            shape(&["sntrys_eyJ"], &[between(PADDED, 40, 400), text("_"), exact(BASE64, 43)]),
            shape(&["sntryu_", "sntrya_", "sntryi_"], &[exact(LOWER_HEX, 64)]),
            bare(&[exact(LOWER_HEX, 64)]).near("sentry & auth_token|auth-token|authtoken").proof(Proof::Both),
        ],
    ),
    // Splunk docs, "Set up and use HTTP Event Collector" (Authorization: Splunk and a GUID) (not read)
    format("splunk-hec-token", "Splunk", &[bare(UUID).near("splunk|hec_token|hec-token & token|authorization")]),
    // Statsig docs, "API keys" (secret-) (not read); length
    format("statsig-server-secret", "Statsig", &[shape(&["secret-"], &[exact(ALNUM, 43)]).proof(Proof::Mixed)]),
    // Public scanners
    format(
        "sumologic-access-key",
        "Sumo Logic",
        &[bare(&[exact(ALNUM, 64)]).near("sumo & key|secret").proof(Proof::Both)],
    ),
    // Public scanners
    // As commonly seen
    // Supabase docs, "API keys" (sb_secret_); length: public scanners
    format(
        "supabase-key",
        "Supabase",
        &[
            shape(&["sbp_"], &[between(LOWER_HEX, 40, 44)]).tight().proof(Proof::Both),
            shape(&["sbp_v0_", "sbp_oauth_"], &[exact(LOWER_HEX, 40)]),
            shape(&["sb_secret_"], &[exact(WORD, 22), text("_"), exact(WORD, 8)]),
        ],
    ),
];
