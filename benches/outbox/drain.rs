//! Sending what waits, to a real receiver on loopback, against a client that does nothing but send; and emitting while the
//! endpoint is in a bad way.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::producers::{self, Figures, produce};
use super::{Outcome, auditor};

/// Events that wait; fewer by AUDITBOX_BENCH_EVENTS.
const WAITING: usize = 1_000_000;
/// Events that the bare client sends.
const BARE: usize = 200_000;
/// Records of a request, as the worker has it by default.
const BATCH: usize = 500;

/// `auditbox receiver` in a process of its own.
struct Receiver {
    child: Child,
    address: String,
}

impl Receiver {
    fn start(store: &Path, more: &[&str]) -> Outcome<Self> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_start"));
        command.args(["receiver", "--listen", "127.0.0.1:0", "--store"]).arg(store).args(more);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
        let address = line.trim().rsplit("http://").next().unwrap_or_default().to_owned();
        Ok(Self { child, address })
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The whole of what waits, and the same receiver under a bare client.
pub(crate) fn drain(scratch: &Path) -> Outcome<()> {
    let waiting = std::env::var("AUDITBOX_BENCH_EVENTS").ok().and_then(|events| events.parse().ok()).unwrap_or(WAITING);
    let path = scratch.join("outbox.db");
    let batch = format!("{}\n", producers::event("write")).repeat(1_000);
    let filled = Instant::now();
    let full = auditor(&path, "{}")?;
    for _ in 0..waiting / 1_000 {
        full.emit_batch(&batch);
    }
    drop(full);
    println!("{waiting} events stored in {:.1?}", filled.elapsed());

    let bodies = bodies(&path)?;
    let receiver = Receiver::start(&scratch.join("bare.db"), &[])?;
    let start = Instant::now();
    let mut stream = BufReader::new(TcpStream::connect(&receiver.address)?);
    for (number, body) in bodies.iter().enumerate() {
        post(&mut stream, number, body)?;
    }
    let bare = BARE.min(waiting) as f64 / start.elapsed().as_secs_f64();
    println!("bare client: {bare:.0} events/s");
    drop(receiver);

    let receiver = Receiver::start(&scratch.join("drained.db"), &[])?;
    let start = Instant::now();
    let done = Command::new(env!("CARGO_BIN_EXE_start"))
        .args(["sync", "--quiet", "--drain", "600s", "--endpoint", &format!("http://{}", receiver.address), "--outbox"])
        .arg(&path)
        .env("AUDITBOX_API_KEY", "a-key-for-loopback")
        .status()?;
    let took = start.elapsed();
    let rate = waiting as f64 / took.as_secs_f64();
    println!(
        "drain: {rate:.0} events/s, {:.0} % of the bare client (wanted: 70), {took:.1?} ({done}; wanted: 60 s for 1,000,000)",
        rate / bare * 100.0
    );
    Ok(())
}

/// Requests as the worker would make them.
fn bodies(path: &Path) -> Outcome<Vec<Vec<u8>>> {
    let connection = rusqlite::Connection::open(path)?;
    let mut select = connection.prepare("SELECT payload FROM audit_queue ORDER BY id LIMIT ?1")?;
    let records = select.query_map([BARE as i64], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    let gzip = |batch: &[String]| {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        write!(gzip, "{{\"events\":[{}]}}", batch.join(","))?;
        gzip.finish()
    };
    Ok(records.chunks(BATCH).map(gzip).collect::<Result<_, _>>()?)
}

fn post(stream: &mut BufReader<TcpStream>, number: usize, body: &[u8]) -> Outcome<()> {
    let head = format!(
        "POST /v1/events HTTP/1.1\r\nHost: loopback\r\nAuthorization: Bearer a\r\nContent-Type: application/json\r\n\
         Content-Encoding: gzip\r\nIdempotency-Key: {number}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.get_mut().write_all(&[head.as_bytes(), body].concat())?;
    let (mut length, mut line) = (0, String::new());
    stream.read_line(&mut line)?;
    assert!(line.contains(" 200 "), "{line}");
    while line != "\r\n" {
        if let Some((name, value)) =
            line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        {
            let _ = name;
            length = value.trim().parse()?;
        }
        line.clear();
        stream.read_line(&mut line)?;
    }
    stream.read_exact(&mut vec![0; length])?;
    Ok(())
}

/// Emitting while nothing can be sent, against emitting without a worker. In turns, and the middle of the ratios.
pub(crate) fn endpoints(scratch: &Path) -> Outcome<()> {
    const ROUNDS: usize = 7;
    println!("{}", Figures::heading("emit with 16 producers, commit, endpoint"));
    let refusing = Receiver::start(&scratch.join("refusing.db"), &["--refuse", "503"])?;
    let slow = slow_loris()?;
    // Nobody listens there any more.
    let dead = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
    let event = producers::event("write");
    for (name, address) in [("dead", &dead), ("slow-loris", &slow), ("always 503", &refusing.address)] {
        let mut ratios = Vec::new();
        for round in 0..ROUNDS {
            let with = format!(r#"{{"sync":{{"endpoint":"http://{address}"}}}}"#);
            let run = |file: String, more: &str| -> Outcome<Figures> {
                let auditor = auditor(&scratch.join(file), more)?;
                Ok(produce(16, 20_000, |_| drop(auditor.emit(&event).expect("it is stored"))))
            };
            let without = run(format!("without-{name}{round}.db"), "{}")?;
            let with = run(format!("with-{name}{round}.db"), &with)?;
            if round + 1 == ROUNDS {
                println!("{}\n{}", without.line("no sync", None), with.line(name, Some(&without)));
            }
            ratios.push(with.rate() / without.rate());
        }
        ratios.sort_by(f64::total_cmp);
        println!("{name}: {:.0} % of no sync, the middle of {ROUNDS} (wanted: 95)", ratios[ROUNDS / 2] * 100.0);
    }
    Ok(())
}

/// Takes connections, and answers a byte a second; it ends with the process.
fn slow_loris() -> Outcome<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?.to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let mut stream = stream;
                for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".iter().cycle() {
                    std::thread::sleep(Duration::from_secs(1));
                    if stream.write_all(&[*byte]).is_err() {
                        return;
                    }
                }
            });
        }
    });
    Ok(address)
}
