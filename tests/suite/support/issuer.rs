//! An identity provider of the test's own: it has keys, publishes them over HTTP, signs tokens, and can fail.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::client::Client;
use super::database::Database;
use super::server::Server;

pub const AUDIENCE: &str = "virkning-api";

/// A key that signs tokens.
#[derive(Clone)]
pub struct SigningKey {
    pub id: String,
    kind: Kind,
}

#[derive(Clone)]
enum Kind {
    Rsa(Arc<RsaKeyPair>),
    Ec(Arc<EcdsaKeyPair>),
    Ed(Arc<Ed25519KeyPair>),
}

impl SigningKey {
    /// Making one takes a while, so there is one for all tests.
    pub fn rsa(id: &str) -> Self {
        static PAIR: OnceLock<Arc<RsaKeyPair>> = OnceLock::new();
        let pair = PAIR.get_or_init(|| Arc::new(RsaKeyPair::generate(KeySize::Rsa2048).expect("a key")));
        Self { id: id.to_owned(), kind: Kind::Rsa(Arc::clone(pair)) }
    }

    pub fn ec(id: &str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
        Self { id: id.to_owned(), kind: Kind::Ec(Arc::new(pair)) }
    }

    pub fn ed(id: &str) -> Self {
        Self { id: id.to_owned(), kind: Kind::Ed(Arc::new(Ed25519KeyPair::generate().expect("a key"))) }
    }

    /// The same key under another name.
    pub fn called(&self, id: &str) -> Self {
        Self { id: id.to_owned(), kind: self.kind.clone() }
    }

    /// The algorithm that it signs by unless told otherwise.
    pub fn algorithm(&self) -> &'static str {
        match self.kind {
            Kind::Rsa(_) => "RS256",
            Kind::Ec(_) => "ES256",
            Kind::Ed(_) => "EdDSA",
        }
    }

    /// What everyone may know of it, as bytes that someone might take for a secret.
    pub fn public(&self) -> Vec<u8> {
        match &self.kind {
            Kind::Rsa(pair) => pair.public_key().as_ref().to_vec(),
            Kind::Ec(pair) => pair.public_key().as_ref().to_vec(),
            Kind::Ed(pair) => pair.public_key().as_ref().to_vec(),
        }
    }

    pub fn published(&self) -> Value {
        let text = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
        let id = &self.id;
        match &self.kind {
            Kind::Rsa(pair) => {
                let key = pair.public_key();
                let n = text(key.modulus().big_endian_without_leading_zero());
                let e = text(key.exponent().big_endian_without_leading_zero());
                json!({ "kty": "RSA", "kid": id, "use": "sig", "n": n, "e": e })
            }
            Kind::Ec(_) => {
                let point = self.public();
                let (x, y) = (text(&point[1..33]), text(&point[33..]));
                json!({ "kty": "EC", "kid": id, "use": "sig", "alg": "ES256", "crv": "P-256", "x": x, "y": y })
            }
            Kind::Ed(_) => {
                json!({ "kty": "OKP", "kid": id, "alg": "EdDSA", "crv": "Ed25519", "x": text(&self.public()) })
            }
        }
    }

    /// A token that names this key.
    pub fn token(&self, algorithm: &str, claims: &Value) -> String {
        let header = json!({ "alg": algorithm, "kid": self.id, "typ": "JWT" });
        compact(&header, &claims.to_string(), |message| self.sign(algorithm, message))
    }

    pub fn sign(&self, algorithm: &str, message: &[u8]) -> Vec<u8> {
        match &self.kind {
            Kind::Rsa(pair) => {
                let padding = if algorithm == "PS256" { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(padding, &SystemRandom::new(), message, &mut signature).expect("a signature");
                signature
            }
            Kind::Ec(pair) => {
                pair.sign(&SystemRandom::new(), message).expect("a signature").as_ref().to_vec()
            }
            Kind::Ed(pair) => pair.sign(message).as_ref().to_vec(),
        }
    }
}

/// A token of this header, these claims and whatever signs them.
pub fn compact(header: &Value, claims: &str, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let encoded = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
    let signed = format!("{}.{}", encoded(&header.to_string()), encoded(claims));
    format!("{signed}.{}", BASE64URL_NOPAD.encode(&sign(signed.as_bytes())))
}

/// Seconds since 1970.
#[expect(clippy::disallowed_methods, reason = "an identity provider has a clock of its own")]
pub fn now() -> i64 {
    time::OffsetDateTime::now_utc().unix_timestamp()
}

/// How the provider answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mood {
    Well,
    /// Connections are closed without a word.
    Down,
    /// What comes is this status, with these headers and this body.
    Odd(&'static str, String, String),
    /// The discovery document has this instead.
    Discovery(Value),
}

struct State {
    url: String,
    keys: Mutex<Vec<Value>>,
    mood: Mutex<Mood>,
    fetches: AtomicU64,
    over: AtomicBool,
}

pub struct Issuer {
    state: Arc<State>,
    pub key: SigningKey,
}

impl Issuer {
    /// One that publishes this key and answers well.
    pub fn start(key: SigningKey) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/realms/kommune", listener.local_addr().expect("an address"));
        let state = Arc::new(State {
            url,
            keys: Mutex::new(vec![key.published()]),
            mood: Mutex::new(Mood::Well),
            fetches: AtomicU64::new(0),
            over: AtomicBool::new(false),
        });
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for connection in listener.incoming() {
                if shared.over.load(Ordering::Relaxed) {
                    return;
                }
                // Whoever hangs up has its answer.
                let _hung_up = connection.and_then(|connection| shared.answer(connection));
            }
        });
        Self { state, key }
    }

    pub fn url(&self) -> &str {
        &self.state.url
    }

    pub fn be(&self, mood: Mood) {
        *self.state.mood.lock().expect("a mood") = mood;
    }

    pub fn publish(&self, keys: Vec<Value>) {
        *self.state.keys.lock().expect("keys") = keys;
    }

    /// How often its keys were asked for.
    pub fn fetches(&self) -> u64 {
        self.state.fetches.load(Ordering::Relaxed)
    }

    /// What a good token of someone says. No two are the same.
    pub fn claims(&self, subject: &str) -> Value {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let issued = now();
        json!({
            "iss": self.url(), "aud": AUDIENCE, "sub": subject, "iat": issued, "exp": issued + 300, "jti": number,
        })
    }

    pub fn sign(&self, claims: &Value) -> String {
        self.key.token(self.key.algorithm(), claims)
    }

    /// A good token of someone, with some more claims.
    pub fn token(&self, subject: &str, more: &Value) -> String {
        let mut claims = self.claims(subject);
        for (name, value) in more.as_object().expect("claims") {
            claims[name] = value.clone();
        }
        self.sign(&claims)
    }

    /// Serves a database to those whom it vouches for.
    pub fn serve(&self, database: Database, options: &[&str]) -> Server {
        let mut all = vec!["--oidc-issuer", self.url(), "--oidc-audience", AUDIENCE, "--explorer"];
        all.extend(options);
        Server::serve(database, &all)
    }

    /// A client of the server with a good token of someone.
    pub fn client(&self, server: &Server, subject: &str, more: &Value) -> Client {
        with_token(server, &self.token(subject, more))
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.state.over.store(true, Ordering::Relaxed);
        let address = self.state.url.split('/').nth(2).expect("an address");
        let _wakes_the_thread = TcpStream::connect(address);
    }
}

pub fn with_token(server: &Server, token: &str) -> Client {
    let mut client = server.stranger();
    client.token = Some(token.to_owned());
    client
}

impl State {
    fn answer(&self, mut connection: TcpStream) -> std::io::Result<()> {
        connection.set_read_timeout(Some(Duration::from_secs(5)))?;
        let mut lines = BufReader::new(connection.try_clone()?).lines();
        let first = lines.next().transpose()?.unwrap_or_default();
        for line in lines {
            if line?.is_empty() {
                break;
            }
        }
        let path = first.split(' ').nth(1).unwrap_or_default();
        let is_keys = path.ends_with("/certs");
        if is_keys {
            self.fetches.fetch_add(1, Ordering::Relaxed);
        }
        let mood = self.mood.lock().expect("a mood").clone();
        let well = if is_keys {
            json!({ "keys": *self.keys.lock().expect("keys") })
        } else {
            json!({ "issuer": self.url, "jwks_uri": format!("{}/certs", self.url) })
        };
        let (status, headers, body) = match mood {
            Mood::Down => return Ok(()),
            Mood::Odd(status, headers, body) => (status, headers, body),
            Mood::Discovery(document) if !is_keys => ("200 OK", String::new(), document.to_string()),
            Mood::Well | Mood::Discovery(_) => ("200 OK", String::new(), well.to_string()),
        };
        let length = body.len();
        write!(
            connection,
            "HTTP/1.1 {status}\r\n{headers}content-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        )
    }
}
