//! A server on loopback that does with each request what its test says.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

pub(crate) type Seen = (String, Vec<u8>);

/// Ends when it is dropped.
pub(crate) struct Server {
    url: String,
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    requests: Mutex<Vec<Seen>>,
    connections: AtomicUsize,
    closed: AtomicUsize,
    ended: AtomicBool,
    changed: (Mutex<()>, Condvar),
}

/// One connection, as a test's handler sees it.
pub(crate) struct Stream {
    socket: TcpStream,
    shared: Arc<Shared>,
    open: bool,
}

/// Answers every request alike.
pub(crate) fn answer(status: &str, head: &str, body: &str) -> impl Fn(&mut Stream) + Send + Sync + 'static {
    let answer = format!("HTTP/1.1 {status}\r\n{head}Content-Length: {}\r\n\r\n{body}", body.len());
    let answer = if status.starts_with("204") { format!("HTTP/1.1 {status}\r\n{head}\r\n") } else { answer };
    move |stream| stream.write(answer.as_bytes())
}

impl Server {
    /// `handler` is called after each request that has been read as a whole.
    pub(crate) fn start(handler: impl Fn(&mut Stream) + Send + Sync + 'static) -> Self {
        Self::start_raw(move |stream| {
            while stream.open
                && let Some(request) = read_request(&mut stream.socket)
            {
                stream.shared.requests.lock().unwrap().push(request);
                handler(stream);
            }
        })
    }

    /// `handler` is called for each connection, and reads by itself.
    pub(crate) fn start_raw(handler: impl Fn(&mut Stream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let (ours, handler) = (Arc::clone(&shared), Arc::new(handler));
        let thread = thread::spawn(move || {
            for socket in listener.incoming() {
                if ours.ended.load(Ordering::SeqCst) {
                    return;
                }
                let socket = socket.unwrap();
                // A client that says nothing more holds no test up for long.
                socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
                ours.connections.fetch_add(1, Ordering::SeqCst);
                let (shared, handler) = (Arc::clone(&ours), Arc::clone(&handler));
                thread::spawn(move || {
                    let mut stream = Stream { socket, shared: Arc::clone(&shared), open: true };
                    handler(&mut stream);
                    drop(stream);
                    shared.closed.fetch_add(1, Ordering::SeqCst);
                    shared.changed.1.notify_all();
                });
            }
        });
        Self { url: format!("http://{address}"), address, shared, thread: Some(thread) }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Heads and bodies, in the order in which they came.
    pub(crate) fn requests(&self) -> Vec<Seen> {
        self.shared.requests.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn wait_until_closed(&self) {
        let deadline = Instant::now() + Duration::from_secs(20);
        let (lock, changed) = &self.shared.changed;
        let mut guard = lock.lock().unwrap();
        while self.shared.closed.load(Ordering::SeqCst) < self.connections() {
            assert!(Instant::now() < deadline);
            guard = changed.wait_timeout(guard, Duration::from_millis(10)).unwrap().0;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        self.shared.changed.1.notify_all();
        let _ = TcpStream::connect(self.address);
        self.thread.take().unwrap().join().unwrap();
    }
}

impl Stream {
    pub(crate) fn write(&mut self, bytes: &[u8]) {
        let _ = self.try_write(bytes);
    }

    /// `false`: nobody reads any more.
    pub(crate) fn try_write(&mut self, bytes: &[u8]) -> bool {
        self.open = self.open && self.socket.write_all(bytes).is_ok();
        self.open
    }

    /// Lets the time go by; `true` when the test is over.
    pub(crate) fn wait(&self, time: Duration) -> bool {
        let (lock, changed) = &self.shared.changed;
        let over = |_: &mut ()| !self.shared.ended.load(Ordering::SeqCst);
        let _unused = changed.wait_timeout_while(lock.lock().unwrap(), time, over).unwrap();
        self.shared.ended.load(Ordering::SeqCst)
    }

    pub(crate) fn close(&mut self) {
        self.open = false;
        let _ = self.socket.shutdown(Shutdown::Both);
    }

    /// Closes in the middle of a request: what has come and was not read makes the system send an RST.
    pub(crate) fn reset(&mut self) {
        self.open = false;
        let _ = self.socket.peek(&mut [0]);
    }

    /// The head of the last request.
    pub(crate) fn head(&self) -> String {
        self.shared.requests.lock().unwrap().last().unwrap().0.clone()
    }

    /// The body of the last request. For servers with one client.
    pub(crate) fn body(&self) -> Vec<u8> {
        self.shared.requests.lock().unwrap().last().unwrap().1.clone()
    }

    pub(crate) fn socket(&self) -> &TcpStream {
        &self.socket
    }
}

/// `None` at the end of the connection.
pub(crate) fn read_request(reader: &mut impl Read) -> Option<Seen> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        reader.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-length").then(|| value.parse().unwrap())
    });
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some((head, body))
}
