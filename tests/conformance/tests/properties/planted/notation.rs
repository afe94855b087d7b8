//! How a secret is written down: a table, a row a notation.

use super::secret::Secret;
use super::text::{Text, escaped};

/// A row. In the text `{name}` and `{secret}` stand for those of a secret; where more than the secret goes, all that does is
/// between `«` and `»`.
#[derive(Debug)]
pub(super) struct Notation {
    pub(super) id: &'static str,
    text: &'static str,
    writing: Writing,
}

/// What else is done to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writing {
    /// Nothing.
    Plain,
    /// The text is JSON: it is not put into a string.
    Json,
    /// The secret as a part of a URL.
    Url,
    /// The secret as a part of XML.
    Xml,
    /// The secret, all of it, in escapes.
    Percent,
    Unicode,
    Hexadecimal,
    Entities,
    /// A sign that nobody sees in the middle of the secret.
    Unseen,
    /// A soft break in the middle of the secret.
    Broken,
    /// The whole text in another writing.
    JsonString,
    PercentAll,
    EntitiesAll,
    /// The whole text, in a writing that goes as a whole.
    Base64,
    Base16,
}

const fn plain(id: &'static str, text: &'static str) -> Notation {
    Notation { id, text, writing: Writing::Plain }
}

impl Notation {
    const fn written(self, writing: Writing) -> Self {
        Self { writing, ..self }
    }
}

pub(super) const NOTATIONS: &[Notation] = &[
    plain("words", "{name} {secret}"),
    plain("dotenv", "{name}={secret}"),
    plain("dotenv, quoted", "{name}=\"{secret}\""),
    plain("ini", "[main]\n{name} = {secret}\nmode = fast"),
    plain("toml", "[main]\n{name} = \"{secret}\"\nmode = \"fast\""),
    plain("yaml", "main:\n  {name}: {secret}\n  mode: fast"),
    plain("yaml, quoted", "- {name}: '{secret}'\n- mode: fast"),
    plain("yaml, block", "{name}: |\n  {secret}\nmode: fast"),
    plain("properties", "main.{name}: {secret}"),
    plain("json, a member", r#"{"id":7,"{name}":"{secret}","mode":"fast"}"#).written(Writing::Json),
    plain("json, a pair", r#"{"name":"{name}","value":"{secret}"}"#).written(Writing::Json),
    plain("json, a list of pairs", r#"[["Accept","*/*"],["{name}","{secret}"]]"#).written(Writing::Json),
    plain("json, a list of headers", r#"["Accept: */*","X-{name}: {secret}"]"#).written(Writing::Json),
    plain("json, an argument vector", r#"["deploy","--{name}","{secret}","--region","eu"]"#).written(Writing::Json),
    plain("json in a text", "{\"id\": 7, \"{name}\": \"{secret}\"}"),
    plain("json in a text in a text", "{\"body\": \"{\\\"{name}\\\": \\\"{secret}\\\"}\"}"),
    plain("json, cut off", "got {\"id\": 7, \"{name}\": \"{secret}\", \"mo"),
    plain("json, escaped", "got {\"id\": 7, \"{name}\": \"{secret}\"} from it").written(Writing::JsonString),
    plain("xml attribute", "<node {name}=\"{secret}\" mode=\"fast\"/>").written(Writing::Xml),
    plain("xml element", "<{name}>{secret}</{name}><mode>fast</mode>").written(Writing::Xml),
    plain("xml, a key and a value", "<add key=\"{name}\" value=\"{secret}\" />").written(Writing::Xml),
    plain("query", "https://h.example/p?page=2&{name}={secret}&mode=fast").written(Writing::Url),
    plain("form", "page=2&{name}={secret}").written(Writing::Url),
    plain("fragment", "https://h.example/p#{name}={secret}").written(Writing::Url),
    plain("user info", "https://{name}:«{secret}»@h.example/p").written(Writing::Url),
    plain("connection string", "Server=db;Uid=ada;{name}={secret};Encrypt=yes"),
    plain("header", "X-{name}: {secret}\nAccept: */*"),
    plain("bearer", "Authorization: Bearer «{secret}»"),
    plain("cookie", "Cookie: «{name}={secret}; theme=dark»"),
    plain("set-cookie", "Set-Cookie: «{name}={secret}; Path=/; HttpOnly»"),
    plain("multipart", "--b1\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{secret}\r\n--b1--\r\n"),
    plain("sql, a password", "ALTER ROLE ada PASSWORD '«{secret}»'; SELECT 1"),
    plain("sql, an update", "UPDATE users SET {name} = '{secret}' WHERE id = 7"),
    plain("sql, an insert", "INSERT INTO t ({name}) VALUES ('{secret}')"),
    plain("code, double quotes", "const {name} = \"{secret}\";"),
    plain("code, single quotes", "{name} = '{secret}'  # from the page"),
    plain("code, back quotes", "let {name} = `{secret}`;"),
    plain("code, go", "{name} := \"{secret}\""),
    plain("code, ruby", "{ :{name} => '{secret}', :mode => :fast }"),
    plain("code, an index", "os.environ[\"{name}\"] = \"{secret}\""),
    plain("code, a call", "client.set(\"{name}\", \"{secret}\")"),
    plain("code, a call by keyword", "connect(host, {name}='{secret}', mode=1)"),
    plain("code, a default", "env(\"{name}\") || \"{secret}\""),
    plain("prose", "the {name} is {secret}."),
    plain("prose, the key", "the {name} key is {secret}"),
    plain("prose, in brackets", "it is for {name} ({secret}), as you know"),
    plain("code span", "use `{name}={secret}` for it"),
    plain("code span alone", "set {name} to `{secret}` there"),
    plain("markdown table", "| {name} | {secret} |\n|---|---|"),
    plain("fence", "```\n{name}={secret}\n```"),
    plain("log line", "2026-11-22T09:30:00.120Z INFO main: {name}={secret} took=12ms"),
    plain("log line, quoted", "level=info {name}=\"{secret}\" msg=\"done\""),
    plain("diff", "-{name}=\n+{name}={secret}\n mode=fast"),
    plain("grep", "src/main.rs:12:{name} = \"{secret}\""),
    plain("csv", "7,{name},{secret},fast"),
    plain("tabs", "{name}\t{secret}\tfast"),
    plain("export", "export {name}={secret}"),
    plain("export, quoted", "export {name}='{secret}' && make"),
    plain("a variable for a command", "{name}={secret} make all"),
    plain("option", "deploy --{name}={secret} --region eu"),
    plain("option and value", "deploy --{name} {secret} --region eu"),
    plain("option and quoted value", "deploy --{name} \"{secret}\" --region eu"),
    plain("curl header", "curl -s -H 'X-{name}: {secret}' https://h.example/"),
    plain("curl bearer", "curl -H \"Authorization: Bearer «{secret}»\" https://h.example/"),
    plain("here-document", "cat > .env <<'EOF'\n{name}={secret}\nEOF\nls"),
    plain("here-string", "deploy --{name}-stdin <<< \"{secret}\""),
    plain("echo", "echo {name}={secret} >> .env"),
    plain("pipe", "printf '%s' '{name} {secret}' | deploy"),
    plain("sed", "sed -i 's|old|{name}={secret}|' .env"),
    plain("powershell", "$env:{name} = \"{secret}\""),
    plain("cmd", "set {name}={secret}"),
    plain("dockerfile", "FROM scratch\nENV {name}={secret}"),
    plain("dockerfile, with a blank", "FROM scratch\nENV {name} {secret}\n"),
    plain("terraform", "variable \"{name}\" {\n  default = \"{secret}\"\n}"),
    plain("percent-encoded", "{name}={secret}").written(Writing::Percent),
    plain("percent-encoded, all", "{name}={secret}&mode=fast").written(Writing::PercentAll),
    plain("unicode escapes", "{name} = \"{secret}\"").written(Writing::Unicode),
    plain("hexadecimal escapes", "{name} = \"{secret}\"").written(Writing::Hexadecimal),
    plain("entities", "<b title=\"{name}\">{secret}</b>").written(Writing::Entities),
    plain("entities, json", "got {\"{name}\":\"{secret}\"}").written(Writing::EntitiesAll),
    plain("unseen", "{name}={secret}").written(Writing::Unseen),
    plain("soft break", "{name}={secret}").written(Writing::Broken),
    plain("base64", "{name}={secret}").written(Writing::Base64),
    plain("base64 of json", "{ \"{name}\": \"{secret}\" }").written(Writing::Base64),
    plain("hexadecimal", "{name}={secret}").written(Writing::Base16),
];

impl Notation {
    /// Whether the text is JSON as it stands.
    pub(super) fn is_json(&self) -> bool {
        self.writing == Writing::Json
    }

    /// A secret in this notation. One that needs no name gets one that tells nothing.
    pub(super) fn of(&self, secret: &Secret) -> Text {
        let name = secret.name.as_deref().unwrap_or("note");
        let template = self.text.replace("{name}", name);
        let template = template.replace("{secret}", &(self.in_writing(&secret.lead) + "{secret}"));
        let text = Text::of(&template, &self.in_writing(&secret.text));
        match self.writing {
            Writing::JsonString => text.written(escaped),
            Writing::PercentAll => text.written(|text| percent(text, |b| b.is_ascii_alphanumeric() || b == b'_')),
            Writing::EntitiesAll => text.written(entities),
            Writing::Base64 => text.wrapped(base64),
            Writing::Base16 => text.wrapped(|text| text.bytes().map(|b| format!("{b:02x}")).collect()),
            _ => text,
        }
    }

    fn in_writing(&self, secret: &str) -> String {
        let half = secret.len() / 2;
        let split = |sign: &str| match secret.split_at_checked(half) {
            Some((head, tail)) if half > 0 => [head, sign, tail].concat(),
            _ => secret.to_owned(),
        };
        let each = |write: &dyn Fn(u8) -> String| secret.bytes().map(write).collect();
        match self.writing {
            Writing::Json => escaped(secret),
            Writing::Url => percent(secret, |b| b.is_ascii_alphanumeric() || b"-._~".contains(&b)),
            Writing::Xml => entities(secret),
            Writing::Percent => percent(secret, |_| false),
            Writing::Unicode => each(&|b| format!("\\u{b:04x}")),
            Writing::Hexadecimal => each(&|b| format!("\\x{b:02x}")),
            Writing::Entities => each(&|b| format!("&#{b};")),
            Writing::Unseen => split("\u{200b}"),
            Writing::Broken => split("=\n"),
            _ => secret.to_owned(),
        }
    }
}

fn percent(text: &str, keeps: impl Fn(u8) -> bool) -> String {
    text.bytes().map(|b| if keeps(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

fn base64(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let four = |three: &[u8]| {
        let bits = (0..3).fold(0_usize, |bits, at| bits << 8 | usize::from(three.get(at).copied().unwrap_or_default()));
        (0..4)
            .map(|at| if at > three.len() { '=' } else { char::from(LETTERS[bits >> (18 - 6 * at) & 63]) })
            .collect::<String>()
    };
    text.as_bytes().chunks(3).map(four).collect()
}

fn entities(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}
