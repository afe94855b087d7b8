//! Secrets in command lines: assignments, options, and what known commands take.

use super::place::{Context, Place};
use super::text::skip_blank;
use crate::policy::Keys;
use std::ops::Range;

/// What the value of a short option is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// A secret.
    Secret,
    /// A secret the first time: after it stands another command.
    First,
    /// `user:password`.
    Login,
}

/// A command whose short options are known. An option that is not listed is harmless.
struct Known {
    command: &'static str,
    /// Only this subcommand; empty: every other.
    sub: &'static str,
    options: &'static [(&'static str, Takes)],
}

const fn known(command: &'static str, sub: &'static str, options: &'static [(&'static str, Takes)]) -> Known {
    Known { command, sub, options }
}

const fn harmless(command: &'static str) -> Known {
    known(command, "", &[])
}

const SECRET_P: &[(&str, Takes)] = &[("-p", Takes::Secret)];

/// From the commands' manual pages. A command that is not listed may take a password behind `-p`.
const COMMANDS: &[Known] = &[
    known(
        "curl",
        "",
        &[("-u", Takes::Login), ("--user", Takes::Login), ("-U", Takes::Login), ("--proxy-user", Takes::Login)],
    ),
    known("docker", "login", SECRET_P),
    known("helm", "registry", SECRET_P),
    known("htpasswd", "", &[]),
    known("mongo", "", SECRET_P),
    known("mongodump", "", SECRET_P),
    known("mongorestore", "", SECRET_P),
    known("mongosh", "", SECRET_P),
    known("mysql", "", SECRET_P),
    known("mysqladmin", "", SECRET_P),
    known("mysqldump", "", SECRET_P),
    known("mariadb", "", SECRET_P),
    known("podman", "login", SECRET_P),
    known("sshpass", "", &[("-p", Takes::First)]),
    known("useradd", "", SECRET_P),
    known("usermod", "", SECRET_P),
    known("az", "login", SECRET_P),
    known("oc", "login", SECRET_P),
    harmless("bash"),
    harmless("bind"),
    harmless("cargo"),
    harmless("chmod"),
    harmless("command"),
    harmless("cp"),
    harmless("cpio"),
    harmless("declare"),
    harmless("diff"),
    harmless("dig"),
    harmless("docker"),
    harmless("docker-compose"),
    harmless("dotnet"),
    harmless("export"),
    harmless("find"),
    harmless("gcloud"),
    harmless("git"),
    harmless("go"),
    harmless("gradle"),
    harmless("grep"),
    harmless("helm"),
    harmless("install"),
    harmless("java"),
    harmless("kill"),
    harmless("kubectl"),
    harmless("ls"),
    harmless("lsof"),
    harmless("make"),
    harmless("mkdir"),
    harmless("mv"),
    harmless("nc"),
    harmless("ncat"),
    harmless("netstat"),
    harmless("nmap"),
    harmless("node"),
    harmless("npm"),
    harmless("npx"),
    harmless("patch"),
    harmless("perl"),
    harmless("pg_dump"),
    harmless("pgrep"),
    harmless("podman"),
    harmless("ps"),
    harmless("psql"),
    harmless("pytest"),
    harmless("read"),
    harmless("redis-cli"),
    harmless("rmdir"),
    harmless("rsync"),
    harmless("scp"),
    harmless("screen"),
    harmless("set"),
    harmless("ssh"),
    harmless("strace"),
    harmless("tar"),
    harmless("tee"),
    harmless("top"),
    harmless("touch"),
    harmless("unzip"),
    harmless("ftp"),
    harmless("iptables"),
    harmless("ip6tables"),
    harmless("p4"),
    harmless("rm"),
    harmless("serve"),
    harmless("nft"),
    harmless("sed"),
    harmless("sort"),
    harmless("trap"),
    harmless("which"),
    harmless("type"),
    harmless("ping"),
    harmless("docker-machine"),
    harmless("xxd"),
];

/// Words that run the command behind them.
const WRAPPERS: [&str; 21] = [
    "!", "builtin", "do", "doas", "else", "env", "exec", "if", "ionice", "nice", "nohup", "setsid", "stdbuf", "sudo",
    "then", "time", "timeout", "until", "watch", "while", "xargs",
];

/// Commands whose arguments are assignments.
const DECLARATIONS: [&str; 8] = ["declare", "env", "export", "local", "readonly", "set", "setenv", "typeset"];

/// Options whose value is an assignment.
const TAKE_ASSIGNMENTS: [&str; 4] = ["--build-arg", "--env", "--set", "-e"];

/// Last words of options that take a secret; what ends in `key` must have one of `KEYS` before it.
const OPTIONS: [&str; 9] =
    ["apikey", "credential", "credentials", "pass", "passphrase", "passwd", "password", "secret", "token"];
const KEYS: [&str; 8] = ["access", "account", "api", "auth", "client", "encryption", "private", "secret"];

/// Whether an option can be one of those in `COMMANDS`, alone, with others or with its value attached, or the `-p` of an
/// unknown command. Asked of every option, before the table is.
fn may_take(option: &[u8]) -> bool {
    match option {
        [b'-', b'-', .., b'r'] => option.ends_with(b"user"),
        [b'-', b'p' | b'u' | b'U', ..] | [b'-', .., b'p' | b'u' | b'U'] => true,
        _ => false,
    }
}

/// How many words of a command are looked at to find its name.
const MAX_WORDS: usize = 16;

/// How far back the name before `=` is looked for.
const MAX_NAME_BYTES: usize = 128;

/// The value of `NAME=value` when the name says that it is a secret, the `=` behind `before`: a shell's or an environment's
/// variable, an option (`--password=x`), or a parameter of a URL's query (`?token=x`).
pub(crate) fn assigned(
    text: &str,
    before: Range<usize>,
    keys: &Keys,
    commands: &mut Commands<'_>,
) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let at = before.end;
    let before = bytes.get(before.start.max(at.saturating_sub(MAX_NAME_BYTES))..at)?;
    let is_name = |b: &&u8| b.is_ascii_alphanumeric() || b"_-.".contains(b);
    let start = at - before.iter().rev().take_while(is_name).count();
    let name = text.get(start..at)?;
    if name.is_empty() || text.get(at + 1..)?.starts_with(['=', '~', '>']) {
        return None;
    }
    if name.starts_with('-') {
        let value = word(text, at + 1)?;
        if is_secret_option(name) {
            return Some(value);
        }
        let login = commands.known(start).and_then(|known| known.takes(name)) == Some(Takes::Login);
        return if login { password(text, value) } else { None };
    }
    if !keys.is_sensitive(name) {
        return None;
    }
    let in_query = bytes.get(..start)?.last().is_some_and(|b| b"?&".contains(b));
    let value = if in_query { query_value(text, at + 1) } else { word(text, at + 1)? };
    let written = text.get(value.clone())?;
    let number = !written.is_empty() && written.bytes().all(|b| b.is_ascii_digit());
    if (number || written == "true" || written == "false") && keys.is_counter(name) {
        return None;
    }
    // In source code the same notation calls functions and names arguments.
    let quoted = text.get(at + 1..)?.starts_with(['"', '\'']);
    let code = !quoted && written.contains(['(', '[', '{']);
    let variable = name.len() > 2 && !name.bytes().any(|b| b.is_ascii_lowercase());
    (in_query || !code && (variable || commands.assigns(start))).then_some(value)
}

/// The secret behind an option, its dash at `at`.
pub(crate) fn option_value(
    text: &str,
    at: usize,
    place: &Place<'_>,
    commands: &mut Commands<'_>,
) -> Option<Range<usize>> {
    let rest = text.as_bytes().get(at..)?;
    let len = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || b"-_".contains(b)).count();
    let option = text.get(at..at + len)?;
    let long = is_secret_option(option);
    if !long && !may_take(option.as_bytes()) {
        return None;
    }
    let next = skip_blank(text, at + len)?;
    let value = (next > at + len).then(|| word(text, next)).flatten();
    let value =
        value.filter(|value| text.get(value.clone()).is_some_and(|word| !word.is_empty() && !word.starts_with('-')));
    let known = commands.known(at);
    if let Some((takes, attached)) = known.and_then(|known| known.short(option)) {
        // What stands right behind the letter is its value; else the next word is.
        let value = if attached < len { word(text, at + attached)? } else { value? };
        return match takes {
            Takes::Secret => Some(value),
            Takes::First => (!commands.words(at).take(MAX_WORDS).any(|word| word == option)).then_some(value),
            Takes::Login => password(text, value),
        };
    }
    let value = value?;
    let written = text.get(value.clone())?;
    // An unknown command's `-p`: not a port, a range or a path.
    let word =
        option == "-p" && known.is_none() && !is_port(written) && !written.starts_with(['/', '.', '~', '{', '<', '*']);
    ((long || word) && place.context() == Context::Command).then_some(value)
}

/// The password of `user:password`.
fn password(text: &str, login: Range<usize>) -> Option<Range<usize>> {
    let colon = text.get(login.clone())?.find(':')?;
    Some(login.start + colon + 1..login.end)
}

impl Known {
    fn takes(&self, option: &str) -> Option<Takes> {
        self.options.iter().find(|(name, _)| *name == option).map(|(_, takes)| *takes)
    }

    /// What an option takes, alone or as the last of several letters (`-sSu`) or with its value attached (`-psecret`), and how
    /// long it is without that value.
    fn short(&self, option: &str) -> Option<(Takes, usize)> {
        if let Some(takes) = self.takes(option) {
            return Some((takes, option.len()));
        }
        let letters = option.strip_prefix('-').filter(|letters| !letters.starts_with('-'))?;
        self.options.iter().find_map(|(name, takes)| match name.as_bytes() {
            [b'-', letter] => {
                let at = letters.bytes().position(|b| b == *letter)?;
                // Letters before the one that takes a value are switches.
                (at == 0 || at + 1 == letters.len()).then_some((*takes, at + 2))
            }
            _ => None,
        })
    }
}

fn is_secret_option(option: &str) -> bool {
    let separator = |b: &u8| matches!(b, b'-' | b'_' | b'.');
    let mut words = option.as_bytes().rsplit(separator);
    let is = |word: &[u8], names: &[&str]| names.iter().any(|name| name.as_bytes().eq_ignore_ascii_case(word));
    let last = words.next().unwrap_or_default();
    if last.len() == 3 {
        return is(last, &["key"]) && words.next().is_some_and(|before| is(before, &KEYS));
    }
    last.len() > 3 && is(last, &OPTIONS) && !option.starts_with("--no-")
}

fn is_port(word: &str) -> bool {
    word.len() <= 11 && word.bytes().all(|b| b.is_ascii_digit() || b":,-".contains(&b))
}

/// The shell word at `at`: without its quotes when it is one quoted piece, else as it is written.
pub(crate) fn word(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut end = at;
    while let Some(&b) = bytes.get(end) {
        end = match b {
            b'"' | b'\'' => match closing(bytes, end, end == at) {
                Some(close) => close + 1,
                // Nothing closes the first quote: the text was cut inside it.
                None if end == at => return Some(at + 1..bytes.len()),
                // The quotes around the whole command.
                None => break,
            },
            b'\\' if bytes.get(end + 1).is_some_and(|next| !next.is_ascii_alphanumeric() && !b"\"'".contains(next)) => {
                text.ceil_char_boundary(end + 2)
            }
            b if b.is_ascii_whitespace() || b";|&<>()`\\".contains(&b) => break,
            _ => end + 1,
        };
    }
    let whole = bytes.get(at).filter(|b| b"\"'".contains(b)).and_then(|_| closing(bytes, at, true));
    Some(if whole.is_some_and(|close| close + 1 == end) { at + 1..end - 1 } else { at..end })
}

/// Where the quote at `open` is closed. Inside a word, quotes do not go over blanks: what looks like one there belongs to
/// something around the word.
fn closing(bytes: &[u8], open: usize, over_blanks: bool) -> Option<usize> {
    let quote = bytes.get(open)?;
    let mut escaped = false;
    let rest = bytes.get(open + 1..)?.iter().take_while(|b| over_blanks || !b.is_ascii_whitespace());
    let at = rest.enumerate().find_map(|(i, b)| {
        let ends = b == quote && !escaped;
        escaped = *b == b'\\' && !escaped && *quote == b'"';
        ends.then_some(i)
    })?;
    Some(open + 1 + at)
}

fn query_value(text: &str, at: usize) -> Range<usize> {
    let rest = text.get(at..).unwrap_or_default();
    at..at + rest.find(|c: char| c.is_whitespace() || "&#\"'<>`\\;|)".contains(c)).unwrap_or(rest.len())
}

/// The simple commands of a text, one after the other. Asked for rising offsets, it reads the text once.
pub(crate) struct Commands<'a> {
    text: &'a str,
    /// Up to where the text has been read.
    read: usize,
    /// Where the command begins that is there.
    start: usize,
}

impl<'a> Commands<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, read: 0, start: 0 }
    }

    /// The words of the command at `at` that stand before it.
    fn words(&mut self, at: usize) -> impl Iterator<Item = &'a str> {
        let bytes = self.text.as_bytes();
        while let Some(offset) = self.next_sign(at) {
            self.read = offset + 1;
            let b = bytes.get(offset).copied().unwrap_or_default();
            let before = offset.checked_sub(1).and_then(|before| bytes.get(before));
            let begins = match b {
                b'\n' => before != Some(&b'\\'),
                b';' | b'|' | b'&' | b'`' => true,
                // Glued to a word, it is source code.
                b'(' | b'{' => before.is_none_or(|b| b.is_ascii_whitespace() || b"$(`\"'".contains(b)),
                b'"' | b'\'' => self.is_script(offset),
                _ => false,
            };
            if begins {
                self.start = offset + 1;
            }
        }
        self.read = self.read.max(at);
        self.text.get(self.start..at).unwrap_or_default().split_ascii_whitespace()
    }

    /// The next byte before `end` that can begin a command.
    fn next_sign(&self, end: usize) -> Option<usize> {
        let unread = self.text.as_bytes().get(self.read..end)?;
        let sign = |b: &u8| matches!(b, b'\n' | b';' | b'|' | b'&' | b'`' | b'(' | b'{' | b'"' | b'\'');
        unread.iter().position(sign).map(|at| self.read + at)
    }

    /// Whether the quote at `offset` begins a command of its own: `bash -c "…"`, `ssh host "mysql …"`.
    fn is_script(&self, offset: usize) -> bool {
        let before = self.text.get(self.start..offset).unwrap_or_default().trim_ascii_end();
        let rest = self.text.get(offset + 1..).unwrap_or_default();
        let word = rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').next().unwrap_or_default();
        let known = rest.as_bytes().get(word.len()).is_some_and(u8::is_ascii_whitespace) && is_known(word);
        before.is_empty() || before.ends_with("-c") || known
    }

    /// What is known of the command at `at`.
    fn known(&mut self, at: usize) -> Option<&'static Known> {
        let mut words = self.words(at).take(MAX_WORDS).peekable();
        // Before a command there can be assignments, and commands that run it, with options of their own.
        let wrapped = words.peek().is_some_and(|first| first.contains('=') || WRAPPERS.contains(first));
        let mut words =
            words.filter(|word| !word.contains('=') && !word.starts_with('-') && !WRAPPERS.contains(word)).map(name);
        let command = if wrapped { words.find(|word| is_known(word)) } else { words.next() }?;
        let sub = words.next().unwrap_or_default();
        let row = |sub: &str| COMMANDS.iter().find(|known| known.command == command && known.sub == sub);
        row(sub).or_else(|| row(""))
    }

    /// Whether an assignment can stand at `at`: first in its command, or behind another, a wrapper, a declaration, or an
    /// option that takes one.
    fn assigns(&mut self, at: usize) -> bool {
        let first = self.words(at).next();
        let before = self.text.get(self.start..at).unwrap_or_default();
        if before.ends_with(|c: char| !c.is_ascii_whitespace()) {
            return false;
        }
        let last = before.rsplit(|c: char| c.is_ascii_whitespace()).find(|word| !word.is_empty());
        let (Some(first), Some(last)) = (first, last) else { return true };
        DECLARATIONS.contains(&first)
            || WRAPPERS.contains(&last)
            || TAKE_ASSIGNMENTS.contains(&last)
            || last.contains('=')
    }
}

fn is_known(command: &str) -> bool {
    COMMANDS.iter().any(|known| known.command == command)
}

/// A command's name without its folder, and without the backslash that keeps an alias away.
fn name(word: &str) -> &str {
    let word = word.strip_prefix('\\').unwrap_or(word);
    word.rsplit('/').next().unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_of_a_known_command_is_looked_for_in_every_form() {
        for (option, _) in COMMANDS.iter().flat_map(|known| known.options) {
            assert!(may_take(option.as_bytes()), "{option}");
            if option.len() == 2 {
                assert!(may_take(format!("{option}value").as_bytes()), "{option}value");
                assert!(may_take(format!("-s{}", option.trim_start_matches('-')).as_bytes()), "-s and {option}");
            }
        }
        assert!(!may_take(b"-type") && !may_take(b"--printer") && !may_take(b"-"));
    }
}
