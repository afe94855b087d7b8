//! Chat and mail.

use super::alphabet::{ALNUM, ALPHA, BASE64, DIGITS, ESCAPED, LOWER_ALNUM, LOWER_HEX, PADDED, UPPER_ALNUM, WORD};
use super::checksum::Checksum;
use super::shape::{Part, Proof, UUID, between, exact, open, text};
use super::{Format, bare, format, shape};

pub(super) const FORMATS: &[Format] = &[
    // AWS SES Developer Guide, "Obtaining SMTP credentials" (derived password) (not read); length from the
    // algorithm shown there
    format(
        "aws-ses-smtp-password",
        "AWS SES",
        &[bare(&[text("B"), exact(BASE64, 43)])
            .near("ses_smtp|ses-smtp|email-smtp|smtp_password|smtp_pass")
            .proof(Proof::Mixed)],
    ),
    // Public scanners
    // As commonly seen
    format(
        "brevo-key",
        "Brevo",
        &[shape(&["xkeysib-", "xsmtpsib-"], &[exact(LOWER_HEX, 64), text("-"), exact(ALNUM, 16)])],
    ),
    // Public scanners
    format(
        "discord-client-secret",
        "Discord",
        &[bare(&[exact(WORD, 32)]).near("discord & secret").proof(Proof::Mixed)],
    ),
    // Discord docs, "Reference", Authentication (not read); shape: public scanners
    format(
        "discord-token",
        "Discord",
        &[bare(&[between(ALNUM, 23, 28), text("."), exact(WORD, 6), text("."), between(WORD, 27, 38)])
            .proof(Proof::Digits)],
    ),
    // Discord docs, "Webhook resource", execute webhook (id and token in the path) (not read)
    format(
        "discord-webhook",
        "Discord",
        &[shape(
            &["discord.com/api/webhooks/", "discordapp.com/api/webhooks/"],
            &[between(DIGITS, 17, 20), text("/"), Part::Begin, between(WORD, 60, 80)],
        )],
    ),
    // Public scanners
    format("klaviyo-api-key", "Klaviyo", &[shape(&["pk_"], &[exact(LOWER_HEX, 34)]).tight().proof(Proof::Both)]),
    // Mailchimp docs, "Marketing API quick start" (key ends in its data center, -us6 by example) (not read)
    format(
        "mailchimp-api-key",
        "Mailchimp",
        &[bare(&[exact(LOWER_HEX, 32), text("-us"), between(DIGITS, 1, 2)]).proof(Proof::Both)],
    ),
    // MailerSend docs, "API tokens" (not read); length
    format("mailersend-token", "MailerSend", &[shape(&["mlsn."], &[exact(LOWER_HEX, 64)]).tight()]),
    // Public scanners
    format(
        "mailgun-key",
        "Mailgun",
        &[
            shape(&["key-"], &[exact(LOWER_HEX, 32)]).tight().proof(Proof::Both),
            bare(&[exact(LOWER_HEX, 32), text("-"), exact(LOWER_HEX, 8), text("-"), exact(LOWER_HEX, 8)])
                .near("mailgun|mg_api|api:"),
        ],
    ),
    // Public scanners
    format(
        "mailjet-secret",
        "Mailjet",
        &[bare(&[exact(LOWER_HEX, 32)]).near("mailjet|mj_apikey & key|secret|private").proof(Proof::Both)],
    ),
    // As commonly seen
    format(
        "mandrill-api-key",
        "Mailchimp Transactional",
        &[shape(&["md-"], &[exact(WORD, 22)]).tight().proof(Proof::Mixed)],
    ),
    // Synapse source, AuthHandler.generate_access_token (format and checksum in its comments)
    // Matrix Authentication Service source, data-model, tokens (format and checksum in its comments)
    format(
        "matrix-token",
        "Matrix Synapse",
        &[
            shape(
                &["syt_", "syr_"],
                &[between(PADDED, 2, 120), text("_"), exact(ALPHA, 20), text("_"), exact(ALNUM, 6)],
            )
            .tight()
            .proof(Proof::Checksum)
            .sum(Checksum::Base62Whole),
            shape(&["mat_", "mar_", "mct_", "mcr_"], &[exact(ALNUM, 30), text("_"), exact(ALNUM, 6)])
                .tight()
                .proof(Proof::Checksum)
                .sum(Checksum::Base62Reversed),
        ],
    ),
    // Public scanners
    format(
        "mattermost-token",
        "Mattermost",
        &[bare(&[exact(LOWER_ALNUM, 26)]).near("mattermost & token").proof(Proof::Both)],
    ),
    // Postmark docs, "API overview", Authentication (server token is a UUID) (not read)
    format("postmark-token", "Postmark", &[bare(UUID).near("postmark & token")]),
    // As commonly seen
    format(
        "resend-api-key",
        "Resend",
        &[shape(&["re_"], &[exact(ALNUM, 8), text("_"), exact(ALNUM, 24)]).tight().proof(Proof::Mixed)],
    ),
    // SendGrid docs, "API keys" (69 characters) (not read); parts: public scanners
    format(
        "sendgrid-api-key",
        "Twilio SendGrid",
        &[shape(&["SG."], &[exact(WORD, 22), text("."), exact(WORD, 43)]).tight()],
    ),
    // Slack docs, "Token types", "tooling.tokens.rotate" (kinds and some prefixes); shape: public scanners
    // Public scanners
    format(
        "slack-token",
        "Slack",
        &[
            shape(&["xoxb-", "xoxp-", "xoxa-", "xoxs-"], &[open(WORD, 10)]),
            shape(&["xoxe-", "xoxr-", "xoxo-", "xwfp-"], &[open(WORD, 20)]).tight(),
            shape(&["xoxe.xoxp-", "xoxe.xoxb-"], &[open(WORD, 20)]),
            shape(
                &["xapp-"],
                &[
                    exact(DIGITS, 1),
                    text("-"),
                    between(UPPER_ALNUM, 9, 13),
                    text("-"),
                    between(DIGITS, 8, 15),
                    text("-"),
                    between(LOWER_HEX, 40, 80),
                ],
            )
            .tight(),
            shape(
                &["xoxc-"],
                &[
                    between(DIGITS, 9, 15),
                    text("-"),
                    between(DIGITS, 9, 15),
                    text("-"),
                    between(DIGITS, 9, 15),
                    text("-"),
                    exact(LOWER_HEX, 64),
                ],
            )
            .tight(),
            shape(&["xoxd-"], &[open(ESCAPED, 100)]).tight(),
        ],
    ),
    // Slack docs, "Sending messages using incoming webhooks" (not read)
    // Public scanners
    format(
        "slack-webhook",
        "Slack",
        &[
            shape(
                &["hooks.slack.com/services/"],
                &[
                    Part::Begin,
                    text("T"),
                    between(UPPER_ALNUM, 8, 12),
                    text("/B"),
                    between(UPPER_ALNUM, 8, 12),
                    text("/"),
                    exact(ALNUM, 24),
                ],
            ),
            shape(
                &["hooks.slack.com/workflows/"],
                &[
                    Part::Begin,
                    between(UPPER_ALNUM, 9, 13),
                    text("/"),
                    between(UPPER_ALNUM, 8, 14),
                    text("/"),
                    between(DIGITS, 10, 20),
                    text("/"),
                    between(ALNUM, 20, 40),
                ],
            ),
            shape(
                &["hooks.slack.com/triggers/"],
                &[
                    Part::Begin,
                    between(UPPER_ALNUM, 9, 13),
                    text("/"),
                    between(DIGITS, 10, 20),
                    text("/"),
                    between(ALNUM, 20, 40),
                ],
            ),
        ],
    ),
    // Microsoft Teams docs, "Create incoming webhooks" (not read); shape: public scanners
    format(
        "teams-webhook",
        "Microsoft Teams",
        &[shape(
            &["webhook.office.com/webhookb2/"],
            &[
                Part::Begin,
                exact(LOWER_HEX, 8),
                text("-"),
                exact(LOWER_HEX, 4),
                text("-"),
                exact(LOWER_HEX, 4),
                text("-"),
                exact(LOWER_HEX, 4),
                text("-"),
                exact(LOWER_HEX, 12),
                text("@"),
                exact(LOWER_HEX, 8),
                text("-"),
                exact(LOWER_HEX, 4),
                text("-"),
                exact(LOWER_HEX, 4),
                text("-"),
                exact(LOWER_HEX, 4),
                text("-"),
                exact(LOWER_HEX, 12),
                text("/IncomingWebhook/"),
                exact(LOWER_ALNUM, 32),
                text("/"),
                exact(LOWER_HEX, 8),
                text("-"),
                exact(LOWER_HEX, 4),
                text("-"),
                exact(LOWER_HEX, 4),
                text("-"),
                exact(LOWER_HEX, 4),
                text("-"),
                exact(LOWER_HEX, 12),
            ],
        )],
    ),
    // Telegram Bot API docs, "Authorizing your bot" (shape by example) (not read); length: public scanners
    format(
        "telegram-bot-token",
        "Telegram",
        &[bare(&[between(DIGITS, 8, 10), text(":AA"), exact(WORD, 33)]).proof(Proof::Mixed)],
    ),
    // Twilio docs, API keys resource (SID pattern SK and 32 hex) (not read)
    format("twilio-api-key", "Twilio", &[shape(&["SK"], &[exact(LOWER_HEX, 32)]).tight().proof(Proof::Both)]),
    // Twilio docs, "Auth tokens" (not read); length: public scanners
    // Twilio docs, account SID pattern (AC and 32 hex) (not read); basic auth as SID:token
    format(
        "twilio-auth-token",
        "Twilio",
        &[
            bare(&[exact(LOWER_HEX, 32)]).near("twilio & token|auth|secret").proof(Proof::Both),
            shape(&["AC"], &[exact(LOWER_HEX, 32), text(":"), Part::Begin, exact(LOWER_HEX, 32)]).tight(),
        ],
    ),
];
