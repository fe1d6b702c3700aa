//! What a real nginx writes: odd programs, odd paths, odd users, rotated and packed.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rechtzeitig::domain::identifier::SearchKey;

use super::super::conformance::email;
use super::{House, garbled, gz, ip, of, said};
use crate::support::{leave_out, program};

const SAYS: &str = "[[logs]]\nname = \"nginx\"\npath = \"access.log*\"\ndays = 14\n";

/// A server of this test alone, gone with it.
struct Nginx {
    port: u16,
    process: Child,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Nginx {
    fn start(house: &House) -> Option<Nginx> {
        let usual = std::path::PathBuf::from("/usr/sbin/nginx");
        let Some(nginx) = program("nginx").or_else(|| usual.is_file().then_some(usual)) else {
            leave_out("nginx");
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let root = house.root.path().display();
        let temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|it| format!("{it}_temp_path {root}/temp-{it};"));
        house.put("nginx.conf", format!(
            "daemon off; master_process off; pid {root}/nginx.pid; error_log {root}/error.log; events {{}}\n\
             http {{ {} access_log {root}/access.log combined;\n\
             server {{ listen 127.0.0.1:{port}; listen [::1]:{port}; location / {{ return 204; }} }} }}\n", temp.concat()));
        let mut process = Command::new(nginx)
            .args([
                "-e",
                &format!("{root}/error.log"),
                "-p",
                &format!("{root}"),
                "-c",
                &format!("{root}/nginx.conf"),
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "nginx did not start"
            );
            assert!(
                process.try_wait().unwrap().is_none(),
                "nginx ended: {}",
                std::fs::read_to_string(house.path("error.log")).unwrap_or_default()
            );
            std::thread::yield_now();
        }
        Some(Nginx { port, process })
    }

    /// Sends bytes as they are, and waits for the end of the answer: the line is written then.
    fn hears(&self, request: impl AsRef<[u8]>) {
        self.hears_from("127.0.0.1", request);
    }

    fn hears_from(&self, address: &str, request: impl AsRef<[u8]>) {
        let mut line = TcpStream::connect((address, self.port)).unwrap();
        line.write_all(request.as_ref()).unwrap();
        let mut answer = Vec::new();
        let _ = line.read_to_end(&mut answer);
    }

    fn get(&self, target: &str, more: &str) {
        self.hears(format!(
            "GET {target} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n{more}\r\n"
        ));
    }
}

#[tokio::test]
async fn she_is_found_in_the_logs_of_a_real_nginx() {
    let house = House::of(SAYS);
    let Some(nginx) = Nginx::start(&house) else {
        return;
    };
    // anna:x and jörg "b" [c]:x
    nginx.get("/", "Authorization: Basic YW5uYTp4\r\n");
    nginx.get("/", "Authorization: Basic asO2cmcgImIiIFtjXTp4\r\n");
    nginx.get(
        "/off?email=Anna.Beispiel%40Example.org",
        "User-Agent: \"quoted\\\" [22/Nov/2026:10:00:00 +0100] \"GET\r\n",
    );
    nginx.get(
        "/off?email=anna.beispiel@example.org&x=%00%ff",
        "Referer: https://x.example/?e=\"johanna.beispiel@example.org\"\r\n",
    );
    nginx.get("/off?email=johanna.beispiel%40example.org", "");
    nginx.hears(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n");
    nginx.hears("GET /\u{fc}?e=anna.beispiel@example.org HTTP/1.0\r\n\r\n");
    // As logrotate does it: rename, and tell the server; what it writes until then goes to the old file.
    std::fs::rename(house.path("access.log"), house.path("access.log.1")).unwrap();
    nginx.get("/late?e=anna.beispiel@example.org", "");
    let reopened = Command::new("kill")
        .args(["-USR1", &nginx.process.id().to_string()])
        .status()
        .unwrap();
    assert!(reopened.success());
    let begun = Instant::now();
    while !house.path("access.log").exists() {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "nginx did not open its log anew"
        );
        std::thread::yield_now();
    }
    let old = std::fs::read(house.path("access.log.1")).unwrap();
    house.put("access.log.2.gz", gz(&old));
    std::fs::remove_file(house.path("access.log.1")).unwrap();
    nginx.get("/new/anna.beispiel%40example.org", "");
    if TcpStream::connect(("::1", nginx.port)).is_ok() {
        nginx.hears_from(
            "::1",
            "GET /six?e=anna.beispiel@example.org HTTP/1.0\r\n\r\n",
        );
    }

    let (records, search) = house.find(&[email("anna.beispiel@example.org")]).await;
    let mut requests: Vec<_> = records
        .iter()
        .map(|it| {
            said(it, "request")
                .split(['?', ' ', '.'])
                .nth(1)
                .unwrap_or_default()
        })
        .collect();
    requests.sort_unstable();
    requests.dedup();
    let wanted = ["/late", "/new/anna", "/off", "/six", "/\u{fc}"];
    assert!(
        wanted
            .iter()
            .filter(|it| **it != "/six")
            .all(|it| requests.contains(it)),
        "{requests:?}"
    );
    assert!(
        requests.iter().all(|it| wanted.contains(it)),
        "{requests:?}"
    );
    assert_eq!(
        records
            .iter()
            .filter(|it| said(it, "request").starts_with("GET /off"))
            .count(),
        2
    );
    assert!(
        records
            .iter()
            .any(|it| said(it, "http_user_agent")
                == "\"quoted\\\" [22/Nov/2026:10:00:00 +0100] \"GET")
    );
    assert_eq!(garbled(&search), 0, "a line of nginx was not understood");

    let users = async |user| house.find(&[of(SearchKey::Handle, user)]).await.0.len();
    assert_eq!(
        (
            users("anna").await,
            users("jörg \"b\" [c]").await,
            users("jörg").await
        ),
        (1, 1, 0)
    );

    let day = records[0].at.unwrap();
    let (from, to) = (
        day - chrono::Duration::hours(1),
        day + chrono::Duration::hours(1),
    );
    let all = house
        .find(&[ip("127.0.0.1", &from.to_rfc3339(), &to.to_rfc3339())])
        .await
        .0
        .len();
    // Every call but those over IPv6, and those with which we looked whether it is there: they said nothing.
    assert!((9..=10).contains(&all), "{all}");
    assert_eq!(
        house
            .find(&[ip("127.0.0.1", &to.to_rfc3339(), &to.to_rfc3339())])
            .await
            .0
            .len(),
        0
    );
}
