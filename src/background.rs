//! What the server does beside answering.

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A task that ends when it is asked to, between two of its steps.
pub struct Background {
    /// What it does, for the log.
    does: &'static str,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Background {
    /// Starts the work, which is told when to stop. It belongs to the thread that waits for the server, not to one that answers
    /// requests, since those end with the server.
    pub fn start<Work>(does: &'static str, work: impl FnOnce(oneshot::Receiver<()>) -> Work) -> Self
    where
        Work: Future<Output = ()> + Send + 'static,
    {
        let (stop, stopped) = oneshot::channel();
        Self { does, stop, task: tokio::spawn(work(stopped)) }
    }

    /// Asks it to stop, and waits until it has.
    pub async fn stop(self) {
        let _already_over = self.stop.send(());
        // A panic's message may hold anything; where it was, the hook has logged.
        if self.task.await.is_err() {
            tracing::error!(does = self.does, "a task of the server failed");
        }
    }
}
