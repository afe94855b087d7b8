//! Secrets in command lines: assignments, options, and what known commands take.

use super::place::Context;
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
const COMMANDS: [Known; 79] = [
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
    harmless("time"),
    harmless("top"),
    harmless("touch"),
    harmless("unzip"),
    harmless("xxd"),
];

/// Words that run the command behind them.
const WRAPPERS: [&str; 17] = [
    "!", "builtin", "do", "doas", "else", "env", "exec", "if", "nice", "nohup", "stdbuf", "sudo", "then", "timeout",
    "until", "while", "xargs",
];

/// Commands whose arguments are assignments.
const DECLARATIONS: [&str; 8] = ["declare", "env", "export", "local", "readonly", "set", "setenv", "typeset"];

/// Options whose value is an assignment.
const TAKE_ASSIGNMENTS: [&str; 4] = ["--build-arg", "--env", "--set", "-e"];

/// Last words of options that take a secret; what ends in `key` must have one of `KEYS` before it.
const OPTIONS: [&str; 9] =
    ["apikey", "credential", "credentials", "pass", "passphrase", "passwd", "password", "secret", "token"];
const KEYS: [&str; 8] = ["access", "account", "api", "auth", "client", "encryption", "private", "secret"];

/// Options that are short for one of these, in any command.
const ANY_COMMAND: [&str; 1] = ["-p"];

/// How many words of a command are looked at to find its name.
const MAX_WORDS: usize = 16;

/// How far back the name before `=` is looked for.
const MAX_NAME_BYTES: usize = 128;

/// The value of `NAME=value` when the name says that it is a secret, the `=` at `at`: in the place of a command or of a
/// declaration's argument, as an option (`--password=x`), or in a URL's query (`?token=x`).
pub(crate) fn assigned(text: &str, at: usize, keys: &Keys, commands: &mut Commands<'_>) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let before = bytes.get(at.saturating_sub(MAX_NAME_BYTES)..at)?;
    let len =
        before.iter().rev().take_while(|&&b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-' || b == b'.').count();
    let start = at - len;
    let name = text.get(start..at)?;
    if name.is_empty() || text.get(at + 1..)?.starts_with(['=', '~', '>']) {
        return None;
    }
    let secret =
        if let Some(option) = name.strip_prefix('-') { is_secret_option(option) } else { keys.is_sensitive(name) };
    if !secret {
        return None;
    }
    let in_query = bytes.get(..start)?.last().is_some_and(|b| b"?&".contains(b)) && !name.starts_with('-');
    let value = if in_query { query_value(text, at + 1) } else { word(text, at + 1)? };
    let written = text.get(value.clone())?;
    let number = !written.is_empty() && written.bytes().all(|b| b.is_ascii_digit());
    if (number || written == "true" || written == "false") && keys.is_counter(name) {
        return None;
    }
    if in_query || name.starts_with('-') {
        return Some(value);
    }
    // In source code the same notation calls functions and names arguments.
    let quoted = text.get(at + 1..)?.starts_with(['"', '\'']);
    let code = !quoted && written.contains(['(', '[', '{']);
    (!code && commands.assigns(start)).then_some(value)
}

/// The secret behind an option, its dash at `at`.
pub(crate) fn option_value(
    text: &str,
    at: usize,
    context: Context,
    commands: &mut Commands<'_>,
) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let len = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').unwrap_or(rest.len());
    let option = rest.get(..len)?;
    let blank = skip_blank(text, at + len)?;
    if option.len() < 2 || blank == at + len {
        return None;
    }
    let long = option.strip_prefix("--").is_some_and(|name| !name.is_empty() && is_secret_option(name));
    if !long && !ANY_COMMAND.contains(&option) && !COMMANDS.iter().any(|known| known.takes(option).is_some()) {
        return None;
    }
    let value = word(text, blank)?;
    let written = text.get(value.clone())?;
    if written.is_empty() || written.starts_with('-') {
        return None;
    }
    match commands.known(at) {
        Some(known) => match known.takes(option) {
            Some(Takes::Secret) => Some(value),
            Some(Takes::First) => (!commands.words(at).take(MAX_WORDS).any(|word| word == option)).then_some(value),
            Some(Takes::Login) => written.find(':').map(|colon| value.start + colon + 1..value.end),
            None => (long && context == Context::Command).then_some(value),
        },
        None if context == Context::Prose => None,
        None if long => Some(value),
        // An unknown command's `-p`: not a port, a range or a path.
        None => {
            (ANY_COMMAND.contains(&option) && !is_port(written) && !written.starts_with(['/', '.', '~', '{', '<', '*']))
                .then_some(value)
        }
    }
}

impl Known {
    fn takes(&self, option: &str) -> Option<Takes> {
        self.options.iter().find(|(name, _)| *name == option).map(|(_, takes)| *takes)
    }
}

fn is_secret_option(option: &str) -> bool {
    let mut words = option.rsplit(['-', '_', '.']).map(str::to_ascii_lowercase);
    let last = words.next().unwrap_or_default();
    if last == "key" {
        return words.next().is_some_and(|before| KEYS.contains(&before.as_str()));
    }
    OPTIONS.contains(&last.as_str())
}

fn is_port(word: &str) -> bool {
    word.len() <= 11 && word.bytes().all(|b| b.is_ascii_digit() || b":,-".contains(&b))
}

/// The shell word at `at`, without its quotes; none where there is no word.
fn word(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let quote = rest.chars().next().filter(|c| *c == '"' || *c == '\'');
    let Some(quote) = quote else {
        let ends = |c: char| c.is_whitespace() || ";|&<>()`\"'\\".contains(c);
        // The marker and other blanks to fill in have brackets of their own.
        return Some(at..at + rest.find(ends).unwrap_or(rest.len()));
    };
    let start = at + 1;
    let mut escaped = false;
    let end = text.get(start..)?.char_indices().find_map(|(i, c)| {
        let ends = c == quote && !escaped;
        escaped = c == '\\' && !escaped && quote == '"';
        ends.then_some(start + i)
    });
    Some(start..end.unwrap_or(text.len()))
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
        for (offset, &b) in bytes.iter().enumerate().take(at).skip(self.read) {
            let begins = match b {
                b'\n' => offset == 0 || bytes.get(offset - 1) != Some(&b'\\'),
                b';' | b'|' | b'&' | b'`' => true,
                // Glued to a word, it is source code.
                b'(' | b'{' => {
                    offset == 0
                        || bytes.get(offset - 1).is_some_and(|b| b.is_ascii_whitespace() || b"$(`\"'".contains(b))
                }
                // A script in quotes: `bash -c "…"`.
                b'"' | b'\'' => self.text.get(self.start..offset).is_some_and(|before| {
                    let before = before.trim_end();
                    before.is_empty() || before.ends_with("-c")
                }),
                _ => false,
            };
            if begins {
                self.start = offset + 1;
            }
        }
        self.read = self.read.max(at);
        self.text.get(self.start..at).unwrap_or_default().split_ascii_whitespace()
    }

    /// What is known of the command at `at`.
    fn known(&mut self, at: usize) -> Option<&'static Known> {
        let words = self
            .words(at)
            .take(MAX_WORDS)
            .filter(|word| !word.contains('=') && !word.starts_with('-') && *word != "\\");
        let mut words = words.skip_while(|word| WRAPPERS.contains(word));
        let command = words.next()?;
        let command = command.rsplit('/').next().unwrap_or(command);
        let sub = words.next().unwrap_or_default();
        let row = |sub: &str| COMMANDS.iter().find(|known| known.command == command && known.sub == sub);
        row(sub).or_else(|| row(""))
    }

    /// Whether an assignment can stand at `at`: first in its command, or behind another, a wrapper, a declaration, or an
    /// option that takes one.
    fn assigns(&mut self, at: usize) -> bool {
        let first = self.words(at).next();
        if self.start != at && self.text.get(..at).is_some_and(|before| before.ends_with(|c: char| !c.is_whitespace()))
        {
            return false;
        }
        let last = self
            .text
            .get(self.start..at)
            .and_then(|command| command.rsplit(|c: char| c.is_ascii_whitespace()).find(|word| !word.is_empty()));
        let (Some(first), Some(last)) = (first, last) else { return true };
        DECLARATIONS.contains(&first)
            || WRAPPERS.contains(&last)
            || TAKE_ASSIGNMENTS.contains(&last)
            || last.contains('=')
    }
}
