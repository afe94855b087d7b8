//! What is known of commands: their options that take secrets, and where in a text they stand.

/// What the value of a short option is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// A secret.
    Secret,
    /// A secret the first time: after it stands another command.
    First,
    /// `user:password`.
    Login,
}

/// A command whose short options are known. An option that is not listed is harmless.
pub(super) struct Known {
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
    harmless("htpasswd"),
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

/// Whether an option can be one of those in `COMMANDS`, alone, with others or with its value attached, or the `-p` of an
/// unknown command. Asked of every option, before the table is.
pub(super) fn may_take(option: &[u8]) -> bool {
    match option {
        [b'-', b'-', .., b'r'] => option.ends_with(b"user"),
        [b'-', b'p' | b'u' | b'U', ..] | [b'-', .., b'p' | b'u' | b'U'] => true,
        _ => false,
    }
}

/// How far back a command's name is looked for: each option of a long line asks anew.
const MAX_COMMAND_BYTES: usize = 2048;

/// How many words of a command are looked at to find its name.
pub(super) const MAX_WORDS: usize = 16;

impl Known {
    pub(super) fn takes(&self, option: &str) -> Option<Takes> {
        self.options.iter().find(|(name, _)| *name == option).map(|(_, takes)| *takes)
    }

    /// What an option takes, alone or as the last of several letters (`-sSu`) or with its value attached (`-psecret`), and how
    /// long it is without that value.
    pub(super) fn short(&self, option: &str) -> Option<(Takes, usize)> {
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
    pub(super) fn words(&mut self, at: usize) -> impl Iterator<Item = &'a str> {
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
        let start = self.start.max(self.text.floor_char_boundary(at.saturating_sub(MAX_COMMAND_BYTES)));
        self.text.get(start..at).unwrap_or_default().split_ascii_whitespace()
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
    pub(super) fn known(&mut self, at: usize) -> Option<&'static Known> {
        let mut words = self.words(at).take(MAX_WORDS).peekable();
        // Before a command there can be assignments, and commands that run it, with options of their own.
        let wrapped = words.peek().is_some_and(|first| first.contains('=') || WRAPPERS.contains(first));
        let mut words =
            words.filter(|word| !word.contains('=') && !word.starts_with('-') && !WRAPPERS.contains(word)).map(name);
        let command = if wrapped { words.find(|word| is_known(word)) } else { words.next() }?;
        let sub = words.next().unwrap_or_default();
        lookup(command, sub)
    }

    /// Whether an assignment can stand at `at`: first in its command, or behind another, a wrapper, a declaration, or an
    /// option that takes one.
    pub(super) fn assigns(&mut self, at: usize) -> bool {
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

/// What is known of a command with this subcommand, or with any.
pub(super) fn lookup(command: &str, sub: &str) -> Option<&'static Known> {
    let row = |sub: &str| COMMANDS.iter().find(|known| known.command == name(command) && known.sub == sub);
    row(sub).or_else(|| row(""))
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
