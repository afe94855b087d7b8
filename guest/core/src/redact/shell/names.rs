//! Names of options and settings that say of their value that it is a secret.

/// Whether the name of an option, with its dashes, is that of a secret.
pub(super) fn is_secret_option(option: &[u8]) -> bool {
    is_secret_name(option) && !is_switch(option)
}

/// Whether an option is a switch by its first word, whatever comes behind that: it says what is to be done with the secret.
fn is_switch(option: &[u8]) -> bool {
    let first = option.split(|b| matches!(b, b'-' | b'_' | b'.')).find(|word| !word.is_empty());
    matches!(
        first,
        Some(
            b"allow"
                | b"ask"
                | b"clear"
                | b"create"
                | b"disable"
                | b"enable"
                | b"forget"
                | b"generate"
                | b"get"
                | b"hide"
                | b"no"
                | b"print"
                | b"prompt"
                | b"require"
                | b"reset"
                | b"show"
                | b"skip"
        )
    )
}

/// Whether the last of a name's words, in any case style, says that it is that of a secret.
pub(super) fn is_secret_name(name: &[u8]) -> bool {
    // How they all end.
    let [.., a, b, c] = name else { return false };
    let end = [a.to_ascii_lowercase(), b.to_ascii_lowercase(), c.to_ascii_lowercase()];
    if !matches!(&end, b"key" | b"ken" | b"ial" | b"als" | b"ass" | b"ase" | b"swd" | b"ord" | b"ret") {
        return false;
    }
    let (before, last) = last_word(name);
    // The longest of them.
    match lowered(last, &mut [0; 11]) {
        Some(b"key") => matches!(
            lowered(last_word(before).1, &mut [0; 10]),
            Some(b"access" | b"account" | b"api" | b"auth" | b"client" | b"encryption" | b"private" | b"secret")
        ),
        Some(
            b"apikey" | b"authkey" | b"authtoken" | b"credential" | b"credentials" | b"pass" | b"passphrase"
            | b"passwd" | b"password" | b"secret" | b"token",
        ) => true,
        _ => false,
    }
}

/// A word in lower case; none when it is longer than there is room.
fn lowered<'b>(word: &[u8], room: &'b mut [u8]) -> Option<&'b [u8]> {
    let lower = room.get_mut(..word.len())?;
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    Some(lower)
}

/// Names of which the end says whose secret it is (Poetry and Composer, "Configuration").
const OWNED: [&[u8]; 6] =
    [b"bearer.", b"bitbucket-oauth.", b"github-oauth.", b"gitlab-oauth.", b"gitlab-token.", b"pypi-token."];

/// Whether an operand names a secret, or is the share that a password is for: the next operand is one.
pub(super) fn is_named(name: &[u8]) -> bool {
    let (_, last) = last_word(name);
    let only_here = matches!(
        lowered(last, &mut [0; 13]),
        Some(
            b"auth"
                | b"authorization"
                | b"cookie"
                | b"masterauth"
                | b"pin"
                | b"psk"
                | b"pw"
                | b"pwd"
                | b"requirepass"
                | b"using"
                | b"wpapsk"
        )
    );
    only_here || is_secret_name(name) || OWNED.iter().any(|owned| name.starts_with(owned)) || name.starts_with(br"\\")
}

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
