//! The key that checkpoints are signed with: Ed25519, in the text form of signed notes (C2SP).

use ed25519_dalek::SigningKey;
use signed_note::{Note, StandardSigner, StandardVerifier, VerifierList, new_ed25519_verifier_key};
use tlog_tiles::Checkpoint as Text;

use crate::context::Environment;
use crate::error::{Error, Result};

/// The algorithm's number in keys of signed notes.
const ED25519: u8 = 1;

/// A text that is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a key of a signed note: its name has no spaces and no plus, and a hash and the key in base64 follow it"
)]
pub struct InvalidKey;

/// What signs checkpoints. Its name is the origin that they name.
pub struct Key {
    signer: StandardSigner,
    public: PublicKey,
}

/// What tells whether a checkpoint was signed with a [`Key`].
#[derive(Clone)]
pub struct PublicKey {
    text: String,
    verifier: StandardVerifier,
}

impl Key {
    /// The text of a new key, for a file that nobody else reads.
    pub fn generate(environment: &dyn Environment, name: &str) -> Result<String> {
        let mut seed = [0; 32];
        environment.fill_random(&mut seed)?;
        let public = new_ed25519_verifier_key(name, &SigningKey::from_bytes(&seed).verifying_key());
        let hash = public.split('+').nth(1).unwrap_or_default();
        let key: Vec<u8> = [ED25519].into_iter().chain(seed).collect();
        Ok(format!("PRIVATE+KEY+{name}+{hash}+{}\n", data_encoding::BASE64.encode(&key)))
    }

    pub fn read(text: &str) -> Result<Self, InvalidKey> {
        let text = text.trim();
        let signer = StandardSigner::new(text).map_err(|_malformed| InvalidKey)?;
        // The key in base64 may have a plus in it.
        let mut parts = text.splitn(5, '+').skip(2);
        let (name, _hash, key) = (parts.next(), parts.next(), parts.next().ok_or(InvalidKey)?);
        let key = data_encoding::BASE64.decode(key.as_bytes()).map_err(|_malformed| InvalidKey)?;
        let seed = key.get(1..).and_then(|seed| seed.try_into().ok()).ok_or(InvalidKey)?;
        let public =
            new_ed25519_verifier_key(name.ok_or(InvalidKey)?, &SigningKey::from_bytes(seed).verifying_key());
        Ok(Self { signer, public: PublicKey::read(&public)? })
    }

    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The signed note of a checkpoint.
    pub(super) fn sign(&self, size: u64, root: [u8; 32]) -> Result<String> {
        let text =
            Text::new(self.public.name(), size, tlog_tiles::Hash(root), "").map_err(Error::internal)?;
        let mut note = Note::new(&text.to_bytes(), &[]).map_err(Error::internal)?;
        note.add_sigs(&[&self.signer]).map_err(Error::internal)?;
        String::from_utf8(note.to_bytes()).map_err(Error::internal)
    }
}

impl PublicKey {
    pub fn read(text: &str) -> Result<Self, InvalidKey> {
        let text = text.trim().to_owned();
        let verifier = StandardVerifier::new(&text).map_err(|_malformed| InvalidKey)?;
        Ok(Self { text, verifier })
    }

    pub fn name(&self) -> &str {
        self.text.split('+').next().unwrap_or_default()
    }

    /// The key as auditors keep it: name, hash and key, with a plus between them.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the note carries a signature of this key.
    pub(super) fn signed(&self, note: &str) -> bool {
        let known = VerifierList::new(vec![Box::new(self.verifier.clone())]);
        Note::from_bytes(note.as_bytes()).is_ok_and(|note| note.verify(&known).is_ok())
    }
}
