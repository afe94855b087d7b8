//! Payment.

use super::alphabet::{ALNUM, BASE64, LOWER_ALNUM, LOWER_HEX, PADDED, PADDED_WORD, VISIBLE, WORD};
use super::shape::{Proof, UUID, between, exact, text};
use super::{Format, bare, format, shape};

pub(super) const FORMATS: &[Format] = &[
    // Adyen docs, "API credentials" (not read); shape: as commonly seen
    format(
        "adyen-api-key",
        "Adyen",
        &[shape(
            &["AQE"],
            &[between(PADDED, 60, 240), text("-"), between(PADDED, 20, 60), text("-"), between(VISIBLE, 10, 40)],
        )
        .tight()
        .proof(Proof::Mixed)],
    ),
    // Braintree docs, access tokens (not read); shape: public scanners
    format(
        "braintree-access-token",
        "PayPal Braintree",
        &[shape(
            &["access_token$production$", "access_token$sandbox$"],
            &[exact(LOWER_ALNUM, 16), text("$"), exact(LOWER_HEX, 32)],
        )],
    ),
    // Public scanners
    format(
        "coinbase-api-secret",
        "Coinbase",
        &[bare(&[exact(ALNUM, 64)]).near("coinbase & secret").proof(Proof::Both)],
    ),
    // Public scanners
    format("duffel-token", "Duffel", &[shape(&["duffel_live_", "duffel_test_"], &[exact(WORD, 43)])]),
    // Public scanners
    format("easypost-key", "EasyPost", &[shape(&["EZAK", "EZTK"], &[exact(ALNUM, 54)]).tight().proof(Proof::Both)]),
    // Public scanners
    format(
        "flutterwave-secret-key",
        "Flutterwave",
        &[shape(&["FLWSECK-", "FLWSECK_TEST-"], &[exact(LOWER_ALNUM, 32), text("-X")])],
    ),
    // Public scanners
    format(
        "gocardless-token",
        "GoCardless",
        &[shape(&["live_", "sandbox_"], &[exact(WORD, 40)]).tight().near("gocardless").proof(Proof::Mixed)],
    ),
    // Public scanners
    format(
        "kraken-private-key",
        "Kraken",
        &[bare(&[exact(BASE64, 86), text("==")]).near("kraken & secret|key").proof(Proof::Mixed)],
    ),
    // Mollie docs, "Authentication" (not read); length
    format(
        "mollie-api-key",
        "Mollie",
        &[shape(&["live_", "test_"], &[exact(ALNUM, 30)]).tight().near("mollie").proof(Proof::Mixed)],
    ),
    // Paddle docs, "API keys" (69 characters, pdl_live_apikey_) (not read); parts
    format(
        "paddle-api-key",
        "Paddle",
        &[shape(
            &["pdl_live_apikey_", "pdl_sdbx_apikey_"],
            &[exact(LOWER_ALNUM, 26), text("_"), exact(ALNUM, 22), text("_"), exact(ALNUM, 3)],
        )],
    ),
    // Plaid docs, "Token endpoints" (access-sandbox-uuid by example) (not read)
    format(
        "plaid-access-token",
        "Plaid",
        &[shape(&["access-production-", "access-sandbox-", "access-development-"], UUID)],
    ),
    // Public scanners
    format("plaid-secret", "Plaid", &[bare(&[exact(LOWER_HEX, 30)]).near("plaid & secret").proof(Proof::Both)]),
    // Razorpay docs, "API keys" (not read); length
    format("razorpay-key", "Razorpay", &[shape(&["rzp_live_", "rzp_test_"], &[exact(ALNUM, 14)])]),
    // Public scanners
    format("shippo-token", "Shippo", &[shape(&["shippo_live_", "shippo_test_"], &[exact(LOWER_HEX, 40)])]),
    // Public scanners
    format(
        "square-token",
        "Square",
        &[
            shape(&["EAAA"], &[between(WORD, 56, 60)]).tight().proof(Proof::Mixed),
            shape(&["sq0atp-"], &[between(WORD, 22, 60)]),
            shape(&["sq0csp-"], &[exact(WORD, 43)]),
        ],
    ),
    // Stripe docs, "API keys" (prefixes) (not read); length: public scanners
    // Stripe docs, "Organization API keys" (prefix) (not read); length
    // As commonly seen
    format(
        "stripe-key",
        "Stripe",
        &[
            shape(&["sk_live_", "sk_test_", "rk_live_", "rk_test_"], &[between(ALNUM, 20, 247)]).proof(Proof::Both),
            shape(&["sk_org_"], &[between(WORD, 30, 250)]).proof(Proof::Mixed),
            shape(&["ek_live_", "ek_test_"], &[between(PADDED_WORD, 40, 250)]).proof(Proof::Mixed),
        ],
    ),
    // Stripe docs, "Webhooks", signing secret (not read); Standard Webhooks specification (whsec_ and base64)
    format(
        "stripe-webhook-secret",
        "Stripe, Svix",
        &[shape(&["whsec_"], &[between(PADDED, 24, 90)]).tight().proof(Proof::Mixed)],
    ),
];
