//! The secrets that our own tokens are signed with.

use std::fs;
use std::path::Path;

use crate::settings::Serve;
use crate::tokens::SHORTEST_SECRET;

/// Secrets that stand in documentation, or that someone in a hurry would type.
const EXAMPLES: [&str; 3] = ["changeme", "secret", "example"];

/// The one that signs, and another that is believed too, if there is one. None where one of them is at fault.
pub fn read(settings: &Serve, faults: &mut Vec<String>) -> Option<(Vec<u8>, Option<Vec<u8>>)> {
    let mut found = |option: &str, path: &Path| match read_file(path) {
        Ok(secret) => Some(secret),
        Err(fault) => {
            faults.push(format!("{option}: {fault}"));
            None
        }
    };
    let signing = settings.jwt_secret_file.as_deref().map(|path| found("--jwt-secret-file", path));
    let other = settings.jwt_other_secret_file.as_deref().map(|path| found("--jwt-other-secret-file", path));
    let Some(signing) = signing else {
        faults.push("--jwt-secret-file: give the file with the secret that signs access tokens".into());
        return None;
    };
    let other = match other {
        Some(secret) => Some(secret?),
        None => None,
    };
    let signing = signing?;
    if other.as_ref() == Some(&signing) {
        faults.push("--jwt-other-secret-file: this is the same secret as that of --jwt-secret-file".into());
        return None;
    }
    Some((signing, other))
}

fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let secret = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let secret = secret.trim_ascii().to_vec();
    if secret.len() < SHORTEST_SECRET {
        return Err(format!(
            "{} has {} bytes; give at least {SHORTEST_SECRET} random ones",
            path.display(),
            secret.len()
        ));
    }
    let text = String::from_utf8_lossy(&secret).to_lowercase();
    let repeated = secret.iter().all(|byte| secret.first() == Some(byte));
    if repeated || EXAMPLES.iter().any(|example| text.contains(example)) {
        return Err(format!(
            "{} holds an example, not a secret; make one with `openssl rand -hex 32`",
            path.display()
        ));
    }
    Ok(secret)
}
