//! Clouds and hosting.

use super::alphabet::{ALNUM, BASE32, BASE64, DOTTED, LOWER_ALNUM, LOWER_HEX, PADDED, UPPER_ALNUM, WORD};
use super::checksum::Checksum;
use super::shape::{Proof, UUID, between, exact, text};
use super::{Format, bare, format, shape};

pub(super) const FORMATS: &[Format] = &[
    // As commonly seen
    format(
        "akamai-edgegrid-token",
        "Akamai",
        &[shape(&["akab-"], &[exact(LOWER_ALNUM, 16), text("-"), exact(LOWER_ALNUM, 16)]).tight().proof(Proof::Digit)],
    ),
    // Public scanners
    format(
        "alibaba-access-key",
        "Alibaba Cloud",
        &[
            bare(&[exact(ALNUM, 30)]).near("alibaba|aliyun|alicloud & secret|accesskey|access_key").proof(Proof::Mixed),
            shape(&["STS.N"], &[between(ALNUM, 18, 64)]).tight().proof(Proof::Mixed),
        ],
    ),
    // AWS IAM User Guide, "IAM identifiers", Understanding unique ID prefixes
    format(
        "aws-access-key-id",
        "AWS",
        &[
            shape(&["AKIA"], &[between(UPPER_ALNUM, 16, 124)]),
            shape(&["ASIA", "ABIA", "ACCA"], &[exact(BASE32, 16)]).tight().proof(Proof::Digit),
        ],
    ),
    // AWS IAM User Guide, "API keys for Amazon Bedrock" (kinds); shape: public scanners
    // AWS IAM User Guide, "API keys for Amazon Bedrock" (short-term keys are presigned URLs); shape: public
    // scanners
    format(
        "aws-bedrock-key",
        "AWS",
        &[
            shape(&["ABSK"], &[between(PADDED, 109, 271)]).tight().proof(Proof::Mixed),
            shape(&["bedrock-api-key-"], &[between(PADDED, 100, 4000)]),
        ],
    ),
    // Public scanners
    format("aws-mws-auth-token", "AWS", &[shape(&["amzn.mws."], UUID)]),
    // AWS IAM User Guide, "Manage access keys for IAM users" (a 40-character secret beside the id) (not read)
    format(
        "aws-secret-access-key",
        "AWS",
        &[bare(&[exact(BASE64, 40)])
            .near("aws_secret|secret_access_key|secretaccesskey|aws-secret|secret access key|awssecretkey")
            .proof(Proof::Mixed)],
    ),
    // As commonly seen
    format(
        "aws-session-token",
        "AWS",
        &[shape(&["IQoJb3JpZ2lu", "FwoGZXIvYXdz", "FQoGZXIvYXdz"], &[between(PADDED, 150, 2400)])],
    ),
    // Microsoft, security-utilities, precisely classified keys
    // Microsoft, security-utilities, precisely classified keys (common annotated security key)
    format(
        "azure-key",
        "Azure Cosmos DB",
        &[
            bare(&[exact(BASE64, 76), text("ACDb"), exact(BASE64, 6), text("==")]),
            bare(&[exact(BASE64, 76), text("+ABa"), exact(BASE64, 6), text("==")]),
            bare(&[exact(BASE64, 76), text("+AMC"), exact(BASE64, 6), text("==")]),
            bare(&[exact(BASE64, 76), text("APIM"), exact(BASE64, 6), text("==")]),
            bare(&[exact(BASE64, 33), text("AzCa"), exact(BASE64, 6), text("=")]),
            bare(&[exact(BASE64, 33), text("AIoT"), exact(BASE64, 6), text("=")]),
            bare(&[exact(BASE64, 33), text("AZEG"), exact(BASE64, 6), text("=")]),
            bare(&[exact(WORD, 44), text("AzFu"), exact(WORD, 5), exact(ALNUM, 1), text("==")]),
            bare(&[exact(ALNUM, 42), text("AzSe"), exact(ALNUM, 6)]),
            bare(&[exact(BASE64, 42), text("+ACR"), exact(BASE64, 6)]),
            bare(&[exact(ALNUM, 52), text("JQQJ9"), exact(ALNUM, 27)]),
        ],
    ),
    // Microsoft, security-utilities, precisely classified keys
    // Microsoft, security-utilities, precisely classified keys (legacy messaging credentials)
    format(
        "azure-shared-access-key",
        "Azure Service Bus",
        &[
            bare(&[exact(BASE64, 33), text("+ASb"), exact(BASE64, 6), text("=")]),
            bare(&[exact(BASE64, 33), text("+AEh"), exact(BASE64, 6), text("=")]),
            bare(&[exact(BASE64, 33), text("+ARm"), exact(BASE64, 6), text("=")]),
            bare(&[exact(BASE64, 43), text("=")])
                .near("sharedaccesskey|shared_access_key|;accesskey=")
                .proof(Proof::Mixed),
        ],
    ),
    // Microsoft, security-utilities, precisely classified keys
    // Microsoft Purview docs, "Azure storage account key" (not read); security-utilities, legacy storage
    // credentials
    format(
        "azure-storage-key",
        "Azure Storage",
        &[
            bare(&[exact(BASE64, 76), text("+ASt"), exact(BASE64, 6), text("==")]),
            bare(&[exact(BASE64, 86), text("==")])
                .near("accountkey|account_key|storage_key|storagekey|storage-key|storage_account")
                .proof(Proof::Mixed),
        ],
    ),
    // Public scanners
    format("civo-api-key", "Civo", &[bare(&[exact(ALNUM, 50)]).near("civo & key|token").proof(Proof::Mixed)]),
    // Public scanners
    format(
        "cloudflare-origin-ca-key",
        "Cloudflare",
        &[shape(&["v1.0-"], &[exact(LOWER_HEX, 24), text("-"), exact(LOWER_HEX, 146)]).tight()],
    ),
    // Cloudflare docs, Fundamentals, "Token formats" (40 characters and a checksum; 8 lower-case hex by public
    // scanners)
    // Cloudflare docs, Fundamentals, "Token formats"
    // Public scanners
    format(
        "cloudflare-token",
        "Cloudflare",
        &[
            shape(&["cfk_", "cfut_", "cfat_"], &[exact(ALNUM, 40), exact(LOWER_HEX, 8)]).tight(),
            bare(&[exact(WORD, 40)]).near("cloudflare|cf_api|cf-api & token|key|secret").proof(Proof::Mixed),
            bare(&[exact(LOWER_HEX, 37)]).near("cloudflare|cf_api|cf-api|x-auth-key & key").proof(Proof::Both),
        ],
    ),
    // Public scanners
    format("digitalocean-token", "DigitalOcean", &[shape(&["dop_v1_", "doo_v1_", "dor_v1_"], &[exact(LOWER_HEX, 64)])]),
    // Public scanners
    format(
        "exoscale-api-key",
        "Exoscale",
        &[shape(&["EXO"], &[between(LOWER_HEX, 24, 30)]).tight().proof(Proof::Both)],
    ),
    // Public scanners
    format("fastly-api-token", "Fastly", &[bare(&[exact(WORD, 32)]).near("fastly & key|token").proof(Proof::Mixed)]),
    // Public scanners
    format(
        "fly-token",
        "Fly.io",
        &[
            shape(&["fm2_", "fm1r_", "fm1a_"], &[between(PADDED, 100, 4000)]).tight().proof(Proof::Mixed),
            shape(&["fo1_"], &[exact(WORD, 43)]).tight().proof(Proof::Mixed),
        ],
    ),
    // Google Cloud docs, "Manage API keys" (not read); length: public scanners
    format("google-api-key", "Google", &[shape(&["AIza"], &[exact(WORD, 35)]).tight()]),
    // Google Identity docs, "Using OAuth 2.0 to access Google APIs" (token size limits) (not read); prefix:
    // public scanners
    format(
        "google-oauth-access-token",
        "Google",
        &[shape(&["ya29."], &[between(DOTTED, 40, 2048)]).tight().proof(Proof::Mixed)],
    ),
    // Public scanners
    format("google-oauth-client-secret", "Google", &[shape(&["GOCSPX-"], &[exact(WORD, 28)])]),
    // Google Identity docs, OAuth 2.0 refresh tokens (up to 512 bytes, shown as 1//...) (not read); length
    format(
        "google-oauth-refresh-token",
        "Google",
        &[shape(&["1//0"], &[between(WORD, 35, 507)]).tight().proof(Proof::Mixed)],
    ),
    // Public scanners
    // As commonly seen
    format(
        "heroku-key",
        "Heroku",
        &[
            shape(&["HRKU-AA"], &[exact(WORD, 58)]),
            shape(&["HRKU-"], UUID).tight(),
            bare(UUID).near("heroku & key|token|secret"),
        ],
    ),
    // As commonly seen
    format(
        "hetzner-cloud-token",
        "Hetzner",
        &[bare(&[exact(ALNUM, 64)]).near("hcloud|hetzner & token|key").proof(Proof::Mixed)],
    ),
    // Public scanners
    format(
        "ibm-cloud-api-key",
        "IBM Cloud",
        &[bare(&[between(WORD, 42, 44)])
            .near("ibmcloud|ibm_cloud|ibm-cloud|bluemix|iam.cloud.ibm & key")
            .proof(Proof::Mixed)],
    ),
    // As commonly seen
    format(
        "linode-token",
        "Akamai Linode",
        &[bare(&[exact(LOWER_HEX, 64)]).near("linode & token|key").proof(Proof::Both)],
    ),
    // Public scanners
    format(
        "netlify-token",
        "Netlify",
        &[shape(&["nfp_", "nfo_", "nfc_", "nfu_", "nfb_"], &[between(ALNUM, 36, 48)]).tight().proof(Proof::Mixed)],
    ),
    // Public scanners
    format(
        "ovh-secret",
        "OVHcloud",
        &[bare(&[exact(ALNUM, 32)]).near("ovh_|ovh-|ovhcloud|ovh.com & secret|consumer").proof(Proof::Both)],
    ),
    // Public scanners
    format("scaleway-secret-key", "Scaleway", &[bare(UUID).near("scaleway|scw_ & secret|token")]),
    // Public scanners
    format("scalingo-token", "Scalingo", &[shape(&["tk-us-"], &[exact(WORD, 48)]).tight().proof(Proof::Mixed)]),
    // Public scanners
    format("upcloud-api-token", "UpCloud", &[shape(&["ucat_"], &[between(ALNUM, 24, 32)]).tight().proof(Proof::Mixed)]),
    // Vercel changelog, "Introducing new token formats and secret scanning" (prefixes); length: public scanners
    // Public scanners
    format(
        "vercel-token",
        "Vercel",
        &[
            shape(&["vcp_", "vci_", "vca_", "vcr_", "vck_"], &[exact(WORD, 56)])
                .tight()
                .proof(Proof::Mixed)
                .sum(Checksum::Base62),
            bare(&[exact(ALNUM, 24)]).near("vercel & token|key").proof(Proof::Mixed),
        ],
    ),
    // Public scanners
    format("yandex-token", "Yandex Cloud", &[shape(&["AQVN"], &[between(WORD, 35, 38)]).tight().proof(Proof::Mixed)]),
];
