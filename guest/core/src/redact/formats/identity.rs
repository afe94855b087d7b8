//! Identity, cryptographic keys and infrastructure.

use super::alphabet::{
    ALNUM, BASE32, BASE64, DIGITS, DOTTED, ENTRA, KEBAB, LOWER, LOWER_ALNUM, LOWER_HEX, PADDED, PADDED_WORD,
    UPPER_ALNUM, WORD,
};
use super::block;
use super::checksum::Checksum;
use super::shape::{Part, Proof, between, exact, open, text};
use super::{Format, bare, format, shape};

pub(super) const FORMATS: &[Format] = &[
    // C2SP, age specification, The X25519 recipient type (Bech32, HRP AGE-SECRET-KEY-)
    // C2SP, age specification, The MLKEM768-X25519 recipient type
    format("age-secret-key", "age", &[shape(&["AGE-SECRET-KEY-1", "AGE-SECRET-KEY-PQ-1"], &[exact(UPPER_ALNUM, 58)])]),
    // Public scanners
    format(
        "authress-key",
        "Authress",
        &[shape(
            &["sc_", "ext_", "scauth_", "authress_"],
            &[
                between(LOWER_ALNUM, 5, 30),
                text("."),
                between(LOWER_ALNUM, 4, 6),
                text(".acc"),
                exact(WORD, 1),
                between(KEBAB, 10, 32),
                text("."),
                between(PADDED, 30, 120),
            ],
        )
        .tight()],
    ),
    // Microsoft, security-utilities, precisely classified keys
    format(
        "azure-entra-client-secret",
        "Microsoft Entra ID",
        &[bare(&[exact(ENTRA, 3), exact(DIGITS, 1), text("Q~"), between(ENTRA, 31, 34)]).proof(Proof::Mixed)],
    ),
    // BIP 32, Serialization format (111 characters of base58check) (not read); SLIP-132 (other prefixes)
    format(
        "bip32-private-key",
        "Bitcoin and others",
        &[shape(&["xprv", "tprv", "yprv", "zprv", "uprv", "vprv"], &[exact(ALNUM, 107)])
            .tight()
            .sum(Checksum::Base58Check)],
    ),
    // Unverified: Bitcoin wiki, "Wallet import format", from memory; checksum proven here on its published
    // example
    format(
        "bitcoin-wif",
        "Bitcoin",
        &[
            shape(&["5"], &[exact(ALNUM, 50)]).tight().proof(Proof::Checksum).sum(Checksum::Base58Check),
            shape(&["K", "L"], &[exact(ALNUM, 51)]).tight().proof(Proof::Checksum).sum(Checksum::Base58Check),
        ],
    ),
    // Bitwarden docs, "Access tokens" (by example) (not read)
    format(
        "bitwarden-access-token",
        "Bitwarden",
        &[shape(
            &["0."],
            &[
                exact(LOWER_HEX, 8),
                text("-"),
                exact(LOWER_HEX, 4),
                text("-"),
                exact(LOWER_HEX, 4),
                text("-"),
                exact(LOWER_HEX, 4),
                text("-"),
                exact(LOWER_HEX, 12),
                text("."),
                exact(ALNUM, 30),
                text(":"),
                exact(BASE64, 22),
                text("=="),
            ],
        )
        .tight()],
    ),
    // Public scanners
    format(
        "clerk-secret-key",
        "Clerk",
        &[shape(&["sk_live_", "sk_test_"], &[between(ALNUM, 40, 50)]).near("clerk").proof(Proof::Mixed)],
    ),
    // Dbt docs, "Personal access tokens" (dbtu_), "Service tokens" (dbtc_) (not read); length
    format(
        "dbt-cloud-token",
        "dbt Cloud",
        &[shape(&["dbtu_", "dbtc_"], &[between(WORD, 38, 44)]).tight().proof(Proof::Mixed)],
    ),
    // Doppler API reference, Authentication (kinds of token); prefixes: public scanners
    format(
        "doppler-token",
        "Doppler",
        &[
            shape(&["dp.pt.", "dp.ct.", "dp.sa."], &[between(ALNUM, 40, 44)]).tight().proof(Proof::Mixed),
            shape(&["dp.scim.", "dp.audit.", "dp.said."], &[between(ALNUM, 40, 44)]).proof(Proof::Mixed),
            shape(&["dp.st."], &[between(DOTTED, 40, 85)]).tight().proof(Proof::Mixed),
        ],
    ),
    // Ethereum docs, accounts (32 bytes in hex) (not read)
    format(
        "ethereum-private-key",
        "Ethereum",
        &[shape(&["", "0x"], &[exact(LOWER_HEX, 64)])
            .tight()
            .near("private_key|privatekey|private-key|privkey|eth_key|wallet_key|mnemonic_key")
            .proof(Proof::Both)],
    ),
    // Infisical docs, "Service tokens" (not read); parts: as commonly seen
    format(
        "infisical-service-token",
        "Infisical",
        &[shape(&["st."], &[exact(LOWER_HEX, 24), text("."), exact(LOWER_HEX, 32), text("."), exact(LOWER_HEX, 32)])
            .tight()],
    ),
    // RFC 7519 (a JWT's header is JSON; base64url of `{"` is eyJ)
    format("jwt", "any (RFC 7519)", &[shape(&["eyJ"], &[open(DOTTED, 20)])]),
    // Kong docs, Konnect "Personal access tokens" (kpat_, spat_) (not read); length
    format(
        "kong-konnect-token",
        "Kong",
        &[shape(&["kpat_", "spat_"], &[between(ALNUM, 40, 60)]).tight().proof(Proof::Mixed)],
    ),
    // Kubernetes docs, "Authenticating with bootstrap tokens", Token format (not read)
    format(
        "kubeadm-bootstrap-token",
        "Kubernetes",
        &[bare(&[exact(LOWER_ALNUM, 6), text("."), exact(LOWER_ALNUM, 16)])
            .near("kubeadm|bootstrap|--token")
            .proof(Proof::Both)],
    ),
    // Public scanners
    format("meraki-api-key", "Cisco Meraki", &[bare(&[exact(LOWER_HEX, 40)]).near("meraki & key").proof(Proof::Both)]),
    // NATS nkeys, README and source (base32, two prefix bytes, CRC-16)
    format(
        "nats-seed",
        "NATS",
        &[shape(&["SUA", "SAA", "SOA", "SNA", "SCA", "SXA"], &[exact(BASE32, 55)])
            .tight()
            .proof(Proof::Checksum)
            .sum(Checksum::Crc16Base32)],
    ),
    // Public scanners
    format(
        "nebula-dnkey",
        "Defined Networking",
        &[shape(&["dnkey-"], &[exact(BASE32, 26), text("-"), exact(BASE32, 52)]).tight()],
    ),
    // NIP-19, bech32-encoded entities (not read)
    format("nostr-secret-key", "Nostr", &[shape(&["nsec1"], &[exact(LOWER_ALNUM, 58)]).tight()]),
    // Okta docs, "Create an API token" (SSWS, begins 00 by example) (not read); length: public scanners
    format("okta-api-token", "Okta", &[bare(&[text("00"), exact(WORD, 40)]).near("okta|ssws").proof(Proof::Mixed)]),
    // 1Password support, "About your Secret Key" (A3- and groups by example) (not read)
    // Public scanners
    format(
        "onepassword-secret-key",
        "1Password",
        &[
            shape(
                &["A3-"],
                &[
                    exact(UPPER_ALNUM, 6),
                    text("-"),
                    exact(UPPER_ALNUM, 6),
                    text("-"),
                    exact(UPPER_ALNUM, 5),
                    text("-"),
                    exact(UPPER_ALNUM, 5),
                    text("-"),
                    exact(UPPER_ALNUM, 5),
                    text("-"),
                    exact(UPPER_ALNUM, 5),
                ],
            )
            .tight(),
            shape(
                &["A3-"],
                &[
                    exact(UPPER_ALNUM, 6),
                    text("-"),
                    exact(UPPER_ALNUM, 11),
                    text("-"),
                    exact(UPPER_ALNUM, 5),
                    text("-"),
                    exact(UPPER_ALNUM, 5),
                    text("-"),
                    exact(UPPER_ALNUM, 5),
                ],
            )
            .tight(),
        ],
    ),
    // 1Password docs, "Service accounts" (ops_) (not read); length: public scanners
    format("onepassword-service-token", "1Password", &[shape(&["ops_eyJ"], &[open(PADDED, 250)])]),
    // OpenShift docs, OAuth tokens (sha256~ by example) (not read); length: public scanners
    format("openshift-token", "Red Hat OpenShift", &[shape(&["sha256~"], &[exact(WORD, 43)])]),
    // Prefect docs, "Manage API keys" (pnu_, pnb_) (not read); length: public scanners
    format("prefect-key", "Prefect", &[shape(&["pnu_", "pnb_"], &[exact(ALNUM, 36)]).tight().proof(Proof::Both)]),
    // Public scanners
    format("pulumi-token", "Pulumi", &[shape(&["pul-"], &[exact(LOWER_HEX, 40)]).tight().proof(Proof::Both)]),
    // PuTTY manual, appendix C, "PPK file format" (not read)
    format(
        "putty-private-key",
        "PuTTY",
        &[shape(&["PuTTY-User-Key-File-"], &[exact(DIGITS, 1), text(": "), Part::Block(block::putty, 0)])],
    ),
    // Unverified: Stellar SEP-23, from memory; checksum proven here on a published test vector
    format(
        "stellar-secret-seed",
        "Stellar",
        &[bare(&[text("S"), exact(BASE32, 55)]).proof(Proof::Checksum).sum(Checksum::Crc16Base32)],
    ),
    // Stytch docs, API authentication (secret-test- by example) (not read); length
    format(
        "stytch-secret",
        "Stytch",
        &[shape(&["secret-live-", "secret-test-"], &[between(PADDED_WORD, 40, 60)]).proof(Proof::Mixed)],
    ),
    // Sui SIP-15, suiprivkey (Bech32, 33 bytes) (not read)
    format("sui-private-key", "Sui", &[shape(&["suiprivkey1"], &[exact(LOWER_ALNUM, 59)])]),
    // Tailscale docs, "Key prefixes"
    // Tailscale docs, "Key prefixes"; older form without a kind
    format(
        "tailscale-key",
        "Tailscale",
        &[
            shape(
                &["tskey-auth-", "tskey-api-", "tskey-client-", "tskey-scim-", "tskey-webhook-"],
                &[between(ALNUM, 8, 24), text("-"), between(ALNUM, 16, 48)],
            ),
            shape(&["tskey-"], &[between(ALNUM, 12, 20), text("-"), between(ALNUM, 20, 40)])
                .tight()
                .proof(Proof::Mixed),
        ],
    ),
    // Public scanners
    format(
        "terraform-cloud-token",
        "HashiCorp Terraform",
        &[bare(&[exact(ALNUM, 14), text(".atlasv1."), between(WORD, 60, 70)])],
    ),
    // Vault docs, Concepts, "Tokens", Token formats (prefix); length of the body: public scanners
    format(
        "vault-token",
        "HashiCorp Vault",
        &[
            shape(&["hvs.", "hvr."], &[between(WORD, 24, 250)]).tight().proof(Proof::Mixed),
            shape(&["hvb."], &[between(WORD, 24, 400)]).tight().proof(Proof::Mixed),
            bare(&[exact(LOWER, 1), text("."), exact(ALNUM, 24)]).near("vault|x-vault-token").proof(Proof::Mixed),
        ],
    ),
    // Wg(8), key format (32 bytes of base64) (not read)
    format(
        "wireguard-private-key",
        "WireGuard",
        &[bare(&[exact(BASE64, 43), text("=")])
            .near("privatekey|private_key|private-key|presharedkey|preshared_key|preshared-key")
            .proof(Proof::Mixed)],
    ),
    // WorkOS docs, "API keys" (sk_) (not read); the rest is base64 of `key_`,
    format("workos-api-key", "WorkOS", &[shape(&["sk_live_a2V5X", "sk_test_a2V5X"], &[between(ALNUM, 30, 120)])]),
    // Zuplo docs, "API key leak detection" (zpka_, random part, checksum) (not read); crc32 by public scanners
    format(
        "zuplo-key",
        "Zuplo",
        &[shape(&["zpka_"], &[exact(LOWER_ALNUM, 32), text("_"), exact(LOWER_HEX, 8)]).tight().sum(Checksum::Hex)],
    ),
];
