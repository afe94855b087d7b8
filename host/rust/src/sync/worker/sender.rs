//! The thread that moves bytes: one request at a time, and a ring when its answer is there.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::thread;

use crate::sync::failure::Failure;
use crate::sync::rows::Wake;
use crate::sync::transport::{Answer, Request, Transport};

/// What is sent, as often as need be.
pub(super) struct Cargo {
    pub(super) body: Vec<u8>,
    pub(super) encoding: Option<&'static str>,
    pub(super) idempotency_key: String,
}

/// The way to the thread. When it is dropped, the thread ends after what is under way.
pub(super) struct Sender {
    jobs: mpsc::Sender<Job>,
    answers: Receiver<(u64, Answer)>,
    wake: Arc<Wake>,
}

struct Job {
    ticket: u64,
    way: Arc<Transport>,
    cargo: Arc<Cargo>,
}

impl Sender {
    pub(super) fn start(wake: Arc<Wake>) -> io::Result<Self> {
        let (jobs, work) = mpsc::channel::<Job>();
        let (done, answers) = mpsc::channel();
        let ring = Arc::clone(&wake);
        thread::Builder::new().name("auditbox-send".into()).spawn(move || {
            for Job { ticket, way, cargo } in work {
                let Cargo { body, encoding, idempotency_key } = &*cargo;
                let answer = way.send(&Request { body, encoding: *encoding, idempotency_key });
                if done.send((ticket, answer)).is_err() {
                    return;
                }
                ring();
            }
        })?;
        Ok(Self { jobs, answers, wake })
    }

    /// Sends it, after what is under way.
    pub(super) fn send(&self, ticket: u64, way: Arc<Transport>, cargo: Arc<Cargo>) {
        // Where nobody takes it, `answer` says so.
        let _ = self.jobs.send(Job { ticket, way, cargo });
    }

    /// The answer to that ticket, when it is there. Those to others are to what was given up meanwhile.
    pub(super) fn answer(&mut self, ticket: u64) -> Option<Answer> {
        loop {
            match self.answers.try_recv() {
                Ok((answered, answer)) if answered == ticket => return Some(answer),
                Ok(_) => {}
                Err(TryRecvError::Empty) => return None,
                Err(TryRecvError::Disconnected) => {
                    // A bug ended the thread. The batch is not lost: it is sent again by another one.
                    if let Ok(another) = Self::start(Arc::clone(&self.wake)) {
                        *self = another;
                    }
                    let message = "the sending thread has ended".into();
                    return Some(Answer::Failure { failure: Failure::Protocol, message });
                }
            }
        }
    }
}
