//! Names of options and settings that say of their value that it is a secret.

use crate::redact::words::List;

/// Whether the name of an option, with its dashes, is that of a secret.
pub(super) fn is_secret_option(option: &[u8]) -> bool {
    is_secret_name(option) && !is_switch(option)
}

/// Whether an option is a switch by its first word, whatever comes behind that: it says what is to be done with the secret.
fn is_switch(option: &[u8]) -> bool {
    let mut words = option.split(|b| matches!(b, b'-' | b'_' | b'.'));
    words.find(|word| !word.is_empty()).is_some_and(|first| SWITCHES.has(first))
}

static SWITCHES: List<17> =
    List::of("allow ask clear create disable enable forget generate get hide no print prompt require reset show skip");

/// Whether the last of a name's words, in any case style, says that it is that of a secret.
pub(super) fn is_secret_name(name: &[u8]) -> bool {
    // How they all end.
    let [.., a, b, c] = name else { return false };
    let end = [a.to_ascii_lowercase(), b.to_ascii_lowercase(), c.to_ascii_lowercase()];
    if !matches!(&end, b"key" | b"ken" | b"ial" | b"als" | b"ass" | b"ase" | b"swd" | b"ord" | b"ret") {
        return false;
    }
    let (before, last) = last_word(name);
    SECRETS.has(last) || last.eq_ignore_ascii_case(b"key") && KEYS.has(last_word(before).1)
}

static SECRETS: List<11> =
    List::of("apikey authkey authtoken credential credentials pass passphrase passwd password secret token");
/// What is before `key`.
static KEYS: List<8> = List::of("access account api auth client encryption private secret");

/// Whether a setting of this name is a secret, where there can be nothing but settings: `MYSQL_PWD`, `REDISCLI_AUTH`.
pub(super) fn is_secret_setting(name: &[u8]) -> bool {
    let (before, last) = last_word(name);
    SETTINGS.has(last) && !before.is_empty() || is_secret_name(name) || name.eq_ignore_ascii_case(b"sshpass")
}

static SETTINGS: List<6> = List::of("auth pass pat psk pw pwd");

/// Names of which the end says whose secret it is (Poetry and Composer, "Configuration").
const OWNED: [&[u8]; 6] =
    [b"bearer.", b"bitbucket-oauth.", b"github-oauth.", b"gitlab-oauth.", b"gitlab-token.", b"pypi-token."];

/// Whether an operand names a secret, or is the share that a password is for: the next operand is one.
pub(super) fn is_named(name: &[u8]) -> bool {
    let (_, last) = last_word(name);
    let owned = || OWNED.iter().any(|owned| name.starts_with(owned)) || name.starts_with(br"\\");
    OPERANDS.has(last) || is_secret_name(name) || owned()
}

/// Operands that name what comes next, where other names of them would be said with more words.
static OPERANDS: List<11> = List::of("auth authorization cookie masterauth pin psk pw pwd requirepass using wpapsk");

/// A name without its last word, and that word: `db.root_password`, `AccessToken`, `--api-key`.
fn last_word(name: &[u8]) -> (&[u8], &[u8]) {
    let mut at = name.len();
    let mut end = at;
    while let Some((b, before)) = name.get(..at).and_then(<[u8]>::split_last) {
        if !b.is_ascii_alphanumeric() {
            end = at - 1;
            break;
        }
        at -= 1;
        end = at;
        if b.is_ascii_uppercase() && before.last().is_some_and(u8::is_ascii_lowercase) {
            break;
        }
    }
    (name.get(..end).unwrap_or_default(), name.get(at..).unwrap_or_default())
}

/// Whether a name is written as those of environment variables are.
pub(super) fn is_variable(name: &[u8]) -> bool {
    name.len() > 2 && !name.iter().any(u8::is_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_of_a_name_says_what_it_is() {
        for name in [
            "--password",
            "-password",
            "--db.root_password",
            "-AccessToken",
            "--api-key",
            "--apiKey",
            "--API_KEY",
            "-ClientSecret",
            "--storage-account-key",
            "--admin_passwd",
            "--token",
            "-Passphrase",
            "--PASS",
        ] {
            assert!(is_secret_option(name.as_bytes()), "{name}");
        }
        for name in [
            "--key",
            "--password-file",
            "--token-stdin",
            "--tokenizer",
            "--no-password",
            "--ask-pass",
            "--monkey",
            "-p",
            "--sort-key",
            "--bypass",
            "--compass",
            "--ask-become-pass",
            "--",
            "-",
            "",
        ] {
            assert!(!is_secret_option(name.as_bytes()), "{name}");
        }
    }
}
