//! Starting, being ready, and stopping without losing what was begun.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use actix_web::dev::Server;
use actix_web::{App as Application, HttpResponse, HttpServer, web};
use serde::Serialize;
use tokio::signal::unix::{Signal, SignalKind, signal};

use domain::log::Heads;

use super::streams::Wire;
use super::{App, DemoAccount, explorer, graphql, headers, health, origin, password};

/// How long requests in flight have to end when the server stops.
const FAREWELL_SECONDS: u64 = 30;

/// A server that is bound to its address.
pub struct Listening {
    pub address: SocketAddr,
    pub app: App,
    server: Server,
    stop: [Signal; 2],
}

/// What the ready file says.
#[derive(Serialize)]
pub struct Served<'a> {
    pub url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accounts: Option<&'a [DemoAccount]>,
}

/// Binds the address. Requests are answered from [`Listening::run`] on.
pub fn listen(app: App, address: SocketAddr) -> io::Result<Listening> {
    // From here on: whoever reads in the ready file that the server is there may ask it to stop at once.
    let stop = [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?];
    let shared = web::Data::new(app.clone());
    let origins = Arc::clone(&app.origins);
    let server = HttpServer::new(move || {
        domain::become_worker();
        Application::new()
            .app_data(shared.clone())
            .app_data(web::Data::new(Heads::default()))
            .service(web::resource("/graphql").to(graphql::endpoint))
            .service(health::live)
            .service(health::ready)
            .service(explorer::page)
            .service(explorer::asset)
            .service(password::page)
            .service(password::asset)
            .route("/favicon.ico", web::get().to(async || HttpResponse::NoContent().finish()))
            .wrap(origin::cors(&origins))
            .wrap(headers::of_every_answer())
    })
    .on_connect(|connection, kept| {
        if let Some(wire) = Wire::of(connection) {
            kept.insert(wire);
        }
    })
    .client_request_timeout(app.limits.header_patience)
    .shutdown_timeout(FAREWELL_SECONDS)
    .disable_signals()
    .bind(address)?;
    let address = server.addrs().first().copied().unwrap_or(address);
    app.public_url.get_or_init(|| format!("http://{address}"));
    Ok(Listening { address, app, server: server.run(), stop })
}

impl Listening {
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves until the process is asked to stop; then answers what is in flight.
    pub async fn run(self) -> io::Result<()> {
        let [mut interrupt, mut terminate] = self.stop;
        let handle = self.server.handle();
        let App { ready, streams, .. } = self.app;
        actix_web::rt::spawn(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            tracing::info!("stopping");
            ready.store(false, Ordering::Relaxed);
            streams.stop();
            handle.stop(true).await;
        });
        self.server.await
    }
}

/// Writes the file in one step, so that whoever waits for it never reads half of it.
pub fn write_ready_file(path: &Path, served: &Served<'_>) -> io::Result<()> {
    let unfinished = path.with_extension("unfinished");
    fs::write(&unfinished, serde_json::to_vec_pretty(served)?)?;
    fs::rename(&unfinished, path)
}
