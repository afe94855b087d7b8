//! Everything else.

use super::alphabet::{ALNUM, DIGITS, DOTTED, ESCAPED, HEX, LOWER_ALNUM, LOWER_HEX, UPPER_ALNUM, UPPER_HEX, WORD};
use super::checksum::Checksum;
use super::shape::{Proof, UUID, between, exact, text};
use super::{Format, bare, format, shape};

pub(super) const FORMATS: &[Format] = &[
    // Adafruit IO docs, key as aio_ by example (not read); length
    format("adafruit-io-key", "Adafruit", &[shape(&["aio_"], &[exact(ALNUM, 28)]).tight().proof(Proof::Mixed)]),
    // Public scanners
    format("adobe-client-secret", "Adobe", &[shape(&["p8e-"], &[exact(WORD, 32)]).tight().proof(Proof::Digit)]),
    // Airtable docs, "Personal access tokens" (not read); parts: public scanners
    format(
        "airtable-token",
        "Airtable",
        &[shape(&["pat"], &[exact(ALNUM, 14), text("."), exact(LOWER_HEX, 64)]).tight()],
    ),
    // Public scanners
    format("apify-token", "Apify", &[shape(&["apify_api_"], &[between(ALNUM, 34, 40)]).proof(Proof::Mixed)]),
    // Asana docs, "Personal access token" (not read); parts: public scanners
    format(
        "asana-token",
        "Asana",
        &[
            shape(&["1/"], &[between(DIGITS, 13, 18), text(":"), exact(LOWER_HEX, 32)]).tight(),
            shape(
                &["2/"],
                &[between(DIGITS, 13, 18), text("/"), between(DIGITS, 13, 18), text(":"), exact(LOWER_HEX, 32)],
            )
            .tight(),
        ],
    ),
    // Public scanners
    format(
        "atlassian-token",
        "Atlassian",
        &[shape(&["ATATT3"], &[between(WORD, 150, 260), text("="), exact(UPPER_HEX, 8)])
            .tight()
            .sum(Checksum::UpperHexWhole)],
    ),
    // Public scanners
    format("canva-secret", "Canva", &[shape(&["cnvca"], &[exact(WORD, 51)]).tight().proof(Proof::Mixed)]),
    // ClickUp docs, "Authentication" (pk_) (not read); parts: public scanners
    format(
        "clickup-token",
        "ClickUp",
        &[shape(&["pk_"], &[between(DIGITS, 6, 9), text("_"), exact(UPPER_ALNUM, 32)]).tight()],
    ),
    // Contentful docs, "Personal access tokens" (CFPAT-) (not read); length: public scanners
    format("contentful-token", "Contentful", &[shape(&["CFPAT-"], &[exact(WORD, 43)]).tight()]),
    // Public scanners
    // As commonly seen
    format(
        "dropbox-token",
        "Dropbox",
        &[
            shape(&["sl."], &[between(WORD, 130, 1400)]).tight().proof(Proof::Mixed),
            shape(&["sl.u."], &[between(WORD, 120, 1400)]).tight().proof(Proof::Mixed),
        ],
    ),
    // Public scanners
    format(
        "facebook-access-token",
        "Meta",
        &[shape(&["EAA"], &[between(ALNUM, 100, 400)]).tight().proof(Proof::Mixed)],
    ),
    // Public scanners
    format(
        "facebook-app-secret",
        "Meta",
        &[bare(&[exact(LOWER_HEX, 32)]).near("facebook|fb_app|meta_app & secret").proof(Proof::Both)],
    ),
    // Public scanners
    format("figma-token", "Figma", &[shape(&["figd_"], &[between(WORD, 38, 44)]).tight().proof(Proof::Mixed)]),
    // Public scanners
    format("frameio-token", "Frame.io", &[shape(&["fio-u-"], &[exact(WORD, 64)]).tight()]),
    // Ghost docs, "Admin API", Token authentication (id:secret) (not read)
    format(
        "ghost-admin-key",
        "Ghost",
        &[bare(&[exact(LOWER_HEX, 24), text(":"), exact(LOWER_HEX, 64)]).near("ghost & key")],
    ),
    // As commonly seen
    format("google-recaptcha-secret", "Google", &[bare(&[text("6L"), exact(WORD, 38)]).near("recaptcha & secret")]),
    // HubSpot docs, "Private apps" (pat-na1- by example) (not read)
    format("hubspot-token", "HubSpot", &[shape(&["pat-na1-", "pat-na2-", "pat-na3-", "pat-eu1-", "pat-ap1-"], UUID)]),
    // Public scanners
    format("intra42-secret", "42", &[shape(&["s-s4t2ud-", "s-s4t2af-"], &[exact(LOWER_HEX, 64)])]),
    // Linear docs, "API and webhooks" (not read); shape: public scanners
    // As commonly seen
    format(
        "linear-key",
        "Linear",
        &[
            shape(&["lin_api_"], &[exact(ALNUM, 40)]).proof(Proof::Mixed),
            shape(&["lin_oauth_"], &[exact(LOWER_HEX, 64)]),
        ],
    ),
    // Mapbox docs, "Access tokens" (secret tokens begin sk.) (not read)
    format(
        "mapbox-secret-token",
        "Mapbox",
        &[shape(&["sk.eyJ"], &[between(WORD, 40, 200), text("."), exact(WORD, 22)]).tight()],
    ),
    // MaxMind docs, license key format (ends in _mmk) (not read); parts: public scanners
    format(
        "maxmind-license-key",
        "MaxMind",
        &[bare(&[exact(ALNUM, 6), text("_"), exact(ALNUM, 29), text("_mmk")]).proof(Proof::Mixed)],
    ),
    // Notion changelog, token format ntn_ (from September 2024) (not read); length: public scanners
    // Notion docs, "Authorization" (secret_ by example) (not read); length
    format(
        "notion-token",
        "Notion",
        &[
            shape(&["ntn_"], &[exact(DIGITS, 11), exact(ALNUM, 35)]).tight(),
            shape(&["secret_"], &[exact(ALNUM, 43)]).proof(Proof::Mixed),
        ],
    ),
    // As commonly seen
    format(
        "onfido-token",
        "Onfido",
        &[shape(
            &["api_live.", "api_live_us.", "api_live_ca.", "api_sandbox."],
            &[exact(WORD, 11), text("."), exact(WORD, 32)],
        )],
    ),
    // Postman docs, "Generate and use Postman API keys" (PMAK-) (not read); parts: public scanners
    format(
        "postman-api-key",
        "Postman",
        &[shape(&["PMAK-"], &[exact(LOWER_HEX, 24), text("-"), exact(LOWER_HEX, 34)]).tight()],
    ),
    // As commonly seen
    format(
        "rapidapi-key",
        "RapidAPI",
        &[bare(&[
            exact(LOWER_HEX, 10),
            text("msh"),
            exact(LOWER_HEX, 15),
            text("p1"),
            exact(LOWER_HEX, 6),
            text("jsn"),
            exact(LOWER_HEX, 12),
        ])
        .proof(Proof::Both)],
    ),
    // Public scanners
    format("readme-key", "ReadMe", &[shape(&["rdme_"], &[exact(LOWER_ALNUM, 70)]).tight()]),
    // As commonly seen
    format(
        "salesforce-session",
        "Salesforce",
        &[shape(&["00D"], &[between(ALNUM, 12, 15), text("!"), between(DOTTED, 80, 200)]).tight()],
    ),
    // Shopify changelog, "Access token and shared secret prefixes" (not read); length: public scanners
    // As commonly seen
    format(
        "shopify-token",
        "Shopify",
        &[
            shape(&["shpat_", "shpca_", "shppa_", "shpss_"], &[exact(HEX, 32)]).tight(),
            shape(&["shptka_"], &[exact(HEX, 32)]),
            shape(&["prtapi_"], &[exact(LOWER_HEX, 32)]),
        ],
    ),
    // As commonly seen
    format("trello-token", "Trello", &[shape(&["ATTA"], &[exact(LOWER_HEX, 64), exact(UPPER_HEX, 8)]).tight()]),
    // Public scanners
    format(
        "twitch-client-secret",
        "Twitch",
        &[bare(&[exact(LOWER_ALNUM, 30)]).near("twitch & secret|token").proof(Proof::Both)],
    ),
    // Public scanners
    format(
        "twitter-bearer-token",
        "X (Twitter)",
        &[shape(&["AAAAAAAAAAAAAAAAAAAAA"], &[between(ESCAPED, 59, 100)]).proof(Proof::Mixed)],
    ),
    // Public scanners
    format(
        "twitter-secret",
        "X (Twitter)",
        &[bare(&[between(ALNUM, 45, 50)]).near("twitter|x_api|x_access & secret").proof(Proof::Mixed)],
    ),
    // Public scanners
    format("typeform-token", "Typeform", &[shape(&["tfp_"], &[between(DOTTED, 55, 65)]).tight().proof(Proof::Mixed)]),
    // Public scanners
    format("zendesk-token", "Zendesk", &[bare(&[exact(ALNUM, 40)]).near("zendesk & token|secret").proof(Proof::Mixed)]),
    // Zoho docs, OAuth tokens (1000. by example) (not read)
    format(
        "zoho-token",
        "Zoho",
        &[shape(&["1000."], &[exact(LOWER_HEX, 32), text("."), exact(LOWER_HEX, 32)]).tight()],
    ),
];
