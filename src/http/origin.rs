//! Pages of other origins, whose scripts a browser lets read answers only where this server says so.

use std::str::FromStr;

use actix_cors::Cors;
use actix_web::http::header::{self, HeaderMap};
use actix_web::http::{Method, Uri};

/// How long a browser may remember that it may ask, in seconds.
const REMEMBERED: usize = 600;

/// Where a page is from, exactly as browsers say it: `https://example.dk`, with the port where it is not the usual one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

impl FromStr for Origin {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted =
            "give scheme, host and port as browsers do, like https://example.dk or http://localhost:3000";
        let (scheme, host) = text.split_once("://").ok_or(wanted)?;
        let usual = match scheme {
            "http" => 80,
            "https" => 443,
            _ => return Err(wanted),
        };
        let uri: Uri = text.parse().map_err(|_unreadable| wanted)?;
        let authority = uri.authority().filter(|authority| authority.as_str() == host).ok_or(wanted)?;
        let plain = !host.contains(['@', '*']) && !host.chars().any(|c| c.is_ascii_uppercase());
        if !plain || authority.host().is_empty() {
            return Err(wanted);
        }
        if authority.port_u16() == Some(usual) {
            return Err("leave out the port, as browsers do where it is the scheme's usual one");
        }
        Ok(Self(text.to_owned()))
    }
}

/// Tells browsers which pages may read answers: those of the list and no other. Nothing is permitted with cookies, of which
/// there are none: a page must have a token to begin with.
pub fn cors(listed: &[Origin]) -> Cors {
    let cors = Cors::default()
        .allowed_methods([Method::GET, Method::POST])
        .allowed_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::ACCEPT_LANGUAGE])
        .expose_headers([header::HeaderName::from_static("x-request-id")])
        .max_age(REMEMBERED);
    listed.iter().fold(cors, |cors, Origin(origin)| cors.allowed_origin(origin))
}

/// Whether a page asks that is neither of this host nor of the list. Browsers tell where a page is from; others need not.
pub fn is_foreign(headers: &HeaderMap, listed: &[Origin]) -> bool {
    let mut origins = headers.get_all(header::ORIGIN);
    let Some(origin) = origins.next() else {
        return false;
    };
    let origin = origin.to_str().unwrap_or_default();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let known = is_of(origin, host) || listed.iter().any(|Origin(listed)| listed == origin);
    !known || origins.next().is_some()
}

fn is_of(origin: &str, host: &str) -> bool {
    let Some((scheme, origin)) = origin.split_once("://") else { return false };
    let port = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => return false,
    };
    // The port that goes without saying may be said.
    let bare = |host: &str| host.strip_suffix(port).unwrap_or(host).to_ascii_lowercase();
    bare(origin) == bare(host)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HOST, ORIGIN};
    use actix_web::test::TestRequest;

    use super::{Origin, is_foreign};

    #[test]
    fn an_origin_is_foreign_where_it_is_neither_ours_nor_listed() {
        let listed: [Origin; 1] = ["https://pages.example.dk".parse().expect("an origin")];
        let foreign = |origin: &str, host: &str| {
            let request = TestRequest::default().insert_header((ORIGIN, origin)).insert_header((HOST, host));
            is_foreign(request.to_srv_request().headers(), &listed)
        };
        for (origin, host) in [
            ("http://example.dk", "example.dk"),
            ("https://Example.dk", "example.dk:443"),
            ("https://example.dk:443", "example.dk"),
            ("http://127.0.0.1:8080", "127.0.0.1:8080"),
            ("https://pages.example.dk", "example.dk"),
        ] {
            assert!(!foreign(origin, host), "{origin} {host}");
        }
        for (origin, host) in [
            ("http://example.com", "example.dk"),
            ("http://example.dk:8080", "example.dk"),
            ("http://example.dk", "example.dk:443"),
            ("https://example.dk.evil.com", "example.dk"),
            ("http://pages.example.dk", "example.dk"),
            ("https://pages.example.dk:444", "example.dk"),
            ("https://pages.example.dk.evil.com", "example.dk"),
            ("null", "example.dk"),
            ("file://example.dk", "example.dk"),
            ("", ""),
        ] {
            assert!(foreign(origin, host), "{origin} {host}");
        }
    }

    #[test]
    fn a_list_holds_origins_as_browsers_say_them() {
        for origin in
            ["https://example.dk", "http://localhost:3000", "https://example.dk:8443", "http://[::1]:3000"]
        {
            assert!(origin.parse::<Origin>().is_ok(), "{origin}");
        }
        for wrong in [
            "*",
            "null",
            "example.dk",
            "https://",
            "https://*.example.dk",
            "https://example.dk/",
            "https://example.dk/page",
            "https://Example.dk",
            "https://example.dk:443",
            "http://example.dk:80",
            "https://me@example.dk",
            "https://example.dk?x",
            "ftp://example.dk",
            "",
        ] {
            assert!(wrong.parse::<Origin>().is_err(), "{wrong}");
        }
    }
}
