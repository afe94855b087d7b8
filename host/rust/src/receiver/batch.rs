//! The body of a request, as events.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Read;

use serde::Deserialize;
use serde_json::value::RawValue;

/// Longest body when it is no longer compressed.
const LONGEST: u64 = 64 << 20;

/// The events of one request.
pub(super) struct Batch<'a> {
    pub(super) events: Vec<Event<'a>>,
}

pub(super) struct Event<'a> {
    pub(super) event_id: Cow<'a, str>,
    /// Or the `action` of a tool call.
    pub(super) event_type: Cow<'a, str>,
    pub(super) payload: &'a str,
}

/// The body as it was before it was compressed; or the status that says why not.
pub(super) fn decode<'a>(body: &'a [u8], encoding: Option<&str>) -> Result<Cow<'a, [u8]>, (u16, &'static str)> {
    let mut plain = Vec::with_capacity(body.len().saturating_mul(4));
    let read = match encoding {
        None | Some("" | "identity") => return Ok(Cow::Borrowed(body)),
        Some("gzip") => flate2::bufread::MultiGzDecoder::new(body).take(LONGEST + 1).read_to_end(&mut plain),
        Some("zstd") => {
            zstd::Decoder::with_buffer(body).and_then(|zstd| zstd.take(LONGEST + 1).read_to_end(&mut plain))
        }
        Some(_) => return Err((415, "the encoding is neither gzip nor zstd")),
    };
    match read {
        Ok(read) if read as u64 > LONGEST => Err((413, "the body is longer than 64 MiB")),
        Ok(_) => Ok(Cow::Owned(plain)),
        Err(_) => Err((400, "the body is not compressed as it says")),
    }
}

impl<'a> Batch<'a> {
    /// `{"events": […]}`; or why it is none.
    pub(super) fn parse(body: &'a [u8]) -> Result<Self, &'static str> {
        #[derive(Deserialize)]
        struct Body<'a> {
            #[serde(borrow)]
            events: Vec<&'a RawValue>,
        }
        #[derive(Deserialize)]
        struct Head<'a> {
            #[serde(borrow)]
            event_id: Cow<'a, str>,
            #[serde(borrow, default)]
            event_type: Cow<'a, str>,
            #[serde(borrow, default)]
            action: Cow<'a, str>,
        }
        let body: Body<'_> = serde_json::from_slice(body).map_err(|_| "the body is not {\"events\": […]}")?;
        let event = |raw: &&'a RawValue| -> Result<Event<'a>, &'static str> {
            let head: Head<'a> = serde_json::from_str(raw.get()).map_err(|_| "an event has no event_id")?;
            let Head { event_id, event_type, action } = head;
            let event_type = if event_type.is_empty() { action } else { event_type };
            Ok(Event { event_id, event_type, payload: raw.get() })
        };
        Ok(Self { events: body.events.iter().map(event).collect::<Result<_, _>>()? })
    }

    /// The same for the same events in the same order.
    pub(super) fn digest(&self) -> i64 {
        let mut hasher = DefaultHasher::new();
        self.events.iter().for_each(|event| event.event_id.hash(&mut hasher));
        hasher.finish().cast_signed()
    }
}
