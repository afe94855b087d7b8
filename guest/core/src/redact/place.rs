//! Where in a value the walk has come to, kept as links up the stack: a path is written out only when it is needed.

/// More of a key than this is not shown in a path.
const MAX_STEP_BYTES: usize = 128;

/// How a text is read. What stands later here counts more, wherever above a text it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Context {
    /// As anything: its names say nothing.
    Open,
    /// As a command: a name above it says so, or nobody has named it.
    Command,
    /// As prose, source code or a program's output: the words behind an option are just words.
    Prose,
}

/// What a name says of the values below it: they are for people, or come back from a program; or they are what is run.
fn context_of(key: &str) -> Option<Context> {
    match key {
        "answer" | "body" | "comment" | "content" | "description" | "detail" | "details" | "diff" | "error"
        | "file_text" | "html" | "insert_text" | "log" | "markdown" | "message" | "messages" | "newString"
        | "new_str" | "new_string" | "note" | "notes" | "oldString" | "old_str" | "old_string" | "output" | "patch"
        | "prompt" | "reason" | "response" | "result" | "result_summary" | "stderr" | "stdout" | "subject"
        | "summary" | "task" | "text" | "thought" | "title" | "traceback" | "workflow" => Some(Context::Prose),
        "CommandLine" | "after_script" | "arg" | "args" | "arguments" | "argv" | "bash" | "before_script" | "cmd"
        | "cmdline" | "command" | "commandLine" | "command_line" | "commands" | "entrypoint" | "exec" | "execute"
        | "healthcheck" | "powershell" | "run" | "script" | "scripts" | "sh" | "shell" | "shell_command"
        | "terminal" => Some(Context::Command),
        _ => None,
    }
}

#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Item(usize),
}

/// A value's place. A value inside JSON text inside a string has the path of the string, and its own behind it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    parent: Option<&'a Place<'a>>,
    step: Step<'a>,
    /// How a text here is read, when a name or the schema says so.
    context: Option<Context>,
    /// How many strings this value is inside of.
    pub(crate) nesting: u8,
}

impl<'a> Place<'a> {
    pub(crate) const ROOT: Place<'static> = Place { parent: None, step: Step::Root, context: None, nesting: 0 };

    pub(crate) fn key(&'a self, key: &'a str) -> Self {
        let context = match self.context {
            Some(Context::Prose) => Context::Prose,
            above => context_of(key).max(above).unwrap_or(Context::Open),
        };
        Self { parent: Some(self), step: Step::Key(key), context: Some(context), ..*self }
    }

    pub(crate) fn item(&'a self, index: usize) -> Self {
        Self { parent: Some(self), step: Step::Item(index), ..*self }
    }

    pub(crate) fn is_item(&self) -> bool {
        matches!(self.step, Step::Item(_))
    }

    /// Whether its key says that it holds names and values in turn, as Node has headers.
    pub(crate) fn is_flat(&self) -> bool {
        matches!(self.step, Step::Key("rawHeaders" | "raw_headers"))
    }

    /// The key that a value here is under, or a list that it is in; empty when there is none.
    pub(super) fn name(&self) -> &'a str {
        match (self.step, self.parent) {
            (Step::Key(key), _) => key,
            (Step::Item(_), Some(parent)) => parent.name(),
            _ => "",
        }
    }

    pub(crate) fn prose(self) -> Self {
        Self { context: Some(Context::Prose), ..self }
    }

    /// How a text here is read: as prose or as a command below a name that says so, prose before all else. A text that nobody
    /// has named is what somebody asks about.
    pub(crate) fn context(&self) -> Context {
        self.context.unwrap_or(Context::Command)
    }

    /// The place of what is in a string at this place.
    pub(crate) fn inside(&self) -> Self {
        Self { nesting: self.nesting + 1, ..*self }
    }

    /// The path as JSON Pointer (RFC 6901).
    pub(crate) fn pointer(&self) -> String {
        let mut path = self.parent.map_or_else(String::new, Self::pointer);
        match self.step {
            Step::Root => {}
            Step::Item(index) => {
                path.push('/');
                path.push_str(&index.to_string());
            }
            Step::Key(key) => {
                path.push('/');
                let end = key.ceil_char_boundary(MAX_STEP_BYTES);
                for sign in key.get(..end).unwrap_or_default().chars() {
                    match sign {
                        '~' => path.push_str("~0"),
                        '/' => path.push_str("~1"),
                        _ => path.push(sign),
                    }
                }
                if end < key.len() {
                    path.push_str("...");
                }
            }
        }
        path
    }
}
