//! Where in a value the walk has come to, kept as links up the stack: a path is written out only when it is needed.

use super::words::{Hash, List};

/// More of a key than this is not shown in a path.
const MAX_STEP_BYTES: usize = 128;

/// How a text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Context {
    /// As a command: a name above it says so, or nobody has named it.
    Command,
    /// As anything: its names say nothing.
    Open,
    /// As prose, source code or a program's output: the words behind an option are just words.
    Prose,
}

/// Names of values that are for people, or come back from a program.
static PROSE: List<41> = List::of(
    "answer body comment content description detail details diff error file_text html insert_text log \
     markdown message messages newstring new_str new_string note notes oldstring old_str old_string output \
     patch prompt reason response result result_summary stderr stdout subject summary task text thought title \
     traceback workflow",
);
/// Names of values that are run.
static COMMANDS: List<25> = List::of(
    "commandline after_script arg args arguments argv bash before_script cmd cmdline command command_line \
     commands entrypoint exec execute healthcheck powershell run script scripts sh shell shell_command \
     terminal",
);

/// What a name says of the values below it.
fn context_of(key: &str) -> Option<Context> {
    let hash = Hash::of(key.as_bytes());
    let command = || COMMANDS.has_hash(hash).then_some(Context::Command);
    if PROSE.has_hash(hash) { Some(Context::Prose) } else { command() }
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
    /// The schema says that it is prose.
    prose: bool,
    /// How many strings this value is inside of.
    pub(crate) nesting: u8,
}

impl<'a> Place<'a> {
    pub(crate) const ROOT: Place<'static> = Place { parent: None, step: Step::Root, prose: false, nesting: 0 };

    pub(crate) fn key(&'a self, key: &'a str) -> Self {
        Self { parent: Some(self), step: Step::Key(key), ..*self }
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
        Self { prose: true, ..self }
    }

    /// How a text here is read: as prose or as a command below a name that says so, prose before all else.
    pub(crate) fn context(&self) -> Context {
        // A text that nobody has named is what somebody asks about.
        let mut context = Context::Command;
        let mut named = false;
        for place in std::iter::successors(Some(self), |place| place.parent) {
            let own = match place.step {
                Step::Key(key) => context_of(key),
                Step::Root | Step::Item(_) => continue,
            };
            match own {
                Some(Context::Prose) => return Context::Prose,
                Some(own) => (named, context) = (true, own),
                None if !named => (named, context) = (true, Context::Open),
                None => {}
            }
        }
        if self.prose { Context::Prose } else { context }
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
